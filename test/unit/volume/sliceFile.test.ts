import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { CancelledError } from '../../../src/core/errors';
import { reorient } from '../../../src/core/volume/orientation';
import { readVolume, readVolumeHeader } from '../../../src/core/volume/read';
import { readSlice } from '../../../src/core/volume/sliceFile';
import { extractSlice, planes, sliceCount } from '../../../src/core/volume/slices';
import { dtypeNames, niftiFile } from './niftiFile';
import { allAxisCodes, phantom } from './phantom';
import { temporaryFolder } from './temporaryFolder';

const scan = phantom([5, 4, 3], (x, y, z) => x + 10 * y + 100 * z, [1, 2, 3]);

describe('Slices read from a file', () => {
  const folder = temporaryFolder();

  async function sameSlices(path: string): Promise<void> {
    const volume = await readVolume(path);
    const handle = await open(path);
    try {
      const header = await readVolumeHeader(path);
      const file = { handle, offset: header.dataOffset, header };
      for (const plane of planes) {
        for (let index = 0; index < sliceCount(header, plane); index++) {
          assert.deepEqual(await readSlice(file, plane, index), extractSlice(volume, plane, index));
        }
      }
    } finally {
      await handle.close();
    }
  }

  it('are those of the volume, in every storage order', async () => {
    for (const codes of allAxisCodes) {
      const { header, voxels } = reorient(scan, codes);
      const file = niftiFile({
        shape: header.shape,
        pixdim: [1, ...header.spacingMm],
        sformCode: 1,
        sform: header.affine.slice(0, 3),
        stored: [...voxels],
      });
      await sameSlices(await folder.write('order.nii', file));
    }
  });

  it('are those of the volume, of every type and byte order', async () => {
    const stored = Array.from({ length: 24 }, (_, at) => (at * 5) % 127);
    for (const dtype of dtypeNames) {
      for (const littleEndian of [true, false]) {
        const file = niftiFile({
          shape: [2, 3, 4],
          dtype,
          littleEndian,
          stored,
          slope: 0.3,
          intercept: -7,
        });
        await sameSlices(await folder.write('type.nii', file));
      }
    }
  });

  it('are refused where there are none, and stop when cancelled', async () => {
    const path = await folder.write('few.nii', niftiFile({ shape: [2, 3, 4] }));
    const header = await readVolumeHeader(path);
    const handle = await open(path);
    try {
      const file = { handle, offset: header.dataOffset, header };
      for (const index of [-1, 4, 0.5, NaN]) {
        await assert.rejects(readSlice(file, 'axial', index), RangeError);
      }
      const signal = AbortSignal.abort();
      await assert.rejects(readSlice(file, 'sagittal', 0, { signal }), CancelledError);
    } finally {
      await handle.close();
    }
  });

  it('tell when the file became shorter meanwhile', async () => {
    const path = await folder.write('shrunk.nii', niftiFile({ shape: [2, 3, 4] }));
    const header = await readVolumeHeader(path);
    const handle = await open(path, 'r+');
    try {
      await handle.truncate(header.dataOffset + 8);
      const file = { handle, offset: header.dataOffset, header };
      await assert.rejects(readSlice(file, 'axial', 3), /shorter/);
    } finally {
      await handle.close();
    }
  });
});
