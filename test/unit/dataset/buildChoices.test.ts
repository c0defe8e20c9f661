import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import type { BuildOptions } from '../../../src/core/dataset/build';
import { lintFile } from '../../../src/core/dataset/lint';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { parseVolumeName } from '../../../src/core/dataset/volumeName';
import { temporaryFolder } from './fixtures';

describe('the choices of a build', () => {
  const folder = temporaryFolder();

  /** Twelve patients of each of CT-RATE's splits, with two findings each in turn. */
  async function built(choices: Partial<BuildOptions>) {
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
    const { files } = await buildDataset({
      reports: join(folder.path, 'r.csv'),
      labels: join(folder.path, 'l.csv'),
      images: join(folder.path, 'images'),
      out: join(folder.path, 'a.mcqa.jsonl'),
      options: 3,
      ...choices,
    });
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
