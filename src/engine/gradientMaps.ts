import { heedCancellation } from '../core/progress';
import type { LongWork } from '../core/progress';
import { Random } from '../core/random';
import { gaussianWeights, resampleBox } from '../core/volume/boxFilter';
import { gather } from '../core/volume/orientation';
import type { TensorGrid } from '../core/volume/tensorGrid';
import type { ExplainTarget } from './explainTarget';
import type { VolumeGradients } from './volumeProbe';

/** Volumes whose gradients are averaged, for `volume`; each is valid until the next. */
export type GradientPoints = (
  volume: Float32Array,
  samples: number,
  seed: number,
) => Iterable<Float32Array>;

export interface GradientSettings {
  readonly points: GradientPoints;
  readonly samples: number;
  readonly seed: number;
  /** Voxels of the box along each edge of a cell of the network's last feature map. */
  readonly cell: number;
}

/** Standard deviation of SmoothGrad's noise: 5 % of the tensor's range, which is about 100 HU. */
const noise = 0.1;
/** Of a tensor: what no voxel lies below. */
const air = -1;

/** Copies with noise; the volume itself where there is one only. */
export function* noisyCopies(
  volume: Float32Array,
  samples: number,
  seed: number,
): Generator<Float32Array> {
  if (samples === 1) {
    yield volume;
    return;
  }
  for (let sample = 0; sample < samples; sample++) {
    const random = Random.fromSeed(seed, 'explain', sample);
    yield volume.map((value) => value + noise * random.normal());
  }
}

/** Points in the middle of equal steps on the way from air to the volume. */
export function* pathFromAir(volume: Float32Array, samples: number): Generator<Float32Array> {
  for (let sample = 0; sample < samples; sample++) {
    const share = (sample + 0.5) / samples;
    yield volume.map((value) => air + share * (value - air));
  }
}

/**
 * Maps of gradient × (voxel - air) with the gradient's mean over some points, smoothed by as much as
 * the network's pooling takes away: within one cell of its last feature map it cannot tell places
 * apart but by where its maxima happen to stand. Targets are linear in the logits here, with
 * their weights at the volume itself.
 *
 * @returns one map a target, per box voxel, x fastest
 */
export async function gradientMaps(
  probe: VolumeGradients,
  grid: TensorGrid,
  targets: readonly ExplainTarget[],
  { points, samples, seed, cell }: GradientSettings,
  work: LongWork,
): Promise<Float32Array[]> {
  const { volume } = probe;
  const [logits] = await probe.logits(volume, 1);
  const sums = targets.map(() => new Float32Array(volume.length));
  const total = samples * targets.length;
  let done = 0;
  for (const point of points(volume, samples, seed)) {
    for (const [index, { weights }] of targets.entries()) {
      addTo(sums[index], await probe.gradient(point, weights(logits)));
      work.onProgress?.({ stage: 'Differentiating the model', done: ++done, total });
      await heedCancellation(work.signal);
    }
  }
  const deviation = cell / 2;
  const [width, height, depth] = grid.shape;
  return sums.map((sum) => {
    const parts = sum.map((value, at) => (value / samples) * (volume[at] - air));
    const box = gather(parts, grid);
    return cell === 1
      ? box
      : resampleBox(box, [
          gaussianWeights(width, deviation),
          gaussianWeights(height, deviation),
          gaussianWeights(depth, deviation),
        ]);
  });
}

function addTo(sum: Float32Array, part: Float32Array): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] += part[i];
  }
}
