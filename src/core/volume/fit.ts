import { orientedView } from './orientation';
import type { PreprocessingProfile } from './profile';
import { smoothWeights } from './resample';
import type { BoxAxis, TensorPlan } from './tensorPlan';
import type { VolumeHeader } from './types';

type FitProfile = Extract<PreprocessingProfile, { kind: 'fit' }>;

/**
 * The whole volume at the profile's size: clipped, averaged where it shrinks and interpolated
 * where it grows (see {@link smoothWeights}), turned to the profile's orientation, and mapped
 * from its HU range to [-1, 1]. NaN counts as the lowest HU. Axes (1, z, y, x) of the profile's
 * orientation code read backwards: for LPS z runs to the head, y to the back, x to the left.
 *
 * Resampling follows the storage axes, one pass over the voxels in the order they lie in memory;
 * only the result is turned. The filter is symmetric, so that makes no difference.
 */
export function fitPlan(header: VolumeHeader, profile: FitProfile): TensorPlan {
  const [lowest, highest] = profile.clipHu;
  const scale = 2 / (highest - lowest);
  const shape = storageShape(header, profile);
  const view = orientedView({ ...header, shape }, profile.orientation);
  const { start, strides } = placesInView(view, shape);
  return {
    shape: [1, ...profile.size],
    axes: [
      smoothWeights(header.shape[0], shape[0]),
      smoothWeights(header.shape[1], shape[1]),
      smoothWeights(header.shape[2], shape[2]),
    ],
    isBounded: true,
    valueOf: (hu) => (hu > highest ? 1 : hu > lowest ? (hu - lowest) * scale - 1 : -1),
    start,
    strides,
    box: [
      boxAxis(header.shape[0], shape[0]),
      boxAxis(header.shape[1], shape[1]),
      boxAxis(header.shape[2], shape[2]),
    ],
  };
}

/** The whole axis at another size. */
function boxAxis(inputs: number, size: number): BoxAxis {
  return { size, before: 0, skipped: 0, step: inputs / size };
}

/** The profile's size along the storage axes. */
function storageShape(
  header: VolumeHeader,
  { orientation, size: [depth, height, width] }: FitProfile,
): [number, number, number] {
  const shape: [number, number, number] = [0, 0, 0];
  orientedView(header, orientation).axes.forEach(({ storage }, axis) => {
    shape[storage] = [width, height, depth][axis];
  });
  return shape;
}

/** Where storage index (0, 0, 0) stands in a view's own order (x fastest), and the step along each storage axis. */
function placesInView(
  view: ReturnType<typeof orientedView>,
  shape: readonly [number, number, number],
): Pick<TensorPlan, 'start' | 'strides'> {
  const [width, height] = view.shape;
  const strides: [number, number, number] = [0, 0, 0];
  let start = 0;
  view.axes.forEach(({ storage, reversed }, axis) => {
    const step = [1, width, width * height][axis];
    strides[storage] = reversed ? -step : step;
    start += reversed ? (shape[storage] - 1) * step : 0;
  });
  return { start, strides };
}
