import { apply, float, operatorTable, type Operator } from '../operator';
import type { Value } from '../value';
import { add, exp, less, mul, negate, sub, where } from './elementwise';

const sameAsInput: Operator['infer'] = ([x]) => [x];

/** √(2/π) and the cubic term of GELU's tanh approximation (Hendrycks and Gimpel 2016). */
const tanhSlope = Math.sqrt(2 / Math.PI);
const tanhCubic = 0.044715;

/** Activations of one number. In the formulae dy is the gradient of the output y. */
export const activationOperators = operatorTable({
  // y = max(x, 0):  dx = dy where y > 0
  Relu: {
    infer: sameAsInput,
    gradient: ({ outputs: [y] }, dy) => [() => where(less(0, y), dy, 0)],
  },
  // y = x where x > 0, s x elsewhere:  dx = dy where x > 0, s dy elsewhere
  LeakyRelu: {
    infer: sameAsInput,
    gradient: ({ inputs: [x], attributes }, dy) => {
      const slope = float(attributes, 'alpha');
      return [() => where(less(0, x), dy, mul(dy, slope))];
    },
  },
  // y = tanh(x):  dx = dy (1 - y²)
  Tanh: {
    infer: sameAsInput,
    gradient: ({ outputs: [y] }, dy) => [() => mul(dy, sub(1, mul(y, y)))],
  },
  // y = σ(x) = 1 / (1 + exp(-x)):  dx = dy y (1 - y)
  Sigmoid: {
    infer: sameAsInput,
    gradient: ({ outputs: [y] }, dy) => [() => mul(dy, mul(y, sub(1, y)))],
  },
  // y = log(1 + exp(x)):  dx = dy σ(x)
  Softplus: {
    infer: sameAsInput,
    gradient: ({ inputs: [x] }, dy) => [() => mul(dy, sigmoid(x))],
  },
  // y = erf(x):  dx = dy 2/√π exp(-x²)
  Erf: {
    infer: sameAsInput,
    gradient: ({ inputs: [x] }, dy) => [
      () => mul(dy, mul(exp(negate(mul(x, x))), 2 / Math.sqrt(Math.PI))),
    ],
  },
  // exact:  y = x Φ(x), Φ(x) = (1 + erf(x/√2)) / 2:
  //   dx = dy (Φ(x) + x φ(x)), φ(x) = exp(-x²/2) / √(2π)
  // tanh:   y = x (1 + t) / 2, t = tanh(u), u = √(2/π) (x + c x³):
  //   dx = dy (1 + t + x (1 - t²) u') / 2, u' = √(2/π) (1 + 3 c x²)
  Gelu: {
    infer: sameAsInput,
    gradient: ({ inputs: [x], attributes }, dy) => [
      () => mul(dy, attributes.approximate === 'tanh' ? tanhGeluSlope(x) : geluSlope(x)),
    ],
  },
});

const table = activationOperators;
export const relu = (x: Value): Value => apply(table.Relu, [x]);
/** x where positive, `slope` times x elsewhere. */
export const leakyRelu = (x: Value, slope = 0.01): Value =>
  apply(table.LeakyRelu, [x], { alpha: { float: slope } });
export const tanh = (x: Value): Value => apply(table.Tanh, [x]);
export const sigmoid = (x: Value): Value => apply(table.Sigmoid, [x]);
/** log(1 + exp(x)), without overflow. */
export const softplus = (x: Value): Value => apply(table.Softplus, [x]);
export const erf = (x: Value): Value => apply(table.Erf, [x]);

/** GELU, exact (by erf) or by its tanh approximation; float32 only on onnxruntime's CPU provider. */
export const gelu = (x: Value, approximate: 'none' | 'tanh' = 'none'): Value =>
  apply(table.Gelu, [x], approximate === 'none' ? {} : { approximate });

/** x σ(1.702 x), the activation of CLIP. onnxruntime fuses the forward part. */
export const quickGelu = (x: Value): Value => mul(x, sigmoid(mul(x, 1.702)));

function geluSlope(x: Value): Value {
  const cumulative = mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(cumulative, mul(x, density));
}

function tanhGeluSlope(x: Value): Value {
  const square = mul(x, x);
  const t = tanh(mul(x, add(mul(square, tanhSlope * tanhCubic), tanhSlope)));
  const slope = add(mul(square, 3 * tanhSlope * tanhCubic), tanhSlope);
  return mul(add(add(t, 1), mul(mul(x, sub(1, mul(t, t))), slope)), 0.5);
}
