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
 * skips inputs. Every output has two inputs, at the border too, unless there is only one.
 */
export function linearWeights(inputs: number, outputs: number): AxisWeights {
  const step = inputs / outputs;
  const taps = Math.min(inputs, 2);
  const result = emptyWeights(inputs, outputs, taps);
  for (let o = 0; o < outputs; o++) {
    const place = Math.max(0, (o + 0.5) * step - 0.5);
    const first = Math.max(0, Math.min(inputs - 2, Math.floor(place)));
    const share = Math.min(1, place - first);
    result.first[o] = first;
    result.count[o] = taps;
    result.weights.set(taps === 2 ? [1 - share, share] : [1], o * taps);
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

/** Where a row is written: values `step` apart, from `to` on. */
export interface RowPlace {
  readonly to: number;
  readonly step: number;
}

const atBeginning: RowPlace = { to: 0, step: 1 };

/** Writes the resampled row that begins at `start` (`axis.inputs` values): `axis.outputs` values. */
export function resampleRow(
  row: Float32Array,
  start: number,
  axis: AxisWeights,
  target: Float32Array,
  { to, step }: RowPlace = atBeginning,
): void {
  if (axis.taps === 2) {
    interpolateRow(row, start, axis, target, to, step);
    return;
  }
  const { first, count, weights, taps, outputs } = axis;
  for (let o = 0, at = to; o < outputs; o++, at += step) {
    const from = start + first[o];
    const weight = o * taps;
    let sum = 0;
    for (let t = 0, length = count[o]; t < length; t++) {
      sum += row[from + t] * weights[weight + t];
    }
    target[at] = sum;
  }
}

/** The same where every output has two inputs, without the inner loop. */
function interpolateRow(
  row: Float32Array,
  start: number,
  { first, weights, outputs }: AxisWeights,
  target: Float32Array,
  to: number,
  step: number,
): void {
  for (let o = 0, at = to; o < outputs; o++, at += step) {
    const from = start + first[o];
    const value = row[from];
    target[at] = value + (row[from + 1] - value) * weights[2 * o + 1];
  }
}

/**
 * Adds one input line to every output line that it has a part in, for an axis whose inputs arrive
 * one after the other, first to last. `target` holds the output lines, one after the other; what
 * stood there before the first input does not matter.
 */
export function addLine(
  line: Float32Array,
  input: number,
  axis: AxisWeights,
  target: Float32Array,
): void {
  for (let o = firstUse(axis, input); o < axis.outputs && axis.first[o] <= input; o++) {
    addWeighted(line, axis, input, o, target, o * line.length);
  }
}

/** Inputs from `from` to before `to`. */
export interface InputRange {
  readonly from: number;
  readonly to: number;
}

/** The inputs that outputs are made of: fewer than all where outputs were cropped away. */
export function usedInputs({ first, count, outputs }: AxisWeights): InputRange {
  return { from: first[0], to: first[outputs - 1] + count[outputs - 1] };
}

/**
 * Resamples along an axis whose lines (or whole planes) arrive one after the other, and hands out
 * each output line as soon as it is complete: only lines under way are held.
 */
export class LineResampler {
  /** Output o is under way in `lines[o % lines.length]`. */
  private readonly lines: readonly Float32Array[];

  constructor(
    private readonly axis: AxisWeights,
    length: number,
  ) {
    this.lines = Array.from({ length: mostUnderWay(axis) }, () => new Float32Array(length));
  }

  /**
   * Takes in the next line and gives the outputs that it completes, in rising order; they are
   * valid during the call.
   */
  push(
    line: Float32Array,
    input: number,
    take: (output: number, line: Float32Array) => void,
  ): void {
    const { axis, lines } = this;
    for (let o = firstUse(axis, input); o < axis.outputs && axis.first[o] <= input; o++) {
      const target = lines[o % lines.length];
      addWeighted(line, axis, input, o, target, 0);
      if (input === axis.first[o] + axis.count[o] - 1) {
        take(o, target);
      }
    }
  }
}

/** Adds the part that an input has in output `o` to the line at `base`, or begins that line with it. */
function addWeighted(
  line: Float32Array,
  { first, weights, taps }: AxisWeights,
  input: number,
  o: number,
  target: Float32Array,
  base: number,
): void {
  const weight = weights[o * taps + input - first[o]];
  const { length } = line;
  if (input === first[o]) {
    for (let i = 0; i < length; i++) {
      target[base + i] = line[i] * weight;
    }
  } else {
    for (let i = 0; i < length; i++) {
      target[base + i] += line[i] * weight;
    }
  }
}

/** How many outputs at most share an input. */
function mostUnderWay({ first, count, outputs }: AxisWeights): number {
  let most = 0;
  for (let o = 0, oldest = 0; o < outputs; o++) {
    while (first[oldest] + count[oldest] <= first[o]) {
      oldest++;
    }
    most = Math.max(most, o - oldest + 1);
  }
  return most;
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
    resampleRow(pixels, y * width, across, row);
    addLine(row, y, down, resized);
  }
  return resized;
}
