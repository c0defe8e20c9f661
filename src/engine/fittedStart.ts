import { throwIfCancelled } from '../core/errors';
import type { ModelPreset } from '../core/preset';
import { yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import { elementCount } from '../graph';
import { buildImageProbe, inferenceTensors, readsTokens, volumeSize } from '../networks';
import type { Parameters, ParameterTensor } from '../networks';
import { createSession, loadRuntime, run } from './runtime';
import { copyVolume } from './volumeStore';
import type { PreparedVolume } from './volumeStore';

/** What one channel of a layer gives over the volumes looked at. */
interface ChannelStatistics {
  readonly mean: number;
  readonly deviation: number;
  /** The value that all but the active share lie below. */
  readonly threshold: number;
}

/** Below this share of the widest channel's deviation a channel counts as constant. */
const leastDeviation = 1e-3;
/** Values of a channel and volume that the threshold is estimated from. */
const sampledValues = 4096;

/**
 * Fits the first weights of the image tower to some training volumes, layer by layer: each channel
 * of a convolution gets deviation 1 and a bias that leaves it active at `activeShare` of the voxels,
 * and the linear layer reads each pooled channel centred, with deviation 1. (In cross-attention that
 * layer is the projection of the cells, and reads each channel of a cell so.)
 *
 * Why: chest volumes look alike, and a mean over the volume of weights drawn at random looks alike
 * even more. The embeddings of all volumes then start within a hundredth of each other (cosine 0.99
 * and above) and a contrastive loss stays at chance for a long time. Fitted, they start apart.
 *
 * After Krähenbühl et al., "Data-dependent initializations of convolutional neural networks"
 * (ICLR 2016), and Mishkin & Matas, "All you need is a good init" (ICLR 2016); the sparse
 * activation is ours.
 */
export async function fitImageTower(
  preset: ModelPreset,
  drawn: Parameters,
  volumes: readonly PreparedVolume[],
  activeShare: number,
  work: LongWork,
): Promise<Parameters> {
  const weights = new Map(drawn);
  const layers = preset.image.widths.length;
  for (let layer = 0; layer <= layers; layer++) {
    if (layer < layers) {
      const perVolume = await probe(preset, weights, layer, volumes, work);
      const name = `image.convs.${layer}`;
      const statistics = channelStatistics(perVolume, preset.image.widths[layer], activeShare);
      fitConvolution(weights, name, statistics);
    } else {
      const inputs = readsTokens(preset)
        ? (await probe(preset, weights, layers - 1, volumes, work)).map(rectified)
        : await probe(preset, weights, layers, volumes, work);
      const statistics = channelStatistics(inputs, preset.image.widths[layers - 1], activeShare);
      fitLinear(weights, readsTokens(preset) ? 'image.tokens' : 'image.fc', statistics);
    }
    work.onProgress?.({ stage: 'Fitting the first weights', done: layer + 1, total: layers + 1 });
  }
  return weights;
}

function rectified(values: Float32Array): Float32Array {
  return values.map((value) => Math.max(0, value));
}

/** What the layer gives for each volume, [channels, values] row-major. */
async function probe(
  preset: ModelPreset,
  weights: Parameters,
  layer: number,
  volumes: readonly PreparedVolume[],
  work: LongWork,
): Promise<Float32Array[]> {
  const { Tensor } = await loadRuntime();
  const session = await createSession(buildImageProbe(preset, weights, layer), 'cpu');
  const size = volumeSize(preset.volume);
  const voxels = new Float32Array(elementCount(size));
  const feeds = { [inferenceTensors.volume]: new Tensor('float32', voxels, [1, 1, ...size]) };
  try {
    const results: Float32Array[] = [];
    for (const volume of volumes) {
      await yieldToEvents();
      throwIfCancelled(work.signal);
      copyVolume(volume, voxels, 0);
      const { [inferenceTensors.probe]: output } = await run(session, feeds, {
        [inferenceTensors.probe]: null,
      });
      results.push(thinned(output.data as Float32Array, output.dims[1]));
    }
    return results;
  } finally {
    await session.release();
  }
}

/** Every n-th value of each channel, so that 64 volumes fit in memory whatever their size. */
function thinned(values: Float32Array, channels: number): Float32Array {
  const perChannel = values.length / channels;
  // An odd step does not fall in with the rows of the volume.
  const stride = Math.floor(perChannel / sampledValues / 2) * 2 + 1;
  const kept = Math.ceil(perChannel / stride);
  const result = new Float32Array(channels * kept);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < kept; i++) {
      result[channel * kept + i] = values[channel * perChannel + i * stride];
    }
  }
  return result;
}

function channelStatistics(
  perVolume: readonly Float32Array[],
  channels: number,
  activeShare: number,
): ChannelStatistics[] {
  const kept = perVolume[0].length / channels;
  const all = Array.from({ length: channels }, (_, channel) => {
    const values = new Float32Array(kept * perVolume.length);
    perVolume.forEach((volume, i) => {
      values.set(volume.subarray(channel * kept, (channel + 1) * kept), i * kept);
    });
    values.sort();
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const threshold = values[Math.floor((1 - activeShare) * (values.length - 1))];
    return { mean, deviation: Math.sqrt(square), threshold };
  });
  const floor = leastDeviation * Math.max(...all.map(({ deviation }) => deviation)) || 1;
  return all.map((one) => ({ ...one, deviation: Math.max(one.deviation, floor) }));
}

/** y = (w x + b - threshold) / deviation: above 0 at the active share of the voxels. */
function fitConvolution(
  weights: Map<string, ParameterTensor>,
  name: string,
  statistics: readonly ChannelStatistics[],
): void {
  const kernel = copyOf(weights, `${name}.weight`);
  const bias = copyOf(weights, `${name}.bias`);
  const perChannel = kernel.length / statistics.length;
  statistics.forEach(({ deviation, threshold }, channel) => {
    for (let i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
      kernel[i] /= deviation;
    }
    bias[channel] = (bias[channel] - threshold) / deviation;
  });
}

/** y = w (x - mean) / deviation, with the mean in the bias. */
function fitLinear(
  weights: Map<string, ParameterTensor>,
  name: string,
  statistics: readonly ChannelStatistics[],
): void {
  const matrix = copyOf(weights, `${name}.weight`);
  const bias = copyOf(weights, `${name}.bias`).fill(0);
  matrix.forEach((value, i) => {
    const { mean, deviation } = statistics[i % statistics.length];
    matrix[i] = value / deviation;
    bias[Math.floor(i / statistics.length)] -= matrix[i] * mean;
  });
}

/** Replaces a tensor by a copy of it, to be changed in place. */
function copyOf(weights: Map<string, ParameterTensor>, name: string): Float32Array {
  const tensor = weights.get(name);
  if (tensor === undefined) {
    throw new Error(`the weights lack ${name}`);
  }
  const data = tensor.data.slice();
  weights.set(name, { shape: tensor.shape, data });
  return data;
}
