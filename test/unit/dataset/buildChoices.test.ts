import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import type { BuildOptions } from '../../../src/core/dataset/build';
import { lintFile } from '../../../src/core/dataset/lint';
import { readDataset } from '../../../src/core/dataset/readDataset';
import type { DatasetSideFile } from '../../../src/core/dataset/record';
import type { ReportEmbedding } from '../../../src/core/dataset/reportEmbedding';
import { sideFilePath } from '../../../src/core/dataset/sideFile';
import { parseVolumeName } from '../../../src/core/dataset/volumeName';
import { temporaryFolder } from './fixtures';

/** A twelfth of the way round for each number. */
function onClock(number: number): Float32Array {
  const angle = (2 * Math.PI * number) / 12;
  return Float32Array.of(3 * Math.cos(angle), 3 * Math.sin(angle));
}

describe('the choices of a build', () => {
  const folder = temporaryFolder();

  /** Twelve patients of each of CT-RATE's splits, with two findings each in turn. */
  async function built(choices: Partial<BuildOptions>, embedding?: ReportEmbedding) {
    const volumes = ['train', 'valid'].flatMap((split) =>
      Array.from({ length: 12 }, (_, index) => `${split}_${index + 1}_a_1`),
    );
    const reports = volumes.map(
      (volume, index) =>
        `${volume},"A ${index + 2} mm nodule is seen on the left. Mild scar ${index}.",`,
    );
    const labels = volumes.map((volume, index) => `${volume},${index % 2},${(index >> 1) % 2}`);
    await folder.write('r.csv', ['VolumeName,Findings_EN,Impressions_EN', ...reports].join('\n'));
    await folder.write('l.csv', ['VolumeName,Nodule,Mass', ...labels].join('\n'));
    const options = {
      reports: join(folder.path, 'r.csv'),
      labels: join(folder.path, 'l.csv'),
      images: join(folder.path, 'images'),
      out: join(folder.path, 'a.mcqa.jsonl'),
      options: 3,
      ...choices,
    };
    const { files } = await buildDataset(options, {}, embedding);
    const sets = await Promise.all(files.map(({ path }) => readDataset(path)));
    return { files, records: sets.map(({ questions }) => questions.map(({ record }) => record)) };
  }

  it('may follow the split that the names of the volumes say', async () => {
    const { files, records } = await built({ split: 'own' });
    assert.deepEqual(
      files.map(({ path }) => basename(path)),
      ['a.train.mcqa.jsonl', 'a.valid.mcqa.jsonl'],
    );
    records.forEach((questions, index) => {
      const sources = questions.flatMap(({ options }) => options.map(({ source }) => source ?? ''));
      const splits = new Set(sources.map((source) => parseVolumeName(source)?.split));
      assert.deepEqual([...splits], [['train', 'valid'][index]]);
    });
  });

  it('may take reports for alike that a run takes for alike, whatever their words', async () => {
    // Of each two patients of the same number in train and valid, whose words have nothing in common.
    const numberOf = (text: string): number => Number(/scar (\d+)/.exec(text)?.[1]) % 12;
    const embedding: ReportEmbedding = {
      modelHash: 'of the weights',
      embed: (texts) =>
        Promise.resolve(new Map([...texts].map((text) => [text, onClock(numberOf(text))]))),
    };
    const choices = { negatives: { hard: 1 }, options: 2, undecidable: 'flag' } as const;
    const { files, records } = await built({ ...choices, embeddings: 'run' }, embedding);
    assert.equal(records[0].length, 24);
    for (const { options } of records[0]) {
      assert.equal(new Set(options.map(({ text }) => numberOf(text ?? ''))).size, 1);
      assert.equal(options.find(({ label }) => label === 0)?.similarity, 1);
    }
    const side = JSON.parse(await readFile(sideFilePath(files[0].path), 'utf8')) as DatasetSideFile;
    assert.deepEqual(side.built?.embeddings, {
      run: relative(folder.path, 'run').replaceAll('\\', '/'),
      model_hash: 'of the weights',
    });
  });

  it('refuses a run that it would not use', async () => {
    await assert.rejects(built({ embeddings: 'run' }), { code: 'build-embeddings-unused' });
  });

  it('may leave the texts in the reports table, where they are found again', async () => {
    const inline = await built({ texts: 'inline', seed: 4 });
    const byReference = await built({ texts: 'ref', seed: 4 });
    const [[first]] = byReference.records;
    assert.ok(first.options.every(({ text, ref }) => text === undefined && ref !== undefined));
    const [path] = byReference.files.map((file) => file.path);
    assert.deepEqual(
      (await lintFile(path)).filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(
      byReference.records[0].map(({ options }) => options.map(({ ref }) => ref)),
      inline.records[0].map(({ options }) => options.map(({ source }) => source)),
    );
  });

  it('keep apart what has equal findings, or mark it', async () => {
    const doubts = ({ records }: Awaited<ReturnType<typeof built>>): (string | undefined)[] =>
      records.flat().flatMap(({ options }) => options.map(({ undecidable }) => undecidable));
    assert.deepEqual(new Set(doubts(await built({ undecidable: 'avoid' }))), new Set([undefined]));
    assert.ok(doubts(await built({ undecidable: 'flag' })).includes('same findings'));
  });

  it('take findings that are not known for no likeness', async () => {
    await folder.write('empty.csv', 'VolumeName,Nodule\ntrain_1_a_1,1\nvalid_9_a_1,0\n');
    const { records } = await built({ labels: join(folder.path, 'empty.csv') });
    assert.equal(records[0].length, 24);
  });

  it('record how each option came about', async () => {
    const { records } = await built({ negatives: { hard: 1, counterfactual: 1 }, texts: 'ref' });
    const options = records.flat().flatMap((record) => record.options);
    const hard = options.filter(({ kind }) => kind === 'hard');
    const changed = options.filter(({ kind }) => kind === 'generated');
    assert.ok(hard.length > 0 && hard.every(({ similarity = -1 }) => similarity >= 0));
    assert.equal(changed.length, 12 * 2);
    assert.ok(changed.every(({ edits, text, ref }) => edits?.length && text && ref === undefined));
  });
});
