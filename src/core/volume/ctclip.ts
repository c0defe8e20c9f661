import { UserError, throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import type { VolumeTensor } from './preprocess';
import type { PreprocessingProfile } from './profile';
import { cropWeights, linearWeights, resampleRow } from './resample';
import type { AxisWeights } from './resample';
import type { Volume } from './types';

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
const clipHu = [-1000, 1000] as const;
const huPerUnit = 1000;
const size = { z: 240, i: 480, j: 480 };
const padding = -1;

/** One axis of the output: which part of the resampled axis is kept, and where it goes. */
interface OutputAxis {
  readonly weights: AxisWeights;
  /** Outputs of padding before the kept part. */
  readonly before: number;
}

/** What happens to every voxel before it is interpolated: scaled, then clipped. */
interface Rescaling {
  readonly slope: number;
  readonly intercept: number;
  readonly lowest: number;
  readonly highest: number;
}

/**
 * CT-CLIP's published preprocessing: slope and intercept of the metadata, HU clipped before or
 * after resampling to 1.5 x 0.75 x 0.75 mm (trilinear, not antialiased), divided by 1000, centre
 * cropped and padded with -1 to (1, 240, 480, 480). Axes are (k, i, j) of the stored volume: the
 * code neither looks at the affine nor keeps i and j in their order.
 *
 * Only the planes and the part of each that survive the crop are computed, each plane once.
 */
export async function ctclipTensor(
  volume: Volume,
  profile: CtclipProfile,
  scan: CtclipScanRow,
  work: LongWork,
): Promise<VolumeTensor> {
  const { shape, spacingMm } = volume.header;
  const alongI = outputAxis(shape[0], (scan.xySpacingMm ?? spacingMm[0]) / targetMm.xy, size.i);
  const alongJ = outputAxis(shape[1], (scan.xySpacingMm ?? spacingMm[1]) / targetMm.xy, size.j);
  const alongK = outputAxis(shape[2], (scan.zSpacingMm ?? spacingMm[2]) / targetMm.z, size.z);
  const planes = new PlaneSource(volume, rescaling(scan, profile), alongI.weights, alongJ.weights);
  const data = new Float32Array(size.z * size.i * size.j).fill(padding);
  for (let z = 0; z < alongK.weights.outputs; z++) {
    work.onProgress?.({ stage: 'Resampling the volume', done: z, total: alongK.weights.outputs });
    await yieldToEvents();
    throwIfCancelled(work.signal);
    const plane = planes.blend(alongK.weights, z);
    const target = data.subarray((alongK.before + z) * size.i * size.j);
    placePlane(plane, alongI, alongJ, target);
  }
  return { data, shape: [1, size.z, size.i, size.j] };
}

function rescaling(scan: CtclipScanRow, { clip }: CtclipProfile): Rescaling {
  const [lowest, highest] = clip === 'before_resampling' ? clipHu : [-Infinity, Infinity];
  return { slope: scan.slope ?? 1, intercept: scan.intercept ?? 0, lowest, highest };
}

function outputAxis(inputs: number, factor: number, kept: number): OutputAxis {
  const outputs = Math.trunc(inputs * factor);
  if (!(outputs >= 1)) {
    throw new UserError(
      'volume-too-thin',
      `CT-CLIP's resampling leaves nothing of an axis of ${inputs} voxels (factor ${factor}).`,
      'Check the spacing in the file and in the metadata table.',
    );
  }
  const count = Math.min(outputs, kept);
  return {
    weights: cropWeights(linearWeights(inputs, outputs), (outputs - count) >> 1, count),
    before: (kept - count) >> 1,
  };
}

/** Stored slices resampled in their plane, as (i, j) with j fastest; the last ones are kept. */
class PlaneSource {
  private readonly recent = new Map<number, Float32Array>();
  private readonly rescaled: Float32Array;
  private readonly blended: Float32Array;

  constructor(
    private readonly volume: Volume,
    private readonly rescaling: Rescaling,
    private readonly alongI: AxisWeights,
    private readonly alongJ: AxisWeights,
  ) {
    const [ni, nj] = volume.header.shape;
    this.rescaled = new Float32Array(ni * nj);
    this.blended = new Float32Array(alongI.outputs * alongJ.outputs);
  }

  /** Output plane `z` in the network's units: one or two slices by their weights, clipped. */
  blend(alongK: AxisWeights, z: number): Float32Array {
    const first = this.plane(alongK.first[z]);
    const isBlend = alongK.count[z] === 2;
    const second = isBlend ? this.plane(alongK.first[z] + 1) : first;
    const share = isBlend ? alongK.weights[z * alongK.taps + 1] : 0;
    const [lowest, highest] = clipHu;
    const { blended } = this;
    for (let at = 0; at < blended.length; at++) {
      const hu = first[at] + (second[at] - first[at]) * share;
      blended[at] = (hu > highest ? highest : hu < lowest ? lowest : hu) / huPerUnit;
    }
    return blended;
  }

  private plane(k: number): Float32Array {
    let plane = this.recent.get(k);
    if (!plane) {
      plane = this.resample(this.rescale(k));
      // Outputs ask for k and k + 1 in rising order: anything before k - 1 is done with.
      for (const old of this.recent.keys()) {
        if (old < k - 1) {
          this.recent.delete(old);
        }
      }
      this.recent.set(k, plane);
    }
    return plane;
  }

  /** A slice scaled and clipped. */
  private rescale(k: number): Float32Array {
    const { rescaled } = this;
    const { slope, intercept, lowest, highest } = this.rescaling;
    const { voxels } = this.volume;
    const start = k * rescaled.length;
    for (let at = 0; at < rescaled.length; at++) {
      const hu = voxels[start + at] * slope + intercept;
      rescaled[at] = hu > highest ? highest : hu < lowest ? lowest : hu;
    }
    return rescaled;
  }

  private resample(slice: Float32Array): Float32Array {
    const { alongI, alongJ } = this;
    const plane = new Float32Array(alongI.outputs * alongJ.outputs);
    const row = new Float32Array(alongI.inputs);
    const line = new Float32Array(alongI.outputs);
    for (let j = 0; j < alongJ.outputs; j++) {
      const isBlend = alongJ.count[j] === 2;
      const start = alongJ.first[j] * row.length;
      const next = isBlend ? start + row.length : start;
      const share = isBlend ? alongJ.weights[j * alongJ.taps + 1] : 0;
      for (let i = 0; i < row.length; i++) {
        row[i] = slice[start + i] + (slice[next + i] - slice[start + i]) * share;
      }
      resampleRow(row, alongI, line);
      for (let i = 0; i < line.length; i++) {
        plane[i * alongJ.outputs + j] = line[i];
      }
    }
    return plane;
  }
}

function placePlane(
  plane: Float32Array,
  alongI: OutputAxis,
  alongJ: OutputAxis,
  target: Float32Array,
): void {
  const width = alongJ.weights.outputs;
  for (let i = 0; i < alongI.weights.outputs; i++) {
    const row = plane.subarray(i * width, (i + 1) * width);
    target.set(row, (alongI.before + i) * size.j + alongJ.before);
  }
}
