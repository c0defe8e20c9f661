import { broadcastShapes } from '../broadcast';
import { apply, operatorTable, type Operator } from '../operator';
import { formatType, ShapeError, type DataType, type Operand, type Value } from '../value';
import { sumTo } from './reduction';

type Infer = Operator['infer'];

/** Operands of one type, broadcast; the result has their type. */
const broadcast: Infer = (inputs) => [{ type: commonType(inputs), shape: commonShape(inputs) }];
const comparison: Infer = (inputs) => {
  commonType(inputs);
  return [{ type: 'bool', shape: commonShape(inputs) }];
};
const sameAsInput: Infer = ([x]) => [x];

/** Elementwise operators. In the formulae dy is the gradient of the output y. */
export const elementwiseOperators = operatorTable({
  // y = a + b:  da = dy,  db = dy
  Add: {
    infer: broadcast,
    gradient: ({ inputs: [a, b] }, dy) => [() => sumTo(dy, a.shape), () => sumTo(dy, b.shape)],
  },
  // y = a - b:  da = dy,  db = -dy
  Sub: {
    infer: broadcast,
    gradient: ({ inputs: [a, b] }, dy) => [
      () => sumTo(dy, a.shape),
      () => negate(sumTo(dy, b.shape)),
    ],
  },
  // y = a b:  da = dy b,  db = dy a
  Mul: {
    infer: broadcast,
    gradient: ({ inputs: [a, b] }, dy) => [
      () => sumTo(mul(dy, b), a.shape),
      () => sumTo(mul(dy, a), b.shape),
    ],
  },
  // y = a / b:  da = dy / b,  db = -dy y / b
  Div: {
    infer: broadcast,
    gradient: ({ inputs: [a, b], outputs: [y] }, dy) => [
      () => sumTo(div(dy, b), a.shape),
      () => negate(sumTo(div(mul(dy, y), b), b.shape)),
    ],
  },
  // y = max(a, b):  da = dy where a >= b,  db = dy elsewhere (a tie goes to a)
  Max: {
    infer: broadcast,
    gradient: ({ inputs: [a, b] }, dy) => [
      () => sumTo(where(less(a, b), 0, dy), a.shape),
      () => sumTo(where(less(a, b), dy, 0), b.shape),
    ],
  },
  // y = min(a, b):  da = dy where a <= b,  db = dy elsewhere (a tie goes to a)
  Min: {
    infer: broadcast,
    gradient: ({ inputs: [a, b] }, dy) => [
      () => sumTo(where(less(b, a), 0, dy), a.shape),
      () => sumTo(where(less(b, a), dy, 0), b.shape),
    ],
  },
  // y = a^b:  da = dy b a^(b - 1),  db = dy y log(a)
  Pow: {
    infer: broadcast,
    gradient: ({ inputs: [a, b], outputs: [y] }, dy) => [
      () => sumTo(mul(mul(dy, b), power(a, sub(b, 1))), a.shape),
      () => sumTo(mul(mul(dy, y), log(a)), b.shape),
    ],
  },
  // y = c ? a : b:  da = dy where c,  db = dy elsewhere
  Where: {
    infer: ([condition, a, b]) => {
      requireType(condition, 'bool');
      return [{ type: commonType([a, b]), shape: commonShape([condition, a, b]) }];
    },
    gradient: ({ inputs: [condition, a, b] }, dy) => [
      undefined,
      () => sumTo(where(condition, dy, 0), a.shape),
      () => sumTo(where(condition, 0, dy), b.shape),
    ],
  },
  Equal: { infer: comparison },
  Less: { infer: comparison },
  Not: {
    infer: ([x]) => {
      requireType(x, 'bool');
      return [x];
    },
  },
  // y = x, taken for a constant by everything before it
  Identity: { infer: sameAsInput, gradient: 'stopped' },
  // y = -x:  dx = -dy
  Neg: { infer: sameAsInput, gradient: (_, dy) => [() => negate(dy)] },
  // y = |x|:  dx = dy, -dy or 0, as the sign of x
  Abs: {
    infer: sameAsInput,
    gradient: ({ inputs: [x] }, dy) => [
      () => where(less(0, x), dy, where(less(x, 0), negate(dy), 0)),
    ],
  },
  // y = sqrt(x):  dx = dy / (2 y)
  Sqrt: {
    infer: sameAsInput,
    gradient: ({ outputs: [y] }, dy) => [() => div(mul(dy, 0.5), y)],
  },
  // y = exp(x):  dx = dy y
  Exp: { infer: sameAsInput, gradient: ({ outputs: [y] }, dy) => [() => mul(dy, y)] },
  // y = log(x):  dx = dy / x
  Log: { infer: sameAsInput, gradient: ({ inputs: [x] }, dy) => [() => div(dy, x)] },
  // y = x in another type:  dx = dy in the type of x
  Cast: {
    infer: ([{ shape }], attributes) => [{ type: castTypes[Number(attributes.to)], shape }],
    gradient: ({ inputs: [x] }, dy) => [() => cast(dy, x.type)],
  },
});

