import { apply, integer, integers, operatorTable } from '../operator';
import {
  formatType,
  positiveAxis,
  sameShape,
  ShapeError,
  staticShape,
  type Dimension,
  type Shape,
  type Value,
} from '../value';
import { broadcastShapes } from '../broadcast';
import { constantIntegers, sumTo } from './reduction';

/** Operators that move numbers without changing them. In the formulae dy is the gradient of y. */
export const layoutOperators = operatorTable({
  // y = x in another shape:  dx = dy in the shape of x
  Reshape: {
    infer: ([x, sizes]) => [{ type: x.type, shape: reshaped(x, constantIntegers(sizes)) }],
    gradient: ({ inputs: [x] }, dy) => [() => reshape(dy, x.shape)],
  },
  // y = x with axes permuted:  dx = dy with the inverse permutation
  Transpose: {
    infer: ([x], attributes) => {
      const shape = integers(attributes, 'perm').map((axis) => x.shape[axis]);
      return [{ type: x.type, shape }];
    },
    gradient: ({ attributes }, dy) => {
      const order = integers(attributes, 'perm');
      return [
        () =>
          transpose(
            dy,
            order.map((_, axis) => order.indexOf(axis)),
          ),
      ];
    },
  },
  // y = x[start : end : step] along one axis:  dx = dy at these places, 0 elsewhere
  Slice: {
    infer: ([x, start, end, axis, step]) => {
      const [along] = constantIntegers(axis);
      const count = sliceLength(x.shape[along], start, end, step);
      return [{ type: x.type, shape: x.shape.with(along, count) }];
    },
    gradient: ({ inputs: [x, start, , axis, step] }, dy) => [
      () => {
        const [along] = constantIntegers(axis);
        const [first] = constantIntegers(start);
        const [by] = constantIntegers(step);
        const forwards = by > 0 ? dy : flip(dy, along);
        const spread = spreadOut(forwards, along, Math.abs(by));
        const length = staticShape(spread)[along];
        const before = by > 0 ? first : first - length + 1;
        return pad(spread, { axis: along, before, after: staticShape(x)[along] - before - length });
      },
    ],
  },
  // y = x with zeros around it (or cut, where negative) along one axis:  dx = dy without them
  Pad: {
    infer: ([x, pads]) => {
      const amounts = constantIntegers(pads);
      const shape = staticShape(x).map(
        (size, axis) => size + amounts[axis] + amounts[axis + x.shape.length],
      );
      return [{ type: x.type, shape }];
    },
    gradient: ({ inputs: [, pads] }, dy) => [
      () =>
        padAll(
          dy,
          constantIntegers(pads).map((amount) => -amount),
        ),
    ],
  },
  // y = x₁ next to x₂ ... along one axis:  dxᵢ = the part of dy that came from xᵢ
  Concat: {
    infer: (inputs, attributes) => {
      const axis = integer(attributes, 'axis');
      const total = inputs.reduce((sum, x) => sum + knownSize(x, axis), 0);
      const shape = inputs[0].shape.with(axis, total);
      if (inputs.some((x) => !sameShape(x.shape.with(axis, total), shape))) {
        throw new ShapeError(`Concat of ${inputs.map(formatType).join(' and ')}`);
      }
      return [{ type: inputs[0].type, shape }];
    },
    gradient: ({ inputs, attributes }, dy) => {
      const axis = integer(attributes, 'axis');
      const ends = inputs.map((_, position) =>
        inputs.slice(0, position + 1).reduce((sum, x) => sum + knownSize(x, axis), 0),
      );
      return ends.map(
        (end, position) => () => slice(dy, { axis, start: ends[position - 1] ?? 0, end }),
      );
    },
  },
  // y = x repeated to a larger shape:  dx = dy summed over the repeats
  Expand: {
    infer: ([x, sizes]) => {
      const shape = broadcastShapes(x.shape, constantIntegers(sizes));
      return [{ type: x.type, shape }];
    },
    gradient: ({ inputs: [x] }, dy) => [() => sumTo(dy, x.shape)],
  },
  /** The size of one axis as int64[1]. */
  Shape: { infer: () => [{ type: 'int64', shape: [1] }] },
});

/** The same numbers in another shape; at most one size may be new and known only at run time. */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) {
    return x;
  }
  const sizes = shape.map((size, axis) =>
    typeof size === 'number' ? size : size === x.shape[axis] ? 0 : -1,
  );
  return apply(layoutOperators.Reshape, [x, x.graph.integers(sizes)]);
}

/** Axis `order[i]` of x becomes axis i. */
export function transpose(x: Value, order: readonly number[]): Value {
  return order.every((axis, position) => axis === position)
    ? x
    : apply(layoutOperators.Transpose, [x], { perm: [...order] });
}

export interface SliceRange {
  readonly axis: number;
  readonly start?: number;
  /** Exclusive; a value where it is known only at run time (see {@link sizeOf}). */
  readonly end: number | Value;
  readonly step?: number;
}

