import { broadcastAxes } from '../broadcast';
import { apply, integer, operatorTable, type GradientRule, type Operator } from '../operator';
import { elementCount, positiveAxis, staticShape, type Shape, type Value } from '../value';
import { add, cast, detach, div, equal, exp, log, mul, sub } from './elementwise';
import { expand, reshape } from './layout';

/** The second input holds the axes; their sizes become 1, or vanish without `keepdims`. */
const reduced: Operator['infer'] = ([x, axes], attributes) => {
  const gone = new Set(constantIntegers(axes));
  const keep = integer(attributes, 'keepdims') === 1;
  const shape = x.shape.flatMap((size, axis) => (!gone.has(axis) ? [size] : keep ? [1] : []));
  return [{ type: x.type, shape }];
};

export const reductionOperators = operatorTable({
  // y = Σ x over some axes:  dx = dy repeated along them
  ReduceSum: {
    infer: reduced,
    gradient: ({ inputs: [x, axes] }, dy) => [() => repeatAlong(dy, x, constantIntegers(axes))],
  },
  // y = (Σ x) / n:  dx = dy / n repeated
  ReduceMean: {
    infer: reduced,
    gradient: ({ inputs: [x, axes] }, dy) => [
      () => {
        const along = constantIntegers(axes);
        const count = elementCount(along.map((axis) => staticShape(x)[axis]));
        return repeatAlong(div(dy, count), x, along);
      },
    ],
  },
  // y = the largest (smallest) x:  dx = dy shared evenly by all that equal it (as torch.amax)
  ReduceMax: { infer: reduced, gradient: sharedByExtremes },
  ReduceMin: { infer: reduced, gradient: sharedByExtremes },
});

export interface ReductionOptions {
  /** Default: all axes. Negative axes count from the end. */
  readonly axes?: readonly number[];
  /** Reduced axes stay with size 1. */
  readonly keep?: boolean;
}

export const reduceSum = (x: Value, options: ReductionOptions = {}): Value =>
  reduce(reductionOperators.ReduceSum, x, options);
export const reduceMean = (x: Value, options: ReductionOptions = {}): Value =>
  reduce(reductionOperators.ReduceMean, x, options);

export const reduceMax = (x: Value, options: ReductionOptions = {}): Value =>
  reduce(reductionOperators.ReduceMax, x, options);
export const reduceMin = (x: Value, options: ReductionOptions = {}): Value =>
  reduce(reductionOperators.ReduceMin, x, options);

/** log Σ exp(x), without overflow: the largest x, a constant for gradients, is taken out first. */
export function logSumExp(x: Value, { axes, keep = false }: ReductionOptions = {}): Value {
  const along = axes ?? x.shape.map((_, axis) => axis);
  const largest = detach(reduceMax(x, { axes: along, keep: true }));
  const rest = log(reduceSum(exp(sub(x, largest)), { axes: along, keep }));
  return add(rest, keep ? largest : reshape(largest, rest.shape));
}

/** Sums over the axes along which a tensor of `shape` was broadcast to become `x`. */
export function sumTo(x: Value, shape: Shape): Value {
  const axes = broadcastAxes(shape, x.shape);
  return axes.length === 0 ? x : reshape(reduceSum(x, { axes, keep: true }), shape);
}

/** The numbers of a constant int64 list that this room's own functions made. */
export function constantIntegers(value: Value): number[] {
  if (value.source.kind !== 'constant') {
    throw new TypeError(`${value.name} is not a constant`);
  }
  return Array.from(value.source.data, Number);
}

function reduce(operator: Operator, x: Value, { axes, keep = false }: ReductionOptions): Value {
  const along = (axes ?? x.shape.map((_, axis) => axis))
    .map((axis) => positiveAxis(axis, x.shape.length))
    .sort((a, b) => a - b);
  if (along.length === 0) {
    return x;
  }
  return apply(operator, [x, x.graph.integers(along)], { keepdims: keep ? 1 : 0 });
}

/** The reverse of a sum over `axes` of a tensor like `x`. */
function repeatAlong(y: Value, x: Value, axes: readonly number[]): Value {
  return expand(aligned(y, x, axes), staticShape(x));
}

/** A reduction of x with the reduced axes back as axes of size 1. */
function aligned(y: Value, x: Value, axes: readonly number[]): Value {
  return reshape(
    y,
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

function sharedByExtremes(
  { inputs: [x, axes], outputs: [y] }: Parameters<GradientRule>[0],
  dy: Value,
): ReturnType<GradientRule> {
  return [
    () => {
      const along = constantIntegers(axes);
      const isExtreme = cast(equal(x, aligned(y, x, along)), x.type);
      const share = div(aligned(dy, x, along), reduceSum(isExtreme, { axes: along, keep: true }));
      return mul(isExtreme, share);
    },
  ];
}
