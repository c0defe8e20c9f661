import { addLine, resampleRow } from './resample';
import type { AxisWeights } from './resample';

/** Separable filters of a box of values, x fastest. */

/** A box whose axes x, y, z are each resampled by their weights. */
export function resampleBox(
  box: Float32Array,
  [alongX, alongY, alongZ]: readonly [AxisWeights, AxisWeights, AxisWeights],
): Float32Array {
  const row = new Float32Array(alongX.outputs);
  const plane = new Float32Array(alongX.outputs * alongY.outputs);
  const resampled = new Float32Array(plane.length * alongZ.outputs);
  for (let z = 0, start = 0; z < alongZ.inputs; z++) {
    for (let y = 0; y < alongY.inputs; y++, start += alongX.inputs) {
      resampleRow(box, start, alongX, row);
      addLine(row, y, alongY, plane);
    }
    addLine(plane, z, alongZ, resampled);
  }
  return resampled;
}

/** Standard deviations that a Gaussian reaches. */
const reachDeviations = 3;

/**
 * A Gaussian of a standard deviation in voxels. What would fall over a border is reflected there, so
 * that the sum of the values stays.
 */
export function gaussianWeights(size: number, deviation: number): AxisWeights {
  const reach = Math.min(size, Math.ceil(reachDeviations * deviation));
  const steps = Array.from({ length: 2 * reach + 1 }, (_, at) => at - reach);
  const kernel = steps.map((step) => Math.exp(-0.5 * (step / deviation) ** 2));
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const rows = Array.from({ length: size }, (_, at) => {
    const first = Math.max(0, at - reach);
    const weights = new Array<number>(Math.min(size - 1, at + reach) - first + 1).fill(0);
    steps.forEach((step, index) => {
      weights[reflected(at + step, size) - first] += kernel[index] / sum;
    });
    return { first, weights };
  });
  return axisWeights(size, rows);
}

/** An index up to `size` beyond either border, mirrored at it. */
function reflected(index: number, size: number): number {
  return index < 0 ? -1 - index : index < size ? index : 2 * size - 1 - index;
}

/**
 * Linear interpolation between inputs that stand at `places` (rising, in voxels of the output);
 * before the first and after the last their values go on.
 */
export function interpolationWeights(places: readonly number[], outputs: number): AxisWeights {
  const last = places.length - 1;
  if (last === 0) {
    return axisWeights(
      1,
      Array.from({ length: outputs }, () => ({ first: 0, weights: [1] })),
    );
  }
  let first = 0;
  const rows = Array.from({ length: outputs }, (_, at) => {
    while (first < last - 1 && places[first + 1] <= at) {
      first++;
    }
    const along = (at - places[first]) / (places[first + 1] - places[first]);
    const share = Math.min(1, Math.max(0, along));
    return { first, weights: [1 - share, share] };
  });
  return axisWeights(places.length, rows);
}

function axisWeights(
  inputs: number,
  rows: readonly { readonly first: number; readonly weights: readonly number[] }[],
): AxisWeights {
  const taps = Math.max(...rows.map(({ weights }) => weights.length));
  const weights = new Float32Array(rows.length * taps);
  rows.forEach((row, output) => {
    weights.set(row.weights, output * taps);
  });
  return {
    inputs,
    outputs: rows.length,
    first: Int32Array.from(rows, ({ first }) => first),
    count: Int32Array.from(rows, (row) => row.weights.length),
    weights,
    taps,
  };
}
