import { affineOf, worldOf } from './affine';
import type { CtclipScanRow } from './ctclip';
import { orientedView } from './orientation';
import { tensorPlan } from './preprocess';
import type { PreprocessingProfile } from './profile';
import type { BoxAxis, TensorPlan } from './tensorPlan';
import type { Affine, VolumeHeader } from './types';

/**
 * Where the voxels of a network's input stand in the world. Axes are (x, y, z) along the stored
 * axes nearest to the patient's left, back and head (LPS), for either kind of profile, so that one
 * viewer shows both, though CT-CLIP's tensor keeps the stored order: box voxel (x, y, z) is the
 * number `start + x * strides[0] + y * strides[1] + z * strides[2]` of the tensor.
 */
export interface TensorGrid {
  /** Number of voxels along x, y, z; where CT-CLIP's profile pads, the padding is among them. */
  readonly shape: readonly [number, number, number];
  /** Box voxel (x, y, z) to world mm (right, anterior, superior), like that of a volume's header. */
  readonly affine: Affine;
  readonly start: number;
  readonly strides: readonly [number, number, number];
}

/**
 * The grid of the tensor that `preprocess` makes of a volume.
 *
 * @throws UserError `volume-too-thin` as `preprocess` does
 */
export function tensorGrid(
  header: VolumeHeader,
  profile: PreprocessingProfile,
  scan: CtclipScanRow = {},
): TensorGrid {
  const plan = tensorPlan(header, profile, scan);
  const { axes } = orientedView(header, 'LPS');
  const [x, y, z] = axes.map(({ storage, reversed }) => gridAxis(plan, storage, reversed));
  const origin: [number, number, number] = [0, 0, 0];
  for (const { storage, origin: index } of [x, y, z]) {
    origin[storage] = index;
  }
  return {
    shape: [x.size, y.size, z.size],
    affine: affineOf(
      header.affine.slice(0, 3).map((row) => [x, y, z].map(({ storage }) => row[storage])),
      [x.step, y.step, z.step],
      worldOf(header.affine, origin),
    ),
    start: plan.start + x.start + y.start + z.start,
    strides: [x.stride, y.stride, z.stride],
  };
}

/** One axis of the grid. */
interface GridAxis {
  readonly storage: 0 | 1 | 2;
  readonly size: number;
  /** Stored index of the box's voxel 0, and from one voxel to the next; need not be whole. */
  readonly origin: number;
  readonly step: number;
  /** What the box's voxel 0 adds to the place of the tensor's numbers, and each voxel after it. */
  readonly start: number;
  readonly stride: number;
}

function gridAxis(plan: TensorPlan, storage: 0 | 1 | 2, reversed: boolean): GridAxis {
  const { size, before, skipped, step }: BoxAxis = plan.box[storage];
  const stride = plan.strides[storage];
  const first = (reversed ? size - 1 : 0) - before;
  return {
    storage,
    size,
    // Pixel centres stand at half indices.
    origin: (first + skipped + 0.5) * step - 0.5,
    step: reversed ? -step : step,
    start: first * stride,
    stride: reversed ? -stride : stride,
  };
}
