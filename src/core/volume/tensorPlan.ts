import { throwIfCancelled } from '../errors';
import { yieldToEvents } from '../progress';
import type { LongWork } from '../progress';
import { addLine, LineResampler, resampleRow, usedInputs } from './resample';
import type { AxisWeights, InputRange } from './resample';
import type { VolumeHeader } from './types';

/**
 * Values of a network's input: float32, or for storage 16-bit integers, of which
 * {@link unitSteps} make 1.
 */
export type TensorArray = Float32Array | Int16Array;

/** Steps of a 16-bit tensor from 0 to 1. */
export const unitSteps = 32767;

/** A volume of which one slice after the other is looked at. */
export interface SliceSource {
  readonly header: VolumeHeader;
  /** `valueOf` of the HU of each slice, k = 0 first. A slice is valid until the next but one is asked for. */
  readonly slices: (
    valueOf: (hu: number) => number,
  ) => AsyncIterable<Float32Array> | Iterable<Float32Array>;
}

/**
 * How the tensor's box lies along one storage axis: its index b shows the stored index
 * `(b - before + skipped + 0.5) * step - 0.5`, pixel centres at half indices.
 */
export interface BoxAxis {
  /** Voxels of the box along this axis, padding included. */
  readonly size: number;
  /** Voxels of padding before the first resampled one. */
  readonly before: number;
  /** Resampled voxels that a crop left out at the beginning. */
  readonly skipped: number;
  /** Stored voxels from one voxel of the box to the next. */
  readonly step: number;
}

/**
 * How a volume becomes a tensor: every voxel is clipped and scaled, each storage axis is resampled
 * by its weights, the result is cut to [-1, 1] and put where it belongs; -1 stands elsewhere.
 */
export interface TensorPlan {
  /** [1, depth, height, width] */
  readonly shape: readonly [number, number, number, number];
  /** What is resampled: clipped HU in units of the tensor. */
  readonly valueOf: (hu: number) => number;
  /** Whether `valueOf` gives values in [-1, 1] only. */
  readonly isBounded: boolean;
  /** Weights along the storage axes i, j, k; outputs that a crop removes are not among them. */
  readonly axes: readonly [AxisWeights, AxisWeights, AxisWeights];
  /** Resampled voxel (i, j, k) goes to `start + i * strides[0] + j * strides[1] + k * strides[2]`. */
  readonly start: number;
  readonly strides: readonly [number, number, number];
  /** The box along the storage axes i, j, k. */
  readonly box: readonly [BoxAxis, BoxAxis, BoxAxis];
}

/** Takes in the slices of a volume, k = 0 first, and writes the tensor. */
interface SliceResampler {
  push(slice: Float32Array, k: number): void;
}

/** Slices between two looks at the events: some milliseconds of work. */
const slicesPerTurn = 8;

/**
 * Writes the tensor of a volume into `target`. Works slice by slice while the slices arrive, so
 * that besides the tensor no more than a few slices are in memory.
 *
 * @throws CancelledError; what the source throws
 */
export async function fillTensor(
  source: SliceSource,
  plan: TensorPlan,
  target: TensorArray,
  work: LongWork,
): Promise<void> {
  const total = source.header.shape[2];
  if (plan.axes.reduce((voxels, { outputs }) => voxels * outputs, 1) < target.length) {
    target.fill(target instanceof Int16Array ? -unitSteps : -1);
  }
  const resampler: SliceResampler = plan.axes.every(({ taps }) => taps <= 2)
    ? new BlendedSlices(plan, target)
    : new ShrunkSlices(plan, target);
  let k = 0;
  for await (const slice of source.slices(plan.valueOf)) {
    if (k % slicesPerTurn === 0) {
      work.onProgress?.({ stage: 'Resampling the volume', done: k, total });
      await yieldToEvents();
      throwIfCancelled(work.signal);
    }
    resampler.push(slice, k++);
  }
}

/**
 * For weights of many inputs, which mostly shrink: each slice is resampled in its plane, then added
 * to the output planes under way.
 */
class ShrunkSlices implements SliceResampler {
  private readonly row: Float32Array;
  private readonly plane: Float32Array;
  private readonly write: RowWriter;
  private readonly planes: LineResampler;

  constructor(
    private readonly plan: TensorPlan,
    target: TensorArray,
  ) {
    const [alongI, alongJ, alongK] = plan.axes;
    this.row = new Float32Array(alongI.outputs);
    this.plane = new Float32Array(alongI.outputs * alongJ.outputs);
    this.planes = new LineResampler(alongK, this.plane.length);
    this.write = rowWriter(target);
  }

