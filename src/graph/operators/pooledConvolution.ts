import { elementCount, isStatic, staticShape, type Value } from '../value';
import { conv } from './convolution';
import { add } from './elementwise';
import { concat, reshape, transpose } from './layout';
import { matmul } from './matrix';
import { cut, padSpace, pairAxes, placesBelow, splitPhases } from './phases';
import { firstLargest, maxPool } from './pooling';

/** Up to this many taps the cost of the zeros below is less than that of the passes saved. */
const mostTaps = 64;

export interface ConvMaxPoolOptions {
  /** Window and stride of the pooling, along every axis. */
  readonly pool: number;
  /** Zeros on both sides, along every axis. */
  readonly padding: number;
}

/**
 * maxPool(conv(x, weight, bias)), x [N, C, ...space], weight [O, C, ...kernel].
 *
 * Where x has few channels (a first layer) such a convolution is bound by memory, and so are the
 * pooling and the gradients of both. There it is one matrix product of which a column has all the
 * voxels under one window of the pooling, kernel + pool - 1 along each axis, and whose rows hold the
 * kernel at each of its places in the window, zeros around it:
 *   Y[n, (r, o), p] = Σ over c, t of W[o, c, t - r] X[n, c, pool p + t - padding].
 * The maximum over r then is one of whole rows, and the gradient of W one more product.
 */
export function convMaxPool(
  x: Value,
  weight: Value,
  bias: Value | undefined,
  { pool, padding }: ConvMaxPoolOptions,
): Value {
  const [, inputs, ...kernel] = staticShape(weight);
  // Rounded up to whole phases of the pooling.
  const steps = kernel.map((taps) => Math.ceil((taps + pool - 1) / pool));
  const taps = steps.map((count) => count * pool);
  if (!isStatic(x) || inputs * elementCount(taps) > mostTaps) {
    return maxPool(conv(x, weight, bias, { padding }), pool);
  }
  const space = staticShape(x).slice(2);
  const places = space.map((size, axis) =>
    Math.floor((size + 2 * padding - kernel[axis] + 1) / pool),
  );
  const [batch] = staticShape(x);
  const [outputs] = staticShape(weight);
  const corners = placesBelow(kernel.map(() => pool));

  const patches = windowColumns(x, { pool, padding, steps, places });
  const products = matmul(placedKernels(weight, corners, { pool, steps }), patches);
  const shape = [batch, corners.length, outputs, ...places];
  const largest = reshape(firstLargest(reshape(products, shape)), [batch, outputs, ...places]);
  // After the maximum, which it does not change: an eighth of the work in three dimensions.
  return bias === undefined
    ? largest
    : add(largest, reshape(bias, [outputs, ...places.map(() => 1)]));
}

interface WindowSizes {
  readonly pool: number;
  /** Taps of the widened kernel along each axis, in units of `pool`. */
  readonly steps: readonly number[];
}

/** The voxels under each window of the pooling: [N, steps × phases × C, places]. */
function windowColumns(
  x: Value,
  {
    pool,
    padding,
    steps,
    places,
  }: WindowSizes & { readonly padding: number; readonly places: readonly number[] },
): Value {
  const [batch, channels, ...space] = staticShape(x);
  const perPhase = places.map((count, axis) => count + steps[axis] - 1);
  const padded = padSpace(
    x,
    space.map(() => padding),
    space.map((size, axis) => perPhase[axis] * pool - size - padding),
  );
  const strides = space.map(() => pool);
  const rows = elementCount(strides) * channels;
  const phases = reshape(splitPhases(padded, strides), [batch, rows, ...perPhase]);
  const [first, ...others] = placesBelow(steps).map((step) => cut(phases, step, places));
  const all = concat([first, ...others], 1);
  return reshape(all, [batch, elementCount(steps) * rows, elementCount(places)]);
}

/** The kernel at each of its places in the window: [corners × O, steps × phases × C]. */
function placedKernels(
  weight: Value,
  corners: readonly (readonly number[])[],
  { pool, steps }: WindowSizes,
): Value {
  const [outputs, inputs, ...kernel] = staticShape(weight);
  const placed = corners.map((corner) =>
    padSpace(
      weight,
      corner,
      corner.map((at, axis) => steps[axis] * pool - kernel[axis] - at),
    ),
  );
  const [first, ...others] = placed;
  const rows = corners.length * outputs;
  const pairs = steps.flatMap((count) => [count, pool]);
  const [stepAxes, phaseAxes] = pairAxes(steps.length, 2);
  const byPhase = reshape(concat([first, ...others], 0), [rows, inputs, ...pairs]);
  return reshape(transpose(byPhase, [0, ...stepAxes, ...phaseAxes, 1]), [
    rows,
    inputs * elementCount(pairs),
  ]);
}
