import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import { buildDataset } from '../../../src/core/dataset/build';
import { usualTemplate } from '../../../src/core/dataset/metadataPrompt';
import { keywordsOf, labelsOf } from '../../../src/core/dataset/keywords';
import { keywordTerms } from '../../../src/core/dataset/keywordTerms';
import { lintFile } from '../../../src/core/dataset/lint';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { readLabels, readMetadata, readReports } from '../../../src/core/dataset/tables';
import { needShared } from '../../shared';

describe('real reports (CT-RATE)', function () {
  let folder: string;
  let tables: { reports: string; labels: string; metadata: string };

  before(async function () {
    tables = {
      reports: needShared(this, 'data', 'reports', 'ctrate_reports.csv'),
      labels: needShared(this, 'data', 'reports', 'ctrate_labels.csv'),
      metadata: needShared(this, 'data', 'reports', 'ctrate_validation_metadata.csv'),
    };
    folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-reports-'));
  });

  after(async () => {
    if (folder) {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are read whole', async () => {
    const reports = await readReports(tables.reports);
    assert.equal(reports.length, 547);
    assert.equal(reports.filter(({ impression }) => impression === '').length, 142);
    const labels = await readLabels(tables.labels);
    assert.deepEqual([labels.rows.length, labels.names.length], [547, 18]);
    assert.equal(labels.rows.filter(({ positive }) => positive.length === 0).length, 71);
    const metadata = (await readMetadata(tables.metadata)).map((row) => row.metadata);
    assert.equal(metadata.length, 3039);
    assert.equal(metadata.filter(({ age }) => age === undefined).length, 2);
    assert.equal(metadata.filter(({ sex }) => sex === 'M').length, 1776);
    assert.ok(metadata.every(({ spacing_mm }) => spacing_mm !== undefined));
  });

  const questions = { full_report: 547, impression: 405, keywords: 547, mixed: 547 } as const;
  for (const [name, count] of Object.entries(questions)) {
    it(`give ${count} questions that lint clean in mode ${name}`, async () => {
      const out = join(folder, `${name}.mcqa.jsonl`);
      const mode = name as keyof typeof questions;
      const images = join(folder, 'none');
      const options = { ...tables, images, out, mode, metadataPrompt: usualTemplate };
      assert.equal((await buildDataset(options)).questions, count);
      assert.deepEqual(
        (await lintFile(out)).filter(({ severity }) => severity !== 'info').map(({ code }) => code),
        ['MCQ403'],
      );
      assert.equal((await readDataset(out)).questions.length, count);
    });
  }

  it('give keywords that agree with the labels: macro F1 of at least 0.92 over 800 reports', async function () {
    const path = needShared(this, 'data', 'reports', 'ctclip_reports_labels.csv');
    const rows = createReadStream(path).pipe(parse({ bom: true, columns: true }));
    const names = keywordTerms.flatMap(({ label }) => label ?? []);
    const counts = new Map(names.map((name) => [name, { both: 0, either: 0 }]));
    for await (const row of rows as AsyncIterable<Record<string, string>>) {
      assert.ok(keywordsOf(row.report_text).length > 0);
      const found = new Set(labelsOf(row.report_text));
      for (const [name, count] of counts) {
        const [said, labelled] = [found.has(name), row[name] === '1'];
        count.both += Number(said && labelled);
        count.either += Number(said) + Number(labelled);
      }
    }
    const f1 = [...counts.values()].map(({ both, either }) => (2 * both) / either);
    assert.equal(f1.length, 18);
    assert.ok(f1.reduce((sum, each) => sum + each, 0) / f1.length >= 0.92);
  });
});
