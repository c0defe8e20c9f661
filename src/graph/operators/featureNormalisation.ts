import { elementCount, ShapeError, staticShape, type Value } from '../value';
import { add, div, mul, power, sqrt, sub } from './elementwise';
import { reshape } from './layout';
import { reduceMean } from './reduction';

/*
 * Normalisations of features [batch, channels, ...space]. All are composed of
 *   n = (x - μ) r,  r = 1 / √(σ² + ε), μ and σ² the mean and (biased) variance over some axes,
 * so their gradient dx = r (dn - mean(dn) - n mean(dn n)) comes from the rules of ReduceMean, Sub,
 * Mul and Pow. ONNX's own operators are no help: InstanceNormalization is no faster on the processor,
 * and onnxruntime 1.30 on WebGPU takes the ε of the first one of a process for all; no GPU
 * provider runs BatchNormalization in training mode.
 */

/** Scale and shift of each channel, [channels]; without them the result is only normalised. */
export interface Affine {
  readonly scale: Value;
  readonly bias: Value;
}

/** Each channel of each scan to mean 0 and variance 1 over space. */
export function instanceNorm(x: Value, epsilon: number, affine?: Affine): Value {
  return scaled(standardise(x, spatialAxes(x), epsilon).normalised, affine);
}

/** As {@link instanceNorm}, over `groups` of neighbouring channels together. */
export function groupNorm(x: Value, groups: number, epsilon: number, affine?: Affine): Value {
  const { type, shape } = x;
  const [channels, ...space] = staticShape({ type, shape: shape.slice(1) });
  if (channels % groups !== 0) {
    throw new ShapeError(`${channels} channels in ${groups} groups`);
  }
  const grouped = reshape(x, [shape[0], groups, (channels / groups) * elementCount(space)]);
  return scaled(reshape(instanceNorm(grouped, epsilon), shape), affine);
}

/** What batch normalisation remembers of past batches, [channels] each. */
export interface RunningStatistics {
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Each channel to mean 0 and (biased) variance 1 over the batch and space, as torch.nn.BatchNorm in
 * training mode. `next` holds running ← (1 - momentum) running + momentum of this batch, where the
 * variance of the batch is the unbiased one; no gradient is asked of it.
 */
export function batchNorm(
  x: Value,
  affine: Affine,
  running: RunningStatistics,
  { epsilon = 1e-5, momentum = 0.1 } = {},
): { readonly output: Value; readonly next: RunningStatistics } {
  const others = [0, ...spatialAxes(x)];
  const channels = x.shape[1];
  const count = elementCount(staticShape(x)) / Number(channels);
  const { mean, variance, normalised } = standardise(x, others, epsilon);
  const towards = (old: Value, current: Value, factor: number): Value =>
    add(mul(old, 1 - momentum), mul(reshape(current, [channels]), momentum * factor));
  return {
    output: scaled(normalised, affine),
    next: {
      mean: towards(running.mean, mean, 1),
      variance: towards(running.variance, variance, count / (count - 1)),
    },
  };
}

/** Batch normalisation by the running statistics, as at inference: one factor and one shift. */
export function batchNormInference(
  x: Value,
  { scale, bias }: Affine,
  running: RunningStatistics,
  epsilon = 1e-5,
): Value {
  const factor = div(scale, sqrt(add(running.variance, epsilon)));
  const shift = sub(bias, mul(running.mean, factor));
  return add(mul(x, perChannel(factor, x)), perChannel(shift, x));
}

interface Standardised {
  readonly mean: Value;
  readonly variance: Value;
  readonly normalised: Value;
}

/** n of the formula above, with the statistics, whose axes stay. */
function standardise(x: Value, axes: readonly number[], epsilon: number): Standardised {
  const mean = reduceMean(x, { axes, keep: true });
  const centred = sub(x, mean);
  const variance = reduceMean(mul(centred, centred), { axes, keep: true });
  return { mean, variance, normalised: mul(centred, power(add(variance, epsilon), -0.5)) };
}

function scaled(normalised: Value, affine: Affine | undefined): Value {
  return affine === undefined
    ? normalised
    : add(
        mul(normalised, perChannel(affine.scale, normalised)),
        perChannel(affine.bias, normalised),
      );
}

function perChannel(values: Value, x: Value): Value {
  return reshape(values, [x.shape[1], ...spatialAxes(x).map(() => 1)]);
}

function spatialAxes(x: Value): number[] {
  return x.shape.slice(2).map((_, axis) => axis + 2);
}
