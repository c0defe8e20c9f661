import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import { lintFile } from '../../../src/core/dataset/lint';
import type { LintFinding } from '../../../src/core/dataset/lint';
import { readLabels, readMetadata, readReports } from '../../../src/core/dataset/tables';
import { UserError } from '../../../src/core/errors';
import { Random } from '../../../src/core/random';
import { isJson, lintText, questionLine, temporaryFolder } from './fixtures';
import { mutated } from './mutations';

const inMemory = 6000;
const onDisk = 1000;
const tables = 2500;
const builds = 500;

const notJson = new Set(['json-syntax', 'trailing-comma', 'line-cut']);

/** Lines of a file, found byte by byte, apart from everything that the product does. */
function linesOfBytes(bytes: Buffer): string[] {
  const lines: Buffer[] = [];
  let start = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === 0x0a || bytes[at] === 0x0d) {
      lines.push(bytes.subarray(start, at));
      at += bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 1 : 0;
      start = at + 1;
    }
  }
  // `toString` keeps a byte order mark, as the product must: only the first of a file is none of the text.
  return [...lines, bytes.subarray(start)].map((line) => line.toString('utf8'));
}

function checkLineNumbers(
  findings: readonly LintFinding[],
  lines: readonly string[],
  how: string,
): void {
  const bad = lines.flatMap((line, index) => (line.trim() === '' || isJson(line) ? [] : [index]));
  const found = findings.filter(({ rule }) => notJson.has(rule)).map(({ line }) => line);
  assert.deepEqual(found, bad, how);
  for (const { line, range } of findings) {
    assert.ok(range.start.line === line && range.end.line === line, how);
    assert.ok(range.start.character <= range.end.character, how);
    assert.ok(range.end.character <= lines[line].length, how);
  }
}

const question = (index: number): string =>
  questionLine({
    id: `q${index}`,
    image_path: `train_${index}_a_1.nii.gz`,
    options: [
      {
        text: `Nodule of ${index} mm, Akciğer üst lob 肺.`,
        label: 1,
        source: `train_${index}_a_1`,
      },
      { text: 'Clear "lungs" \\ both.', label: 0, ref: 'train_9_a_1' },
      { ref: 'train_8_a_1', label: 0, kind: 'hard' },
    ],
    mode: 'full_report',
    metadata: { age: 30 + index, sex: 'F', spacing_mm: [0.7, 0.7, 1] },
  });
const questionFile = Buffer.from(`${[1, 2, 3, 4].map(question).join('\n')}\n`);

describe('10,000 damaged files', () => {
  const folder = temporaryFolder();

  it('questions in the editor are checked without a crash, on the right lines', () => {
    const random = Random.fromSeed(1, 'documents');
    for (let round = 0; round < inMemory; round++) {
      const { bytes, how } = mutated(questionFile, random);
      const findings = lintText(bytes.toString('utf8'), {
        datasetPath: '/data/a.mcqa.jsonl',
        fileExists: () => true,
      });
      checkLineNumbers(findings, linesOfBytes(bytes), `round ${round}: ${how}`);
    }
  });

  it('questions on disk are too, or their encoding is named', async () => {
    const random = Random.fromSeed(1, 'files');
    const path = join(folder.path, 'a.mcqa.jsonl');
    let foreign = 0;
    for (let round = 0; round < onDisk; round++) {
      const { bytes, how } = mutated(questionFile, random);
      writeFileSync(path, bytes);
      const findings = await lintFile(path);
      if (findings.some(({ rule }) => rule === 'foreign-encoding')) {
        assert.match(how, /UTF-16|NUL|any bytes/, `round ${round}`);
        foreign++;
      } else {
        checkLineNumbers(findings, linesOfBytes(bytes), `round ${round}: ${how}`);
      }
    }
    assert.ok(foreign > onDisk / 50 && foreign < onDisk / 2);
  });

  const reports = Buffer.from(
    [
      'VolumeName,Findings_EN,Impressions_EN,PatientAge,Nodule',
      ...[1, 2, 3, 4, 5, 6].map(
        (patient) =>
          `train_${patient}_a_1.nii.gz,"Finding ${patient}, ""quoted"".\nMore ü.",Impression ${patient},0${patient}0Y,${patient % 2}`,
      ),
      '',
    ].join('\n'),
  );

  it('tables give rows or a UserError', async () => {
    const random = Random.fromSeed(1, 'tables');
    const path = join(folder.path, 'r.csv');
    const readers = [readReports, readLabels, readMetadata];
    let read = 0;
    for (let round = 0; round < tables; round++) {
      const { bytes, how } = mutated(reports, random);
      writeFileSync(path, bytes);
      await readers[round % readers.length](path).then(
        () => read++,
        (error: unknown) => {
          assert.ok(error instanceof UserError, `round ${round}: ${how}: ${String(error)}`);
        },
      );
    }
    assert.ok(read > tables / 10);
  });

  it('the builder writes whole files or none', async () => {
    const random = Random.fromSeed(1, 'builder');
    const table = join(folder.path, 'r.csv');
    const out = join(folder.path, 'out.mcqa.jsonl');
    let built = 0;
    for (let round = 0; round < builds; round++) {
      const { bytes, how } = mutated(reports, random);
      writeFileSync(table, bytes);
      const images = join(folder.path, 'none');
      const message = `round ${round}: ${how}`;
      const result = await buildDataset({ reports: table, images, out, options: 2 }).catch(
        (error: unknown) => {
          assert.ok(error instanceof UserError, `${message}: ${String(error)}`);
          return undefined;
        },
      );
      const written = readdirSync(folder.path).filter((name) => name !== 'r.csv');
      if (result === undefined) {
        assert.deepEqual(written, [], message);
        continue;
      }
      built++;
      assert.deepEqual(written.sort(), ['out.mcqa.json', 'out.mcqa.jsonl'], message);
      const text = readFileSync(out, 'utf8');
      assert.ok(text.endsWith('\n'), message);
      const lines = text.trimEnd().split('\n');
      assert.equal(lines.length, result.questions, message);
      assert.ok(lines.every(isJson), message);
      written.forEach((name) => {
        rmSync(join(folder.path, name));
      });
    }
    assert.ok(built > builds / 10);
  });
});
