import type { FileHandle } from 'node:fs/promises';
import { throwIfCancelled, UserError } from '../errors';
import type { LongWork } from '../progress';
import { orientedView } from './orientation';
import { checkSliceIndex, planeLayouts, type Slice } from './slices';
import { storedTypeNamed } from './storedTypes';
import { VoxelDecoder } from './voxelDecoder';
import type { Plane, VolumeHeader } from './types';

/** Read at a time where every voxel row holds a voxel of the slice. */
const blockBytes = 2 ** 23;

/** A file that holds a volume's voxels as they are stored, uncompressed. */
export interface StoredFile {
  readonly handle: FileHandle;
  /** The byte of the first voxel. */
  readonly offset: number;
  readonly header: VolumeHeader;
}

/**
 * One slice of a volume that is too large for memory, in HU, read from where it stands on disk: a
 * block for a slice along i and j, a row a slice for one along i and k. One along j and k has a voxel
 * in every row, so that all of the file is read.
 *
 * @throws RangeError for a slice that is not there; CancelledError; what reading the file throws
 */
export async function readSlice(
  file: StoredFile,
  plane: Plane,
  index: number,
  work: LongWork = {},
): Promise<Slice> {
  const view = orientedView(file.header, 'LPS');
  const { through, across, down, upsideDown } = planeLayouts[plane];
  checkSliceIndex(plane, index, view.shape[through]);
  const { storage, reversed } = view.axes[through];
  const stored = await readers[storage](
    file,
    reversed ? view.shape[through] - 1 - index : index,
    work,
  );
  // What is left of the storage axes, in their order, is how `stored` lies in memory.
  const [fast] = [0, 1, 2].filter((axis) => axis !== storage);
  const [width, height] = [view.shape[across], view.shape[down]];
  const isTurned = view.axes[across].storage !== fast;
  const place = (column: number, row: number): number => {
    const x = view.axes[across].reversed ? width - 1 - column : column;
    const below = upsideDown ? height - 1 - row : row;
    const y = view.axes[down].reversed ? height - 1 - below : below;
    return isTurned ? x * height + y : y * width + x;
  };
  const hu = new Float32Array(width * height);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      hu[to++] = stored[place(column, row)];
    }
  }
  const pixelMm = [view.spacingMm[across], view.spacingMm[down]] as const;
  return { plane, index, width, height, hu, pixelMm };
}

type Reader = (file: StoredFile, at: number, work: LongWork) => Promise<Float32Array>;

/** By the storage axis that runs through the slices: its two other axes, the faster one first. */
const readers: readonly [Reader, Reader, Reader] = [readAcrossRows, readRows, readBlock];

async function readBlock(file: StoredFile, k: number): Promise<Float32Array> {
  const [ni, nj] = file.header.shape;
  return huOf(file, await bytesAt(file, k * ni * nj, ni * nj));
}

async function readRows(file: StoredFile, j: number, work: LongWork): Promise<Float32Array> {
  const [ni, nj, nk] = file.header.shape;
  const slice = new Float32Array(ni * nk);
  for (let k = 0; k < nk; k++) {
    throwIfCancelled(work.signal);
    slice.set(huOf(file, await bytesAt(file, (k * nj + j) * ni, ni)), k * ni);
  }
  return slice;
}

async function readAcrossRows(file: StoredFile, i: number, work: LongWork): Promise<Float32Array> {
  const [ni, nj, nk] = file.header.shape;
  const { bytes } = storedTypeNamed(file.header.dtype);
  const slice = new Float32Array(nj * nk);
  const rowsAtOnce = Math.max(1, Math.floor(blockBytes / (ni * bytes)));
  for (let row = 0; row < slice.length; row += rowsAtOnce) {
    throwIfCancelled(work.signal);
    work.onProgress?.({ stage: 'Reading a slice', done: row, total: slice.length });
    const rows = Math.min(rowsAtOnce, slice.length - row);
    const block = await bytesAt(file, row * ni, rows * ni);
    const picked = Buffer.alloc(rows * bytes);
    for (let r = 0; r < rows; r++) {
      block.copy(picked, r * bytes, (r * ni + i) * bytes, (r * ni + i + 1) * bytes);
    }
    slice.set(huOf(file, picked), row);
  }
  return slice;
}

/** The stored bytes of `count` voxels from voxel number `from` on. */
async function bytesAt(
  { handle, offset, header }: StoredFile,
  from: number,
  count: number,
): Promise<Buffer> {
  const { bytes } = storedTypeNamed(header.dtype);
  const buffer = Buffer.allocUnsafe(count * bytes);
  let filled = 0;
  while (filled < buffer.length) {
    const position = offset + from * bytes + filled;
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position);
    if (bytesRead === 0) {
      throw new UserError(
        'volume-changed',
        'The file became shorter while it was read.',
        'Open it again once it is written.',
      );
    }
    filled += bytesRead;
  }
  return buffer;
}

function huOf({ header }: StoredFile, stored: Buffer): Float32Array {
  const hu = new Float32Array(stored.length / storedTypeNamed(header.dtype).bytes);
  new VoxelDecoder(header, hu).push(stored);
  return hu;
}
