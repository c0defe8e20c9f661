import assert from 'node:assert/strict';
import { rename, utimes } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describeVolume, volumeFindings } from '../../../src/core/volume/describe';
import { readVolume } from '../../../src/core/volume/read';
import type { Rescale } from '../../../src/core/volume/rescale';
import { encodingOf, isEncodedType } from '../../../src/core/volume/voxelEncoding';
import { openPieces } from '../../../src/core/volume/voxelPieces';
import { VoxelTally } from '../../../src/core/volume/voxelTally';
import { gathered, huOf } from './field';
import { dtypeNames, dtypes, niftiFile, niftiGz, type NiftiFile } from './niftiFile';
import { temporaryFolder } from './temporaryFolder';

/** Values all over the range of a type, the ends among them. */
function spread(dtype: keyof typeof dtypes, count: number): number[] {
  const [low, high] = dtypes[dtype].range;
  return Array.from({ length: count }, (_, at) =>
    Math.round(low + ((high - low) * ((at * 7919) % count)) / (count - 1)),
  );
}

/** A megabyte or more of voxels that do not compress to nothing, written by hand: 8 slices. */
function largeFile(bytesOfSlice: number): Buffer {
  const shape = [bytesOfSlice / 2 / 256, 256, 8];
  const header = Buffer.from(niftiFile({ shape, dtype: 'int16' })).subarray(0, 352);
  const voxels = new Int16Array((bytesOfSlice / 2) * 8);
  for (let at = 0; at < voxels.length; at++) {
    voxels[at] = (at * 40503) % 65536;
  }
  return Buffer.concat([header, Buffer.from(voxels.buffer)]);
}

