import { elementCount, staticShape, type Value } from '../value';
import { conv, type Geometry } from './convolution';
import { concat, expand, reshape, transpose } from './layout';
import { gemm } from './matrix';
import { cut, padSpace } from './phases';

/** From this many input channels on one matrix product beats a convolution (bench/RESULTS.md). */
const channelsForProduct = 8;

/**
 * The gradient of the weights in x * w:
 *   dW[o, c, k] = Σ over batch n and place p of dY[n, o, p] X[n, c, stride p + dilation k - padding].
 */
export function weightGradient(
  x: Value,
  weightShape: readonly number[],
  dy: Value,
  geometry: Geometry,
): Value {
  const { strides, groups } = geometry;
  return groups === 1 &&
    strides.every((stride) => stride === 1) &&
    weightShape[1] >= channelsForProduct
    ? gradientByProduct(x, weightShape, dy, geometry)
    : gradientByConvolution(x, weightShape, dy, geometry);
}

/**
 * X * dY with batch and channels swapped, and stride and dilation too. The groups stay groups: each
 * has the batch as its channels.
 */
function gradientByConvolution(
  x: Value,
  [, inputs, ...kernel]: readonly number[],
  dy: Value,
  { strides, dilations, padding, groups }: Geometry,
): Value {
  const [batch, , ...space] = staticShape(x);
  const byGroup = swap(reshape(x, [batch, groups, inputs, ...space]), 0, 2);
  const whole = conv(
    reshape(byGroup, [inputs, groups * batch, ...space]),
    swap(dy, 0, 1),
    undefined,
    { stride: dilations, dilation: strides, padding, groups },
  );
  // A stride that leaves a rest at the border makes the result too long there.
  const none = kernel.map(() => 0);
  return swap(cut(whole, none, kernel), 0, 1);
}

/**
 * With stride 1, as one matrix product. X and dY are laid out as [channels, L], all rows of the
 * space behind one another with zeros between them. There a tap of the kernel is a move by t places,
 * whatever wraps around meeting zeros:
 *   dW[o, c, k] = Σ over i of dY[o, i] X[c, i + t(k)],
 *   t(k) = Σ over axes of (dilation k - padding) times the step of the axis.
 * Splitting t = u + v between the two factors,
 *   = Σ over i of dY[o, i - u] X[c, i + v],
 * needs a copy of dY for each u and of X for each v only, not one for each tap.
 */
function gradientByProduct(
  x: Value,
  weightShape: readonly number[],
  dy: Value,
  { dilations, padding }: Geometry,
): Value {
  const [outputs, inputs, ...kernel] = weightShape;
  const counts = staticShape(dy).slice(2);
  // The zeros behind a row also serve the next row in front. dY is the longer one where the padding
  // reaches beyond the kernel.
  const size = staticShape(x)
    .slice(2)
    .map((length, axis) => Math.max(length + padding[axis], counts[axis]));
  const offsets = kernel.map((taps, axis) => {
    const step = elementCount(size.slice(axis + 1));
    return Array.from({ length: taps }, (_, tap) => (dilations[axis] * tap - padding[axis]) * step);
  });
  const split = cheapestSplit(kernel, outputs, inputs);
  const movesOfDy = sums(offsets.slice(0, split));
  const movesOfX = sums(offsets.slice(split)).map((move) => -move);
  // Both are moved further to the right by the same, so that no move is to the left.
  const first = Math.min(...movesOfDy, ...movesOfX);
  const room = Math.max(...movesOfDy, ...movesOfX) - first;
  const rows = (source: Value, moves: readonly number[]): Value =>
    movedCopies(
      channelRows(source, size),
      moves.map((move) => move - first),
      room,
    );
  const product = gemm(rows(dy, movesOfDy), rows(x, movesOfX), { transB: true });
  const byTap = reshape(product, [outputs, movesOfDy.length, inputs, movesOfX.length]);
  return reshape(transpose(byTap, [0, 2, 1, 3]), weightShape);
}

/** [N, C, ...space] -> [C, N places], with zeros behind each axis up to `size`. */
function channelRows(x: Value, size: readonly number[]): Value {
  const [batch, channels, ...space] = staticShape(x);
  const missing = size.map((length, axis) => length - space[axis]);
  const filled = padSpace(
    swap(x, 0, 1),
    missing.map(() => 0),
    missing,
  );
  return reshape(filled, [channels, batch * elementCount(size)]);
}

/** How many leading kernel axes dY should move along, so that the fewest rows are copied. */
function cheapestSplit(kernel: readonly number[], outputs: number, inputs: number): number {
  const rows = (split: number): number =>
    outputs * elementCount(kernel.slice(0, split)) + inputs * elementCount(kernel.slice(split));
  const splits = Array.from({ length: kernel.length + 1 }, (_, split) => split);
  return splits.reduce((best, split) => (rows(split) < rows(best) ? split : best));
}

/** The sums of one number from each list, those of the last list fastest. */
function sums(lists: readonly (readonly number[])[]): number[] {
  return lists.reduce<number[]>(
    (totals, list) => totals.flatMap((total) => list.map((number) => total + number)),
    [0],
  );
}

/**
 * Each of the rows [R, L] once for each move, moved right by so many places: [R moves, L + room].
 * One Concat of rows and the zeros between them.
 */
function movedCopies(rows: Value, moves: readonly number[], room: number): Value {
  const [count, length] = staticShape(rows);
  const zero = rows.graph.scalar(rows.type, 0);
  const gap = (places: number): Value[] => (places > 0 ? [expand(zero, [count, places])] : []);
  const parts = moves.flatMap((move) => [...gap(move), rows, ...gap(room - move)]);
  const [first, ...others] = parts;
  return reshape(concat([first, ...others], 1), [count * moves.length, length + room]);
}

/** Swaps two axes; no copy where nothing but axes of size 1 lies between them. */
function swap(x: Value, a: number, b: number): Value {
  const order = x.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  const shape = staticShape(x);
  const between = shape.slice(a, b + 1).filter((size) => size > 1);
  return between.length < 2
    ? reshape(
        x,
        order.map((axis) => shape[axis]),
      )
    : transpose(x, order);
}
