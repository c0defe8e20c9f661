import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readLabels, readMetadata, readReports } from '../../../src/core/dataset/tables';
import { CancelledError, UserError } from '../../../src/core/errors';
import { ctRateLabels, metadataColumns } from '../../../src/core/sample/columns';
import { writeSampleCorpus } from '../../../src/core/sample/writeCorpus';
import { readVolume } from '../../../src/core/volume/read';

const size = [16, 32, 32] as const;

describe('sample corpus', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-sample-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Every file under a folder -> its bytes, hexadecimal. */
  async function contents(root: string): Promise<Map<string, string>> {
    const names = (await readdir(root, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const files = await Promise.all(names.map((name) => readFile(name, 'hex')));
    return new Map(names.map((name, n) => [name.slice(root.length), files[n]]));
  }

  it("is laid out and named as CT-RATE's, one table row a volume", async () => {
    const summary = await writeSampleCorpus(folder, { volumes: 12, size, seed: 3 });
    const files = [...(await contents(folder)).keys()].map((name) => name.replaceAll('\\', '/'));
    const volumes = files.filter((name) => name.endsWith('.nii.gz'));
    assert.equal(summary.volumes, 12);
    assert.equal(volumes.length, 12);
    for (const volume of volumes) {
      assert.match(volume, /^\/images\/train\/(train_\d+)\/(\1_[ab])\/\2_[12]\.nii\.gz$/);
    }
    const tables = ['labels.csv', 'metadata.csv', 'reports.csv'];
    assert.deepEqual(
      files.filter((name) => name.endsWith('.csv')).sort(),
      tables.map((name) => `/${name}`),
    );

    const stems = volumes
      .map((name) => name.slice(name.lastIndexOf('/') + 1, -'.nii.gz'.length))
      .sort();
    const reports = await readReports(join(folder, 'reports.csv'));
    const metadata = await readMetadata(join(folder, 'metadata.csv'));
    const labels = await readLabels(join(folder, 'labels.csv'));
    assert.deepEqual([...reports].map((row) => row.volume).sort(), stems);
    assert.deepEqual([...metadata].map((row) => row.volume).sort(), stems);
    assert.deepEqual(labels.rows.map((row) => row.volume).sort(), stems);
    assert.deepEqual([...labels.names], [...ctRateLabels]);
    const header = (await readFile(join(folder, 'metadata.csv'), 'utf8')).split('\n')[0];
    assert.deepEqual(header.split(','), [...metadataColumns]);
    assert.equal(metadataColumns.length, 44);
  });

  it('writes HU in patient orientation, with the spacing its metadata states', async () => {
    await writeSampleCorpus(folder, { volumes: 1, size });
    const path = join(folder, 'images', 'train', 'train_1', 'train_1_a', 'train_1_a_1.nii.gz');
    const { header, voxels } = await readVolume(path);
    const [row] = await readMetadata(join(folder, 'metadata.csv'));
    assert.equal(header.axcodes, 'LPS');
    assert.deepEqual([...header.shape], [32, 32, 16]);
    assert.equal(header.dtype, 'int16');
    assert.deepEqual([header.slope, header.intercept], [1, 0]);
    assert.ok(Math.abs(header.spacingMm[0] - (row.xySpacing?.[0] ?? 0)) < 1e-4);
    assert.ok(Math.abs(header.spacingMm[2] - (row.zSpacing ?? 0)) < 1e-4);
    const width = header.spacingMm[0] * 32;
    assert.ok(width > 280 && width < 480, `field of view ${width} mm`);
    const corner = voxels.subarray(0, 32);
    const air = corner.reduce((sum, value) => sum + value, 0) / corner.length;
    assert.ok(air > -1024 && air < -940, `air at ${air} HU`);
  });

  it('gives the same bytes for the same seed, others for another', async () => {
    const [first, again, other] = ['first', 'again', 'other'].map((name) => join(folder, name));
    await writeSampleCorpus(first, { volumes: 3, size, seed: 7 });
    await writeSampleCorpus(again, { volumes: 3, size, seed: 7 });
    await writeSampleCorpus(other, { volumes: 3, size, seed: 8 });
    assert.deepEqual(await contents(again), await contents(first));
    assert.notDeepEqual(await contents(other), await contents(first));
  });

  it('begins a larger corpus with the smaller one', async () => {
    const [small, large] = [join(folder, 'small'), join(folder, 'large')];
    await writeSampleCorpus(small, { volumes: 4, size });
    await writeSampleCorpus(large, { volumes: 9, size });
    const inLarge = await contents(large);
    for (const [name, bytes] of await contents(small)) {
      if (name.endsWith('.nii.gz')) {
        assert.equal(inLarge.get(name), bytes, name);
      } else {
        assert.ok(inLarge.get(name)?.startsWith(bytes), name);
      }
    }
  });

  it('leaves whole volumes and no table when cancelled', async () => {
    const stop = new AbortController();
    const work = {
      signal: stop.signal,
      onProgress: ({ done }: { done: number }) => {
        if (done === 3) {
          stop.abort();
        }
      },
    };
    await assert.rejects(writeSampleCorpus(folder, { volumes: 8, size }, work), CancelledError);
    const files = await contents(folder);
    assert.ok(files.size > 0 && files.size <= 4, `${files.size} files`);
    for (const [name, bytes] of files) {
      assert.ok(name.endsWith('.nii.gz'), name);
      assert.equal(gunzipSync(Buffer.from(bytes, 'hex')).length, 352 + 2 * 16 * 32 * 32);
    }
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    await writeSampleCorpus(
      folder,
      { volumes: 3, size },
      { onProgress: ({ done }) => seen.push(done) },
    );
    assert.deepEqual(seen, [0, 1, 2, 3]);
  });

  for (const options of [
    { volumes: 0 },
    { volumes: 1.5 },
    { size: [2, 32, 32] },
    { size: [16, 32, 4096] },
    { seed: -1 },
  ] as const) {
    it(`refuses ${JSON.stringify(options)}`, async () => {
      await assert.rejects(
        writeSampleCorpus(folder, options),
        (error) => error instanceof UserError && error.code === 'sample-options',
      );
      assert.deepEqual(await readdir(folder), []);
    });
  }
});