describe('The pieces of a volume', () => {
  const folder = temporaryFolder();

  async function sameAsRead(path: string, rescale: Rescale = { kind: 'auto' }): Promise<void> {
    const source = await openPieces(path, { rescale });
    const { voxels, times } = await gathered(source);
    const volume = await readVolume(path, { rescale });
    assert.deepEqual(source.header, volume.header);
    assert.deepEqual(huOf(voxels, source.encoding), volume.voxels);
    assert.ok(times.every((count) => count === 1));
  }

  it('are the volume, whatever it stores, in which byte order, compressed or not', async () => {
    const shape = [5, 4, 7];
    for (const dtype of dtypeNames) {
      for (const littleEndian of [true, false]) {
        const stored = spread(dtype, 5 * 4 * 7);
        const file: NiftiFile = {
          shape,
          dtype,
          littleEndian,
          stored,
          slope: 0.5,
          intercept: -1024,
        };
        await sameAsRead(await folder.write(`${dtype}.nii`, niftiFile(file)));
        await sameAsRead(await folder.write(`${dtype}.nii.gz`, niftiGz(file)));
      }
    }
  });

  it('keep what fits into 16 bits or is float32, and are HU in float32 otherwise', () => {
    const scaling = { slope: 2, intercept: -1024 };
    assert.deepEqual(encodingOf({ dtype: 'uint16', ...scaling }), { type: 'uint16', ...scaling });
    assert.deepEqual(encodingOf({ dtype: 'float32', ...scaling }), { type: 'float32', ...scaling });
    const hu = { type: 'float32', slope: 1, intercept: 0 };
    for (const dtype of ['int32', 'uint32', 'int64', 'uint64', 'float64']) {
      assert.equal(isEncodedType(dtype), false);
      assert.deepEqual(encodingOf({ dtype, ...scaling }), hu);
    }
  });

  it('follow the slope and intercept that are asked for', async () => {
    for (const dtype of ['int16', 'int32'] as const) {
      const stored = spread('int16', 8);
      const path = await folder.write('scaled.nii', niftiFile({ dtype, stored, slope: 2 }));
      await sameAsRead(path, { kind: 'none' });
      await sameAsRead(path, { kind: 'csv', slope: 1, intercept: -8192 });
    }
  });

  it('are those of the first frame, also of a pair', async () => {
    const stored = Array.from({ length: 24 }, (_, at) => at);
    const file: NiftiFile = { shape: [2, 2, 3, 2], stored };
    await sameAsRead(await folder.write('frames.nii', niftiFile(file)));
    await sameAsRead(await folder.write('frames.nii.gz', niftiGz(file)));
    const whole = niftiFile({ ...file, magic: 'ni1\0', voxOffset: 352 });
    const header = whole.slice(0, 348);
    new DataView(header.buffer).setFloat32(108, 0, true);
    const path = await folder.write('pair.hdr', header);
    await folder.write('pair.img', whole.subarray(352));
    await sameAsRead(path);
    await sameAsRead(folder.path('pair.img'));
  });

  it('come from the middle on where the file is not compressed, else from the beginning', async () => {
    const bytes = largeFile(2 ** 19);
    const plain = await folder.write('large.nii', bytes);
    const middleFirst = await gathered(await openPieces(plain));
    assert.deepEqual(middleFirst.order, [3, 5, 0]);
    assert.ok(middleFirst.times.every((count) => count === 1));
    const zipped = await folder.write('large.nii.gz', gzipSync(bytes, { level: 1 }));
    const fromFirst = await gathered(await openPieces(zipped));
    assert.deepEqual(fromFirst.order, [0, 2, 6]);
    assert.deepEqual(fromFirst.voxels, middleFirst.voxels);
  });

  it('end in an error where another file took the place of the one that was opened', async () => {
    for (const replacedAfter of [0, 1]) {
      const path = await folder.write('replaced.nii', largeFile(2 ** 19));
      const source = await openPieces(path);
      const other = largeFile(2 ** 19);
      other.fill(7, 352);
      let seen = 0;
      const replace = async (): Promise<void> => {
        await rename(await folder.write('other.nii', other), path);
        await utimes(path, 1, 1);
      };
      if (replacedAfter === 0) {
        await replace();
      }
      await assert.rejects(
        async () => {
          for await (const { count } of source.pieces) {
            assert.ok(count > 0);
            seen++;
            if (seen === replacedAfter) {
              await replace();
            }
          }
        },
        { code: 'volume-changed' },
      );
      assert.ok(seen >= 1);
    }
  });

  it('end in an error where the compressed file is cut or damaged', async () => {
    const bytes = gzipSync(largeFile(2 ** 19), { level: 1 });
    const cut = await openPieces(await folder.write('cut.nii.gz', bytes.subarray(0, -100)));
    await assert.rejects(gathered(cut), { code: 'volume-gzip' });
    // The checksum stands in the last eight bytes: every voxel is there, and yet not to be trusted.
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 8] ^= 1;
    const source = await openPieces(await folder.write('damaged.nii.gz', damaged));
    const seen: number[] = [];
    await assert.rejects(
      async () => {
        for await (const { first } of source.pieces) {
          seen.push(first);
        }
      },
      { code: 'volume-gzip' },
    );
    assert.deepEqual(seen.slice(0, 2), [0, 2]);
  });

  it('refuse a plain file that is too short, before anything is read', async () => {
    const file = niftiFile({ shape: [4, 4, 4] });
    const path = await folder.write('short.nii', file.subarray(0, -1));
    await assert.rejects(openPieces(path), { code: 'volume-truncated' });
  });

  it('stop when cancelled', async () => {
    const stopping = new AbortController();
    const path = await folder.write('stopped.nii', largeFile(2 ** 20));
    const { pieces } = await openPieces(path, { signal: stopping.signal });
    await pieces.next();
    stopping.abort();
    await assert.rejects(async () => {
      for await (const piece of pieces) {
        assert.ok(piece.count > 0);
      }
    }, /Cancelled/);
  });
});

describe('The tally of a volume', () => {
  const folder = temporaryFolder();

  it('tells what is told of the whole volume in memory', async () => {
    const files: NiftiFile[] = [
      { dtype: 'int16', stored: [-1024, 0, 3071, 1, 2, 3, 4, 5] },
      {
        dtype: 'uint8',
        slope: -0.36295640468597,
        intercept: 3,
        stored: [255, 9, 0, 1, 1, 1, 1, 1],
      },
      { dtype: 'int32', slope: 0.1, stored: [100000, -7, 0, 0, 0, 0, 0, 0] },
      { dtype: 'float32', slope: 2, stored: [NaN, Infinity, -3.25, 0.1, 0, 0, 0, 0] },
      { dtype: 'float64', stored: [NaN, NaN, NaN, NaN, NaN, NaN, NaN, -Infinity] },
    ];
    for (const file of files) {
      const path = await folder.write('tally.nii', niftiFile(file));
      const source = await openPieces(path);
      const tally = new VoxelTally(source);
      for await (const piece of source.pieces) {
        tally.push(piece);
      }
      const { info } = volumeFindings(source.header, tally.range(), tally.judge());
      assert.deepEqual(info, describeVolume(await readVolume(path)));
    }
  });
});