/** ONNX TensorProto.DataType numbers, the attribute of Cast. */
export const onnxTypes = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const satisfies Record<DataType, number>;
const castTypes = Object.fromEntries(
  Object.entries(onnxTypes).map(([type, number]) => [number, type as DataType]),
);

const table = elementwiseOperators;
export const add = (a: Operand, b: Operand): Value => binary(table.Add, a, b);
export const sub = (a: Operand, b: Operand): Value => binary(table.Sub, a, b);
export const mul = (a: Operand, b: Operand): Value => binary(table.Mul, a, b);
export const div = (a: Operand, b: Operand): Value => binary(table.Div, a, b);
/** Elementwise maximum; where equal the gradient goes to `a`. */
export const maximum = (a: Operand, b: Operand): Value => binary(table.Max, a, b);
/** Elementwise minimum; where equal the gradient goes to `a`. */
export const minimum = (a: Operand, b: Operand): Value => binary(table.Min, a, b);
/** a to the power of b; a negative base with a whole exponent has no gradient for the exponent. */
export const power = (a: Operand, b: Operand): Value => binary(table.Pow, a, b);
export const equal = (a: Operand, b: Operand): Value => binary(table.Equal, a, b);
export const less = (a: Operand, b: Operand): Value => binary(table.Less, a, b);
export const negate = (x: Value): Value => apply(table.Neg, [x]);
export const not = (x: Value): Value => apply(table.Not, [x]);
export const absolute = (x: Value): Value => apply(table.Abs, [x]);
export const sqrt = (x: Value): Value => apply(table.Sqrt, [x]);
export const exp = (x: Value): Value => apply(table.Exp, [x]);
export const log = (x: Value): Value => apply(table.Log, [x]);
/** x as a constant: no gradient passes. */
export const detach = (x: Value): Value => apply(table.Identity, [x]);

/** `a` where the condition holds, `b` elsewhere. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [first, second] = operands(a, b);
  return apply(table.Where, [condition, first, second]);
}

/** The same numbers in another type. */
export function cast(x: Value, type: DataType): Value {
  return x.type === type ? x : apply(table.Cast, [x], { to: onnxTypes[type] });
}

function binary(operator: Operator, a: Operand, b: Operand): Value {
  return apply(operator, operands(a, b));
}

/** Numbers become scalars of the other operand's type. */
function operands(a: Operand, b: Operand): [Value, Value] {
  if (typeof a !== 'number') {
    return [a, typeof b === 'number' ? a.graph.scalar(a.type, b) : b];
  }
  if (typeof b === 'number') {
    throw new TypeError('an operator needs a value: both operands are numbers');
  }
  return [b.graph.scalar(b.type, a), b];
}

function commonType(values: readonly Value[]): DataType {
  values.forEach((value) => {
    requireType(value, values[0].type);
  });
  return values[0].type;
}

function requireType(value: Value, type: DataType): void {
  if (value.type !== type) {
    throw new ShapeError(`${type} is needed, not ${formatType(value)}`);
  }
}

function commonShape(values: readonly Value[]): Value['shape'] {
  return broadcastShapes(...values.map(({ shape }) => shape));
}
