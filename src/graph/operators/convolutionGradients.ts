import { apply, missingGradient, type Node } from '../operator';
import { elementCount, staticShape, type Value } from '../value';
import { conv, convolutionOperators, geometryOf, spatialAxes, type Geometry } from './convolution';
import { gather } from './indexing';
import { concat, pad, padAll, reshape, slice, transpose } from './layout';
import { gemm } from './matrix';

/**
 * With stride 1 a convolution again. Else by ConvTranspose, which takes any stride but runs at a
 * tenth of Conv's speed on onnxruntime's CPU provider.
 */
export function inputGradient({ inputs: [x, w], attributes }: Node, dy: Value): Value {
  const { strides, dilations, padding, groups } = geometryOf(attributes);
  const kernel = staticShape(w).slice(2);
  const reach = kernel.map((size, axis) => dilations[axis] * (size - 1));
  const mirrored = reach.map((size, axis) => size - padding[axis]);
  if (groups === 1 && strides.every((stride) => stride === 1) && mirrored.every((p) => p >= 0)) {
    return conv(dy, flipped(w), undefined, { padding: mirrored, dilation: dilations });
  }
  const space = staticShape(x).slice(2);
  const covered = staticShape(dy)
    .slice(2)
    .map((size, axis) => strides[axis] * (size - 1) + reach[axis] + 1 - 2 * padding[axis]);
  return apply(convolutionOperators.ConvTranspose, [dy, w], {
    ...attributes,
    output_padding: space.map((size, axis) => size - covered[axis]),
  });
}

/** W with its kernel reversed along every axis, as [in, out, ...kernel]. */
function flipped(w: Value): Value {
  const [outputs, inputs, ...kernel] = staticShape(w);
  const taps = elementCount(kernel);
  const backwards = w.graph.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap));
  const turned = gather(reshape(w, [outputs, inputs, taps]), backwards, 2);
  return reshape(transpose(turned, [1, 0, 2]), [inputs, outputs, ...kernel]);
}

/** From this many input channels on one matrix product beats a convolution; see bench/step.ts. */
const channelsForProduct = 8;

/**
 * dW[o, c, k] = Σ over batch n and place p of dY[n, o, p] X[n, c, stride p + dilation k - padding].
 */
export function weightGradient(node: Node, dy: Value): Value {
  const [x, w] = node.inputs;
  const geometry = geometryOf(node.attributes);
  if (geometry.groups !== 1) {
    throw missingGradient(node, 1, 'more than one group');
  }
  const dense = geometry.strides.every((stride) => stride === 1);
  return dense && staticShape(w)[1] >= channelsForProduct
    ? weightGradientByProduct(x, dy, staticShape(w), geometry)
    : weightGradientByConvolution(x, dy, staticShape(w), geometry);
}

/** X * dY with batch and channels swapped, and stride and dilation too. */
function weightGradientByConvolution(
  x: Value,
  dy: Value,
  weightShape: readonly number[],
  { strides, dilations, padding }: Geometry,
): Value {
  const whole = conv(swapFirst(x), swapFirst(dy), undefined, {
    stride: dilations,
    dilation: strides,
    padding,
  });
  // A stride that leaves a rest at the border makes the result too long there.
  const exact = spatialAxes(whole).reduce(
    (result, axis) => slice(result, { axis, end: weightShape[axis] }),
    whole,
  );
  return swapFirst(exact);
}

/**
 * With stride 1, as one matrix product. X and dY are padded to the same size P and laid out as
 * [channels, L], L = batch × P. There, moving by a tap of the kernel is moving by a number of
 * places t along L, whatever wraps around meeting the zeros of dY:
 *   dW[o, c, k] = Σ over i of dY[o, i] X[c, i + t(k)],   t(k) = Σ over axes a of k[a] s[a],
 * with s[a] = dilation times the step of axis a. Splitting t = u + v between the two factors,
 *   = Σ over i of dY[o, i - u] X[c, i + v],
 * needs a copy of dY for each u and of X for each v only, not one for each tap.
 */
function weightGradientByProduct(
  x: Value,
  dy: Value,
  weightShape: readonly number[],
  { dilations, padding }: Geometry,
): Value {
  const [outputs, inputs, ...kernel] = weightShape;
  const paddedX = padAll(x, [0, 0, ...padding, 0, 0, ...padding]);
  const size = staticShape(paddedX).slice(2);
  const missing = staticShape(dy).map((length, axis) => (axis < 2 ? 0 : size[axis - 2] - length));
  const paddedDy = padAll(dy, [...missing.map(() => 0), ...missing]);
  const length = staticShape(x)[0] * elementCount(size);
  const steps = dilations.map((dilation, axis) => dilation * elementCount(size.slice(axis + 1)));

  const split = cheapestSplit(kernel, outputs, inputs);
  const movesOfDy = tapOffsets(kernel.slice(0, split), steps.slice(0, split));
  const movesOfX = tapOffsets(kernel.slice(split), steps.slice(split));
  const product = gemm(
    movedCopies(reshape(swapFirst(paddedDy), [outputs, length]), movesOfDy),
    movedCopies(
      reshape(swapFirst(paddedX), [inputs, length]),
      movesOfX.map((move) => -move),
    ),
    { transB: true },
  );
  const byTap = reshape(product, [movesOfDy.length, outputs, movesOfX.length, inputs]);
  return reshape(transpose(byTap, [1, 3, 0, 2]), weightShape);
}

/** How many leading kernel axes dY should move along, so that the fewest rows are copied. */
function cheapestSplit(kernel: readonly number[], outputs: number, inputs: number): number {
  const rows = (split: number): number =>
    outputs * elementCount(kernel.slice(0, split)) + inputs * elementCount(kernel.slice(split));
  const splits = Array.from({ length: kernel.length + 1 }, (_, split) => split);
  return splits.reduce((best, split) => (rows(split) < rows(best) ? split : best));
}

/** Σ tap[a] steps[a] for every tap of a kernel, last axis fastest. */
function tapOffsets(kernel: readonly number[], steps: readonly number[]): number[] {
  return kernel.reduce<number[]>(
    (offsets, taps, axis) =>
      offsets.flatMap((offset) =>
        Array.from({ length: taps }, (_, tap) => offset + tap * steps[axis]),
      ),
    [0],
  );
}

/** Copies of the rows [R, L], each moved right by a number of places, below one another. */
function movedCopies(rows: Value, moves: readonly number[]): Value {
  const [first, ...rest] = moves.map((move) => pad(rows, { axis: 1, before: move, after: -move }));
  return rest.length === 0 ? first : concat([first, ...rest], 0);
}

/** Swaps batch and channels; no copy where one of them is 1. */
function swapFirst(x: Value): Value {
  const [first, second, ...rest] = staticShape(x);
  return first === 1 || second === 1
    ? reshape(x, [second, first, ...rest])
    : transpose(x, [1, 0, ...spatialAxes(x)]);
}
