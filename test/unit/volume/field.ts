import { displayGrid } from '../../../src/core/volume/displayGrid';
import type { VoxelField } from '../../../src/core/volume/voxelField';
import type { Volume } from '../../../src/core/volume/types';
import {
  encodedVoxels,
  type EncodedVoxels,
  type VoxelEncoding,
} from '../../../src/core/volume/voxelEncoding';
import type { VoxelPieces } from '../../../src/core/volume/voxelPieces';

const plain: VoxelEncoding = { type: 'float32', slope: 1, intercept: 0 };

/** A volume in memory as a viewer holds it; what it holds becomes the stored values of `encoding`. */
export function fieldOf({ header, voxels }: Volume, encoding = plain): VoxelField {
  const stored = encodedVoxels(encoding, voxels.length);
  stored.set(voxels);
  return { grid: displayGrid(header), shape: header.shape, voxels: stored, encoding };
}

/** All pieces of a volume put together, and how often each slice came. */
export async function gathered({
  header,
  encoding,
  pieces,
  recycle,
}: Pick<VoxelPieces, 'header' | 'encoding' | 'pieces' | 'recycle'>): Promise<{
  voxels: EncodedVoxels;
  times: number[];
  order: number[];
}> {
  const [ni, nj, nk] = header.shape;
  const voxels = encodedVoxels(encoding, ni * nj * nk);
  const times = new Array<number>(nk).fill(0);
  const order: number[] = [];
  for await (const piece of pieces) {
    voxels.set(piece.voxels, piece.first * ni * nj);
    order.push(piece.first);
    for (let k = piece.first; k < piece.first + piece.count; k++) {
      times[k]++;
    }
    // Nothing of it may be seen in those to come.
    piece.voxels.fill(77);
    recycle(piece);
  }
  return { voxels, times, order };
}

/** HU of a viewer's voxels. */
export function huOf(
  voxels: ArrayLike<number>,
  { slope, intercept }: Pick<VoxelEncoding, 'slope' | 'intercept'>,
): Float32Array {
  return Float32Array.from(voxels, (value) => value * slope + intercept);
}

/** The values of a picture; NaN where there is none. */
export function shownValues({
  values,
  missing,
}: {
  readonly values: ArrayLike<number>;
  readonly missing?: Uint8Array;
}): number[] {
  return Array.from(values, (value, at) => (missing?.[at] === 1 ? NaN : value));
}
