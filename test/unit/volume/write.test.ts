import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readVolume } from '../../../src/core/volume/read';
import { encodeNifti, writeVolume } from '../../../src/core/volume/write';
import { temporaryFolder } from './temporaryFolder';

describe('writeVolume', () => {
  const folder = temporaryFolder();
  const content = {
    shape: [3, 2, 2] as const,
    spacingMm: [0.75, 0.75, 1.5] as const,
    affine: [
      [-0.75, 0, 0, 12],
      [0, -0.75, 0, -8],
      [0, 0, 1.5, 100],
      [0, 0, 0, 1],
    ],
    voxels: Int16Array.from([-1024, 0, 1, 2, 3, 32767, -32768, 7, 8, 9, 10, 11]),
  };

  it('writes what readVolume reads back, compressed or not', async () => {
    for (const name of ['out.nii', 'new/folder/out.nii.gz']) {
      await writeVolume(folder.path(name), { ...content, slope: 2, intercept: -1024 });
      const { header, voxels } = await readVolume(folder.path(name));
      assert.deepEqual(header.shape, content.shape);
      assert.deepEqual(header.spacingMm, content.spacingMm);
      assert.deepEqual(header.affine, content.affine);
      assert.deepEqual([header.axcodes, header.dtype], ['LPS', 'int16']);
      assert.deepEqual(
        [...voxels],
        Array.from(content.voxels, (value) => value * 2 - 1024),
      );
    }
  });

  it('writes fractions too, for what is no HU', async () => {
    const voxels = Float32Array.from(content.voxels, (value) => value / 3);
    await writeVolume(folder.path('map.nii'), { ...content, voxels });
    const read = await readVolume(folder.path('map.nii'));
    assert.equal(read.header.dtype, 'float32');
    assert.deepEqual(read.header.affine, content.affine);
    assert.deepEqual(read.voxels, voxels);
  });

  it('writes the same bytes each time', async () => {
    await writeVolume(folder.path('a.nii.gz'), content);
    await writeVolume(folder.path('b.nii.gz'), content);
    assert.deepEqual(
      await readFile(folder.path('a.nii.gz')),
      await readFile(folder.path('b.nii.gz')),
    );
  });

  it('refuses voxels that do not fill the shape', () => {
    assert.throws(() => encodeNifti({ ...content, shape: [3, 2, 3] }), RangeError);
  });
});