  push(slice: Float32Array, k: number): void {
    const { row, plane } = this;
    const [alongI, alongJ] = this.plan.axes;
    for (let j = 0; j < alongJ.inputs; j++) {
      resampleRow(slice, j * alongI.inputs, alongI, row);
      addLine(row, j, alongJ, plane);
    }
    this.planes.push(plane, k, this.place);
  }

  private readonly place = (k: number, plane: Float32Array): void => {
    const { start, strides } = this.plan;
    const width = this.row.length;
    for (let j = 0; j * width < plane.length; j++) {
      const row = plane.subarray(j * width, (j + 1) * width);
      this.write(row, start + j * strides[1] + k * strides[2], strides[0]);
    }
  };
}

/**
 * For linear interpolation: two slices are blended, then the blend is resampled in its plane, so
 * that the work is bounded by the size of the tensor however many slices there are.
 */
class BlendedSlices implements SliceResampler {
  /** The next output plane, whose inputs are still to come. */
  private next = 0;
  private previous: Float32Array | undefined;
  private readonly blend: Float32Array;
  /** The plane after i is resampled, as (i, j): rows then hold what lies along j. */
  private readonly turned: Float32Array;
  private readonly pitch: number;
  private readonly usedI: InputRange;
  private readonly usedJ: InputRange;
  private readonly column: Float32Array;
  private readonly write: RowWriter;
  /** The tensor, where what is interpolated can be written as it is: it lies between its inputs. */
  private readonly direct: Float32Array | undefined;

  constructor(
    private readonly plan: TensorPlan,
    target: TensorArray,
  ) {
    const [alongI, alongJ] = plan.axes;
    this.blend = new Float32Array(alongI.inputs);
    // An odd number of cache lines a row: those of a column then fall in different cache sets.
    this.pitch = (Math.ceil(alongJ.inputs / 16) | 1) * 16;
    this.turned = new Float32Array(alongI.outputs * this.pitch);
    this.usedI = usedInputs(alongI);
    this.usedJ = usedInputs(alongJ);
    this.column = new Float32Array(alongJ.outputs);
    this.write = rowWriter(target);
    this.direct = plan.isBounded && target instanceof Float32Array ? target : undefined;
  }

  push(slice: Float32Array, k: number): void {
    const [, , alongK] = this.plan.axes;
    for (; this.next < alongK.outputs; this.next++) {
      const last = alongK.first[this.next] + alongK.count[this.next] - 1;
      if (last !== k) {
        break;
      }
      // Of a single slice there is no other to blend it with.
      const share = alongK.taps === 2 ? alongK.weights[this.next * 2 + 1] : 0;
      this.output(this.previous ?? slice, slice, share);
    }
    this.previous = slice;
  }

  /** Computes the plane between two slices: `share` of the second and the rest of the first. */
  private output(first: Float32Array, second: Float32Array, share: number): void {
    const { blend, turned, pitch, column, plan, usedI, usedJ } = this;
    const [alongI, alongJ] = plan.axes;
    for (let j = usedJ.from; j < usedJ.to; j++) {
      blendRows(first, second, j * blend.length, share, usedI, blend);
      resampleRow(blend, 0, alongI, turned, { to: j, step: pitch });
    }
    const place = plan.start + this.next * plan.strides[2];
    for (let i = 0; i < alongI.outputs; i++) {
      const to = place + i * plan.strides[0];
      const step = plan.strides[1];
      if (this.direct === undefined) {
        resampleRow(turned, i * pitch, alongJ, column);
        this.write(column, to, step);
      } else {
        resampleRow(turned, i * pitch, alongJ, this.direct, { to, step });
      }
    }
  }
}

/** Blends the same row of two slices, where anything is made of it. */
function blendRows(
  first: Float32Array,
  second: Float32Array,
  start: number,
  share: number,
  { from, to }: InputRange,
  target: Float32Array,
): void {
  for (let i = from; i < to; i++) {
    const value = first[start + i];
    target[i] = value + (second[start + i] - value) * share;
  }
}

/** Cuts a row of values to [-1, 1] and writes them, `step` apart, from `to` on. NaN becomes -1. */
type RowWriter = (row: Float32Array, to: number, step: number) => void;

function rowWriter(target: TensorArray): RowWriter {
  if (target instanceof Int16Array) {
    return (row, to, step) => {
      const { length } = row;
      for (let i = 0, at = to; i < length; i++, at += step) {
        const value = row[i];
        const cut = value > 1 ? 1 : value >= -1 ? value : -1;
        // Rounds as Math.round does, several times as fast.
        target[at] = ((cut * unitSteps + (unitSteps + 0.5)) | 0) - unitSteps;
      }
    };
  }
  return (row, to, step) => {
    const { length } = row;
    for (let i = 0, at = to; i < length; i++, at += step) {
      const value = row[i];
      target[at] = value > 1 ? 1 : value >= -1 ? value : -1;
    }
  };
}
