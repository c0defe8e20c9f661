import { UserError } from '../errors';
import { sentence } from '../sentence';
import { ctclipHu } from './profile';
import type { PreprocessingProfile } from './profile';
import { cropWeights, linearWeights } from './resample';
import type { AxisWeights } from './resample';
import type { BoxAxis, TensorPlan } from './tensorPlan';
import type { VolumeHeader } from './types';

type CtclipProfile = Extract<PreprocessingProfile, { kind: 'ctclip' }>;

/**
 * What a row of CT-RATE's metadata table says of a scan. CT-CLIP's code applies slope and intercept
 * on top of those of the file, which is right only where the file holds raw values; what is absent
 * here changes nothing, and spacing then comes from the file.
 */
export interface CtclipScanRow {
  readonly slope?: number;
  readonly intercept?: number;
  /** Spacing in the plane, the same for both axes as in CT-CLIP's code, in mm. */
  readonly xySpacingMm?: number;
  readonly zSpacingMm?: number;
}

/** Constants of CT-CLIP's data_inference_nii.py. */
const targetMm = { z: 1.5, xy: 0.75 };
const size = { z: 240, i: 480, j: 480 };

/** One axis of the output: which part of the resampled axis is kept, and where it goes. */
interface OutputAxis {
  readonly weights: AxisWeights;
  readonly box: BoxAxis;
}

/**
 * CT-CLIP's published preprocessing: slope and intercept of the metadata, HU clipped before or
 * after resampling to 1.5 x 0.75 x 0.75 mm (trilinear, not antialiased), divided by 1000, centre
 * cropped and padded with -1 to (1, 240, 480, 480). Axes are (k, i, j) of the stored volume: the
 * code neither looks at the affine nor keeps i and j in their order. NaN counts as the lowest HU.
 *
 * Only what survives the crop is computed.
 *
 * @throws UserError `volume-too-thin`
 */
export function ctclipPlan(
  { shape, spacingMm }: VolumeHeader,
  { clip }: CtclipProfile,
  scan: CtclipScanRow,
): TensorPlan {
  const alongI = outputAxis(shape[0], (scan.xySpacingMm ?? spacingMm[0]) / targetMm.xy, size.i);
  const alongJ = outputAxis(shape[1], (scan.xySpacingMm ?? spacingMm[1]) / targetMm.xy, size.j);
  const alongK = outputAxis(shape[2], (scan.zSpacingMm ?? spacingMm[2]) / targetMm.z, size.z);
  const { slope = 1, intercept = 0 } = scan;
  const isClippedBefore = clip === 'before_resampling';
  const [lowest, highest] = ctclipHu;
  return {
    shape: [1, size.z, size.i, size.j],
    axes: [alongI.weights, alongJ.weights, alongK.weights],
    isBounded: isClippedBefore,
    // Every tensor is cut to [-1, 1] after resampling: that is the clip of the training code.
    valueOf: (stored) => {
      const hu = stored * slope + intercept;
      const clipped = hu > highest ? highest : hu > lowest ? hu : lowest;
      return (isClippedBefore ? clipped : hu) / ctclipHu[1];
    },
    start: (alongK.box.before * size.i + alongI.box.before) * size.j + alongJ.box.before,
    strides: [size.j, 1, size.i * size.j],
    box: [alongI.box, alongJ.box, alongK.box],
  };
}

function outputAxis(inputs: number, factor: number, kept: number): OutputAxis {
  const outputs = Math.trunc(inputs * factor);
  if (!(outputs >= 1)) {
    throw new UserError(
      'volume-too-thin',
      sentence`CT-CLIP's resampling leaves nothing of an axis of ${inputs} voxels (factor ${factor}).`,
      'Check the spacing in the file and in the metadata table.',
    );
  }
  const count = Math.min(outputs, kept);
  const skipped = (outputs - count) >> 1;
  return {
    weights: cropWeights(linearWeights(inputs, outputs), skipped, count),
    box: { size: kept, before: (kept - count) >> 1, skipped, step: inputs / outputs },
  };
}
