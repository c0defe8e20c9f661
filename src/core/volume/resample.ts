/** Separable resampling along one axis at a time, pixel centres at half indices. */

/** For every output index, the run of input indices that it is made of and their weights. */
export interface AxisWeights {
  readonly inputs: number;
  readonly outputs: number;
  /** First input of each output; never falls. */
  readonly first: Int32Array;
  /** How many inputs each output takes. */
  readonly count: Int32Array;
  /** Weight of input `first[o] + t` in output o at `o * taps + t`; those of an output sum to 1. */
  readonly weights: Float32Array;
  readonly taps: number;
}

/**
 * Linear interpolation that averages when it shrinks: a triangle as wide as the step between
 * outputs (at least that between inputs), cut and renormalised at the borders. The same as
 * PyTorch's and Pillow's antialiased bilinear resize; enlarging, it is plain linear interpolation.
 */
export function smoothWeights(inputs: number, outputs: number): AxisWeights {
  const step = inputs / outputs;
  const reach = Math.max(1, step);
  const taps = Math.min(inputs, 2 * Math.ceil(reach) + 1);
  const result = emptyWeights(inputs, outputs, taps);
  for (let o = 0; o < outputs; o++) {
    const centre = (o + 0.5) * step;
    // An input whose centre is a whole reach away weighs nothing and is left out.
    const first = Math.max(0, Math.ceil(centre - reach - 0.5 + 1e-9));
    const last = Math.min(inputs - 1, Math.floor(centre + reach - 0.5 - 1e-9));
    const triangle = Array.from(
      { length: last - first + 1 },
      (_, t) => 1 - Math.abs(first + t + 0.5 - centre) / reach,
    );
    const sum = triangle.reduce((total, weight) => total + weight, 0);
    result.first[o] = first;
    result.count[o] = triangle.length;
    result.weights.set(
      triangle.map((weight) => weight / sum),
      o * taps,
    );
  }
  return result;
}

/**
 * PyTorch's linear interpolation with `align_corners=False` and no antialiasing: shrinking, it
 * skips inputs.
 */
export function linearWeights(inputs: number, outputs: number): AxisWeights {
  const step = inputs / outputs;
  const taps = Math.min(inputs, 2);
  const result = emptyWeights(inputs, outputs, taps);
  for (let o = 0; o < outputs; o++) {
    const place = Math.max(0, (o + 0.5) * step - 0.5);
    const first = Math.min(inputs - 1, Math.floor(place));
    const share = first + 1 < inputs ? place - first : 0;
    result.first[o] = first;
    result.count[o] = share > 0 ? 2 : 1;
    result.weights[o * taps] = 1 - share;
    if (share > 0) {
      result.weights[o * taps + 1] = share;
    }
  }
  return result;
}

/** The weights of some of the outputs only: `count` of them from `start`. */
export function cropWeights(axis: AxisWeights, start: number, count: number): AxisWeights {
  return {
    ...axis,
    outputs: count,
    first: axis.first.subarray(start, start + count),
    count: axis.count.subarray(start, start + count),
    weights: axis.weights.subarray(start * axis.taps, (start + count) * axis.taps),
  };
}

function emptyWeights(inputs: number, outputs: number, taps: number): AxisWeights {
  return {
    inputs,
    outputs,
    first: new Int32Array(outputs),
    count: new Int32Array(outputs),
    weights: new Float32Array(outputs * taps),
    taps,
  };
}

/** Writes the resampled `row` (`axis.inputs` values) to `target` (`axis.outputs` values). */
export function resampleRow(row: Float32Array, axis: AxisWeights, target: Float32Array): void {
  const { first, count, weights, taps, outputs } = axis;
  for (let o = 0; o < outputs; o++) {
    const from = first[o];
    const weight = o * taps;
    let sum = 0;
    for (let t = 0, length = count[o]; t < length; t++) {
      sum += row[from + t] * weights[weight + t];
    }
    target[o] = sum;
  }
}

/**
 * Adds one input line (a row, or a whole plane) to every output line that it has a part in, for
 * an axis whose inputs arrive one after the other. `target` holds the output lines, one after
 * the other, zero before the first input.
 */
export function addLine(
  line: Float32Array,
  input: number,
  axis: AxisWeights,
  target: Float32Array,
): void {
  const { first, count, weights, taps, outputs } = axis;
  for (let o = firstUse(axis, input); o < outputs && first[o] <= input; o++) {
    if (input < first[o] + count[o]) {
      const weight = weights[o * taps + input - first[o]];
      const base = o * line.length;
      for (let i = 0; i < line.length; i++) {
        target[base + i] += line[i] * weight;
      }
    }
  }
}

/** The first output that might use an input: `first + count` never falls either. */
function firstUse({ first, count, outputs }: AxisWeights, input: number): number {
  let low = 0;
  let high = outputs;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (first[middle] + count[middle] <= input) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** A row-major picture in another size. */
export function resizePicture(
  pixels: Float32Array,
  [width, height]: readonly [number, number],
  [newWidth, newHeight]: readonly [number, number],
): Float32Array {
  const across = smoothWeights(width, newWidth);
  const down = smoothWeights(height, newHeight);
  const resized = new Float32Array(newWidth * newHeight);
  const row = new Float32Array(newWidth);
  for (let y = 0; y < height; y++) {
    resampleRow(pixels.subarray(y * width, (y + 1) * width), across, row);
    addLine(row, y, down, resized);
  }
  return resized;
}
