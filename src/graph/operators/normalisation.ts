import { apply, integer, operatorTable } from '../operator';
import { formatType, positiveAxis, sameShape, ShapeError, type Value } from '../value';
import { add, cast, detach, div, exp, log, maximum, mul, sqrt, sub } from './elementwise';
import { reduceMax, reduceMean, reduceSum, sumTo } from './reduction';

/** Operators that normalise along one axis. In the formulae dy is the gradient of the output y. */
export const normalisationOperators = operatorTable({
  // y = exp(x) / Σ exp(x):  dx = y (dy - Σ dy y)
  Softmax: {
    infer: ([x]) => [x],
    gradient: ({ outputs: [y], attributes }, dy) => {
      const axes = [integer(attributes, 'axis')];
      return [() => mul(y, sub(dy, reduceSum(mul(dy, y), { axes, keep: true })))];
    },
  },
  // y = n γ + β with n = (x - μ) r, r = 1 / √(σ² + ε), means over the last axis:
  //   dx = r (g - mean(g) - n mean(g n)) with g = dy γ,  dγ = Σ dy n,  dβ = Σ dy
  LayerNormalization: {
    infer: ([x, scale]) => {
      if (!sameShape(scale.shape, x.shape.slice(-1))) {
        throw new ShapeError(`layer norm of ${formatType(x)} with ${formatType(scale)}`);
      }
      // Whatever the type of x: ONNX's stash_type.
      const statistics = { type: 'float32', shape: [...x.shape.slice(0, -1), 1] } as const;
      return [x, statistics, statistics];
    },
    gradient: ({ inputs: [x, scale, bias], outputs: [, mean, inverseDeviation] }, dy) => {
      const scaleDown = (): Value => cast(inverseDeviation, x.type);
      const normalised = (): Value => mul(sub(x, cast(mean, x.type)), scaleDown());
      return [
        () => standardisedGradient(mul(dy, scale), normalised(), scaleDown()),
        () => sumTo(mul(dy, normalised()), scale.shape),
        () => sumTo(dy, bias.shape),
      ];
    },
  },
});

const table = normalisationOperators;

export const softmax = (x: Value, axis = -1): Value =>
  apply(table.Softmax, [x], { axis: positiveAxis(axis, x.shape.length) });

/**
 * x - log Σ exp(x), without overflow. Composed: WebGPU has no LogSoftmax, and one small operator on
 * the processor makes every step wait for the GPU.
 */
export function logSoftmax(x: Value, axis = -1): Value {
  const along = { axes: [axis], keep: true };
  const below = sub(x, detach(reduceMax(x, along)));
  return sub(below, log(reduceSum(exp(below), along)));
}

/** Normalises the last axis to mean 0 and (biased) variance 1, then scales and shifts it. */
export function layerNorm(x: Value, scale: Value, bias: Value, epsilon: number): Value {
  return apply(table.LayerNormalization, [x, scale, bias], {
    axis: x.shape.length - 1,
    epsilon: { float: epsilon },
  });
}

/**
 * x / max(|x|₂, 1e-12) along the last axis, as torch.nn.functional.normalize.
 * The bound is applied to the square, so that the root's gradient stays finite at 0.
 */
export function l2Normalise(x: Value): Value {
  const squares = reduceSum(mul(x, x), { axes: [-1], keep: true });
  return div(x, sqrt(maximum(squares, 1e-24)));
}

/** The gradient of x where n = (x - μ) r along the last axis, given the gradient g of n. */
function standardisedGradient(g: Value, normalised: Value, inverseDeviation: Value): Value {
  const mean = (value: Value): Value => reduceMean(value, { axes: [-1], keep: true });
  const centred = sub(g, add(mean(g), mul(normalised, mean(mul(g, normalised)))));
  return mul(centred, inverseDeviation);
}
