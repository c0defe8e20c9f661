import { apply, float, operatorTable } from '../operator';
import { elementCount, ShapeError, staticShape, type Value } from '../value';
import { add, div, mul, power, sqrt, sub } from './elementwise';
import { reshape } from './layout';
import { standardisedGradient } from './normalisation';
import { reduceMean, reduceSum } from './reduction';

/** Normalisations of features [batch, channels, ...space], each channel with a scale and a shift. */
export const featureNormalisationOperators = operatorTable({
  // y = n γ + β with n = (x - μ) r, r = 1 / √(σ² + ε), over the space of each scan and channel:
  //   dx as in LayerNormalization,  dγ = Σ dy n,  dβ = Σ dy over batch and space
  InstanceNormalization: {
    infer: ([x]) => [x],
    gradient: ({ inputs: [x, scale], attributes }, dy) => {
      const epsilon = float(attributes, 'epsilon');
      const space = spatialAxes(x);
      const others = [0, ...space];
      return [
        () => {
          const { normalised, inverseDeviation } = standardise(x, space, epsilon);
          const g = mul(dy, perChannel(scale, x));
          return standardisedGradient(g, normalised, inverseDeviation, space);
        },
        () => reduceSum(mul(dy, standardise(x, space, epsilon).normalised), { axes: others }),
        () => reduceSum(dy, { axes: others }),
      ];
    },
  },
});

/** Scale and shift of each channel, [channels]; without them the result is only normalised. */
export interface Affine {
  readonly scale: Value;
  readonly bias: Value;
}

/** Each channel of each scan to mean 0 and variance 1 over space; float32 on the CPU provider. */
export function instanceNorm(x: Value, epsilon: number, affine?: Affine): Value {
  const channels = Number(x.shape[1]);
  const { scale, bias } = affine ?? {
    scale: filled(x, channels, 1),
    bias: filled(x, channels, 0),
  };
  return apply(featureNormalisationOperators.InstanceNormalization, [x, scale, bias], {
    epsilon: { float: epsilon },
  });
}

/** As {@link instanceNorm}, over `groups` of neighbouring channels together. */
export function groupNorm(x: Value, groups: number, epsilon: number, affine?: Affine): Value {
  const [batch, channels, ...space] = staticShape(x);
  if (channels % groups !== 0) {
    throw new ShapeError(`${channels} channels in ${groups} groups`);
  }
  const size = (channels / groups) * elementCount(space);
  const normalised = reshape(instanceNorm(reshape(x, [batch, groups, size]), epsilon), x.shape);
  return affine === undefined
    ? normalised
    : add(mul(normalised, perChannel(affine.scale, x)), perChannel(affine.bias, x));
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
 * Composed, not ONNX's BatchNormalization: no provider for GPUs runs that in training mode.
 */
export function batchNorm(
  x: Value,
  { scale, bias }: Affine,
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
    output: add(mul(normalised, perChannel(scale, x)), perChannel(bias, x)),
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
  readonly inverseDeviation: Value;
  readonly normalised: Value;
}

/** n = (x - μ) / √(σ² + ε) over some axes, with the statistics, whose axes stay. */
function standardise(x: Value, axes: readonly number[], epsilon: number): Standardised {
  const mean = reduceMean(x, { axes, keep: true });
  const centred = sub(x, mean);
  const variance = reduceMean(mul(centred, centred), { axes, keep: true });
  const inverseDeviation = power(add(variance, epsilon), -0.5);
  return { mean, variance, inverseDeviation, normalised: mul(centred, inverseDeviation) };
}

function perChannel(values: Value, x: Value): Value {
  return reshape(values, [x.shape[1], ...spatialAxes(x).map(() => 1)]);
}

function filled(x: Value, count: number, number: number): Value {
  return x.graph.constant(x.type, [count], Array<number>(count).fill(number));
}

function spatialAxes(x: Value): number[] {
  return x.shape.slice(2).map((_, axis) => axis + 2);
}
