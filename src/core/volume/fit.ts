import { throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import { gather, orientedView } from './orientation';
import type { VolumeTensor } from './preprocess';
import type { PreprocessingProfile } from './profile';
import { addLine, resampleRow, smoothWeights } from './resample';
import type { AxisWeights } from './resample';
import type { Volume } from './types';

type FitProfile = Extract<PreprocessingProfile, { kind: 'fit' }>;

/** Slices between two looks at the events: some milliseconds of work. */
const slicesPerTurn = 8;

/**
 * The whole volume at the profile's size: clipped, averaged where it shrinks and interpolated
 * where it grows (see {@link smoothWeights}), turned to the profile's orientation, and mapped
 * from its HU range to [-1, 1]. NaN counts as the lowest HU. Axes (1, z, y, x) of the profile's
 * orientation code read backwards: for LPS z runs to the head, y to the back, x to the left.
 *
 * Resampling follows the storage axes, one pass over the voxels in the order they lie in memory;
 * only the small result is turned. The filter is symmetric, so that makes no difference.
 */
export async function fittedTensor(
  volume: Volume,
  profile: FitProfile,
  work: LongWork,
): Promise<VolumeTensor> {
  const { header } = volume;
  const shape = storageShape(volume, profile);
  const resized = await resizeVolume(volume, shape, profile.clipHu, work);
  const oriented = gather(resized, orientedView({ ...header, shape }, profile.orientation));
  normalise(oriented, profile.clipHu);
  return { data: oriented, shape: [1, ...profile.size] };
}

/** The profile's size along the storage axes. */
function storageShape(
  { header }: Volume,
  { orientation, size: [depth, height, width] }: FitProfile,
): [number, number, number] {
  const shape: [number, number, number] = [0, 0, 0];
  orientedView(header, orientation).axes.forEach(({ storage }, axis) => {
    shape[storage] = [width, height, depth][axis];
  });
  return shape;
}

async function resizeVolume(
  { header, voxels }: Volume,
  shape: readonly [number, number, number],
  clipHu: readonly [number, number],
  work: LongWork,
): Promise<Float32Array> {
  const [ni, nj, nk] = header.shape;
  const alongI = smoothWeights(ni, shape[0]);
  const alongJ = smoothWeights(nj, shape[1]);
  const alongK = smoothWeights(nk, shape[2]);
  const resized = new Float32Array(shape[0] * shape[1] * shape[2]);
  for (let k = 0; k < nk; k++) {
    if (k % slicesPerTurn === 0) {
      work.onProgress?.({ stage: 'Resampling the volume', done: k, total: nk });
      await yieldToEvents();
      throwIfCancelled(work.signal);
    }
    const slice = voxels.subarray(k * ni * nj, (k + 1) * ni * nj);
    addLine(resizeClipped(slice, alongI, alongJ, clipHu), k, alongK, resized);
  }
  return resized;
}

/** One slice, clipped and resized in its plane. */
function resizeClipped(
  slice: Float32Array,
  alongI: AxisWeights,
  alongJ: AxisWeights,
  [lowest, highest]: readonly [number, number],
): Float32Array {
  const clipped = new Float32Array(alongI.inputs);
  const row = new Float32Array(alongI.outputs);
  const plane = new Float32Array(alongI.outputs * alongJ.outputs);
  for (let j = 0; j < alongJ.inputs; j++) {
    const start = j * alongI.inputs;
    for (let i = 0; i < clipped.length; i++) {
      const hu = slice[start + i];
      clipped[i] = hu > highest ? highest : hu > lowest ? hu : lowest;
    }
    resampleRow(clipped, alongI, row);
    addLine(row, j, alongJ, plane);
  }
  return plane;
}

/** HU range to [-1, 1]; rounding must not carry a value past the ends. */
function normalise(hu: Float32Array, [lowest, highest]: readonly [number, number]): void {
  const scale = 2 / (highest - lowest);
  for (let i = 0; i < hu.length; i++) {
    hu[i] = Math.max(-1, Math.min(1, (hu[i] - lowest) * scale - 1));
  }
}
