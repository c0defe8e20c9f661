import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRows, readLabels, readMetadata, readReports } from '../../../src/core/dataset/tables';
import { CancelledError, UserError } from '../../../src/core/errors';
import { Random } from '../../../src/core/random';
import { temporaryFolder } from '../../unit/dataset/fixtures';

/** Tables written by Apache Arrow: see make.py beside them. */
const table = (name: string): string => join(import.meta.dirname, 'parquet', `${name}.parquet`);

describe('Parquet tables of Apache Arrow', () => {
  for (const compression of ['none', 'snappy', 'gzip', 'zstd', 'lz4', 'brotli']) {
    it(`are read row group by row group (${compression})`, async () => {
      const progress: number[] = [];
      const rows = await readReports(table(`reports.${compression}`), {
        onProgress: ({ done }) => progress.push(done),
      });
      assert.deepEqual(
        rows.map(({ volume, findings, impression }) => [volume, findings, impression]),
        [
          ['train_1_a_1', 'Clear lungs.', ''],
          ['train_2_a_1', 'A "quoted", comma and\nline end.', ''],
          ['train_3_a_1', '结节 5 mm', 'Nodule.'],
          ['train_4_a_1', '', 'Effusion.'],
          ['train_5_a_1', '', 'Normal.'],
          ['train_6_a_1', 'x'.repeat(3000), 'Long.'],
          ['train_7_a_1', 'Clear lungs.', 'Normal.'],
        ],
      );
      assert.equal(progress.length, 1 + 3);
      assert.deepEqual(
        progress,
        [...progress].sort((a, b) => a - b),
      );
    });
  }

  it('give numbers, dictionaries and lists as a CSV would', async () => {
    const [first, second] = await readMetadata(table('metadata'));
    assert.deepEqual(first, {
      volume: 'train_1_a_1',
      metadata: { age: 67, sex: 'F', spacing_mm: [0.75, 0.5, 1.5] },
      xySpacing: [0.75, 0.5],
      zSpacing: 1.5,
    });
    assert.equal(second.metadata.age, undefined);
  });

  it('give labels as booleans, whole numbers and fractions', async () => {
    const labels = await readLabels(table('labels'));
    assert.deepEqual(labels.names, ['Lung nodule', 'Emphysema', 'Pleural effusion']);
    assert.deepEqual(labels.rows, [
      { volume: 'train_1_a_1', positive: ['Lung nodule', 'Pleural effusion'], unknown: [] },
      { volume: 'train_2_a_1', positive: ['Emphysema'], unknown: ['Pleural effusion'] },
    ]);
  });

  it('give the rows of some volumes alone', async () => {
    const rows = await findRows(table('reports.zstd'), ['TRAIN_6_a_1.nii.gz', 'train_3_a_1']);
    assert.deepEqual(
      rows.map(({ cell, line }) => [cell('impression'), line]),
      [
        ['Nodule.', undefined],
        ['Long.', undefined],
      ],
    );
    assert.deepEqual(await findRows(table('reports.none'), ['train_8_a_1']), []);
  });

  it('stop when cancelled', async () => {
    const stop = new AbortController();
    const reading = readReports(table('reports.snappy'), {
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    });
    await assert.rejects(reading, CancelledError);
  });
});

describe('damaged Parquet tables', () => {
  const folder = temporaryFolder();

  it('end in rows or in one message, never otherwise', async () => {
    const whole = await readFile(table('reports.zstd'));
    const random = Random.fromSeed(4, 'parquet');
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from(
        whole.subarray(0, round % 3 === 0 ? random.index(whole.length) : undefined),
      );
      for (let flips = random.index(8); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.index(bytes.length)] ^= 1 << random.index(8);
      }
      const path = join(folder.path, `${round}.parquet`);
      await writeFile(path, bytes);
      await readReports(path).catch((error: unknown) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.code, /^table-/);
      });
    }
  });
});