/** Every `step`-th part from `start` up to `end` along one axis. */
export function slice(x: Value, { axis, start = 0, end, step = 1 }: SliceRange): Value {
  const { graph } = x;
  const along = positiveAxis(axis, x.shape.length);
  if (start === 0 && end === x.shape[along] && step === 1) {
    return x;
  }
  return apply(layoutOperators.Slice, [
    x,
    graph.integers([start]),
    typeof end === 'number' ? graph.integers([end]) : end,
    graph.integers([along]),
    graph.integers([step]),
  ]);
}

/** The parts along one axis in reverse order. */
export function flip(x: Value, axis: number): Value {
  const along = positiveAxis(axis, x.shape.length);
  const size = staticShape(x)[along];
  // The end "before the first" is a negative number that ONNX does not count from the back.
  const range = [[size - 1], [-size - 1], [along], [-1]].map((n) => x.graph.integers(n));
  return size === 1 ? x : apply(layoutOperators.Slice, [x, ...range]);
}

/** The size of one axis, for {@link slice}: a number where it is known already. */
export function sizeOf(x: Value, axis: number): number | Value {
  const along = positiveAxis(axis, x.shape.length);
  const size = x.shape[along];
  return typeof size === 'number'
    ? size
    : apply(layoutOperators.Shape, [x], { start: along, end: along + 1 });
}

/** Zeros before and after along one axis; negative numbers cut. */
export function pad(
  x: Value,
  { axis, before = 0, after = 0 }: { axis: number; before?: number; after?: number },
): Value {
  const rank = x.shape.length;
  const along = positiveAxis(axis, rank);
  const amounts = new Array<number>(2 * rank).fill(0);
  amounts[along] = before;
  amounts[along + rank] = after;
  return padAll(x, amounts);
}

export function concat(parts: readonly [Value, ...Value[]], axis: number): Value {
  return apply(layoutOperators.Concat, parts, {
    axis: positiveAxis(axis, parts[0].shape.length),
  });
}

/** Repeats axes of size 1 (and adds leading axes) until the shape is reached. */
export function expand(x: Value, shape: readonly number[]): Value {
  return sameShape(x.shape, shape)
    ? x
    : apply(layoutOperators.Expand, [x, x.graph.integers(shape)]);
}

/** As {@link pad} along all axes: `amounts` before each axis, then after each axis. */
export function padAll(x: Value, amounts: readonly number[]): Value {
  return amounts.every((amount) => amount === 0)
    ? x
    : apply(layoutOperators.Pad, [x, x.graph.integers(amounts)]);
}

/** Puts `step - 1` zeros after each part along an axis except the last. */
function spreadOut(x: Value, axis: number, step: number): Value {
  if (step === 1) {
    return x;
  }
  const shape = staticShape(x);
  const single = reshape(x, shape.toSpliced(axis + 1, 0, 1));
  const spaced = pad(single, { axis: axis + 1, after: step - 1 });
  return pad(reshape(spaced, shape.with(axis, shape[axis] * step)), { axis, after: 1 - step });
}

/** ONNX Reshape: 0 copies a size, -1 takes what is left. */
function reshaped(x: Value, sizes: readonly number[]): Shape {
  const known = sizes.map((size, axis): Dimension => (size === 0 ? x.shape[axis] : size));
  const names = x.shape.filter((size) => typeof size === 'string' && !known.includes(size));
  const ratio = numericPart(x.shape) / numericPart(known.filter((size) => size !== -1));
  const [name] = names;
  const rest = names.length === 0 ? ratio : names.length === 1 && ratio === 1 ? name : NaN;
  const fits = known.includes(-1) ? typeof rest === 'string' || Number.isInteger(rest) : rest === 1;
  if (!fits) {
    throw new ShapeError(`${formatType(x)} does not reshape to [${sizes.join(',')}]`);
  }
  return known.map((size) => (size === -1 ? rest : size));
}

/** The size of an axis; a ShapeError where it has only a name. */
function knownSize({ type, shape }: Value, axis: number): number {
  return staticShape({ type, shape: shape.slice(axis, axis + 1) })[0];
}

function numericPart(shape: Shape): number {
  return shape.reduce<number>(
    (product, size) => product * (typeof size === 'number' ? size : 1),
    1,
  );
}

function sliceLength(size: Dimension, start: Value, end: Value, step: Value): Dimension {
  if (end.source.kind === 'node') {
    // Known only at run time: a size that sizeOf read.
    const { inputs, attributes } = end.source.node;
    return inputs[0].shape[integer(attributes, 'start')];
  }
  const [from, to, by] = [start, end, step].map((value) => constantIntegers(value)[0]);
  if (by < 0) {
    return Math.ceil((from - Math.max(-1, to)) / -by);
  }
  if (from < 0 || to <= from || (typeof size === 'number' && to > size)) {
    throw new ShapeError(`slice ${from}:${to}:${by} of ${size}`);
  }
  return Math.ceil((to - from) / by);
}
