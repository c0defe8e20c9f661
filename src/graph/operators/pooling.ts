import {
  apply,
  integer,
  integers,
  operatorTable,
  type Attributes,
  type Operator,
} from '../operator';
import { elementCount, staticShape, type Value } from '../value';
import { perAxis, placeCounts, spatialAxes, type PerAxis, type Placement } from './convolution';
import { inputGradient } from './convolutionInputGradient';
import { add, cast, div, equal, mul } from './elementwise';
import { concat, expand, reshape, slice } from './layout';
import { matmul } from './matrix';
import { cut, joinPhases, padSpace, placesBelow, splitPhases } from './phases';
import { reduceMax, reduceMean, reductionOperators } from './reduction';

/** Stands around the volume for a maximum: smaller than any voxel, and unlike -Infinity finite. */
const lowest = -3.4028234663852886e38;

const pooled: Operator['infer'] = ([x], attributes) => {
  const { window, ...placement } = windowsOf(attributes);
  return [{ type: x.type, shape: [...x.shape.slice(0, 2), ...placeCounts(x, window, placement)] }];
};

/** Pooling over the axes after [batch, channels]. In the formulae dy is the gradient of y. */
export const poolingOperators = operatorTable({
  // y = the largest of each window:  dx = dy there, at the first of equals as in PyTorch
  MaxPool: {
    infer: pooled,
    gradient: ({ inputs: [x], outputs: [y], attributes }, dy) => [
      () => {
        const windows = windowsOf(attributes);
        const stacked = stackWindows(x, staticShape(dy).slice(2), windows);
        const [largest, gradient] = [y, dy].map((value) =>
          reshape(value, value.shape.toSpliced(1, 0, 1)),
        );
        return unstackWindows(toFirstLargest(stacked, largest, gradient), x, windows);
      },
    ],
  },
  // y = (Σ x in each window) / n, a convolution with equal weights of each channel by itself:
  //   dx = the gradient of that convolution for dy / n
  // n counts the zeros of the padding or does not.
  AveragePool: {
    infer: pooled,
    gradient: ({ inputs: [x], attributes }, dy) => [
      () => {
        const { window, ...placement } = windowsOf(attributes);
        const [batch, channels, ...space] = staticShape(x);
        const ones = x.graph.constant(
          x.type,
          [1, 1, ...window],
          new Array<number>(elementCount(window)).fill(1),
        );
        const counted =
          integer(attributes, 'count_include_pad') === 1
            ? elementCount(window)
            : insideCounts(x, window, placement);
        const share = reshape(div(dy, counted), [batch * channels, 1, ...dy.shape.slice(2)]);
        const shape = [batch * channels, 1, ...space];
        return reshape(inputGradient(shape, ones, share, { ...placement, groups: 1 }), x.shape);
      },
    ],
  },
});

export interface PoolingOptions {
  /** Default: the window, so that windows touch. */
  readonly stride?: PerAxis;
  /** Places on both sides that are no part of the volume. */
  readonly padding?: PerAxis;
}

/** The largest number of each window; a last part that fills no window is dropped. */
export function maxPool(x: Value, window: PerAxis, options: PoolingOptions = {}): Value {
  return apply(poolingOperators.MaxPool, [x], poolingAttributes(x, window, options));
}

/** The mean of each window; `countPadding`: with the padding counted as zeros (PyTorch's default). */
export function averagePool(
  x: Value,
  window: PerAxis,
  { countPadding = true, ...options }: PoolingOptions & { readonly countPadding?: boolean } = {},
): Value {
  return apply(poolingOperators.AveragePool, [x], {
    ...poolingAttributes(x, window, options),
    count_include_pad: countPadding ? 1 : 0,
  });
}

/** The mean over the whole space: [N, C, 1, ...]. */
export const globalAveragePool = (x: Value): Value =>
  reduceMean(x, { axes: spatialAxes(x), keep: true });

/**
 * As torch.nn.functional.adaptive_avg_pool: output i of n along an axis of s places is the mean over
 * the places from floor(i s / n) to ceil((i + 1) s / n). Means of boxes separate by axis.
 */
export function adaptiveAveragePool(x: Value, size: PerAxis): Value {
  const space = staticShape(x).slice(2);
  return perAxis(size, space.length).reduce((result, wanted, index) => {
    const axis = index + 2;
    const shape = staticShape(result);
    const length = space[index];
    const shares = Array.from({ length: wanted }, (_, place) => {
      const start = Math.floor((place * length) / wanted);
      const end = Math.ceil(((place + 1) * length) / wanted);
      return Array.from({ length }, (__, at) => (at >= start && at < end ? 1 / (end - start) : 0));
    });
    const means = x.graph.constant(x.type, [wanted, length], shares.flat());
    const rows = reshape(result, [
      elementCount(shape.slice(0, axis)),
      length,
      elementCount(shape.slice(axis + 1)),
    ]);
    return reshape(matmul(means, rows), shape.with(axis, wanted));
  }, x);
}

/**
 * The largest along axis 1, which stays with size 1. Its gradient goes to the first of equals, where
 * {@link reduceMax} shares it.
 */
export function firstLargest(x: Value): Value {
  // The attribute, at its default, keeps this node apart from one that reduceMax made.
  const attributes = { keepdims: 1, noop_with_empty_axes: 0 };
  return apply(firstLargestOperator, [x, x.graph.integers([1])], attributes);
}

const firstLargestOperator: Operator = {
  ...reductionOperators.ReduceMax,
  gradient: ({ inputs: [x], outputs: [y] }, dy) => [() => toFirstLargest(x, y, dy)],
};

/**
 * dy [N, 1, ...] at the first place along axis 1 where x is its largest y, else 0. Of products and
 * casts: onnxruntime's Where takes three passes, its ArgMax is slow, and WebGPU has none.
 */
function toFirstLargest(x: Value, y: Value, dy: Value): Value {
  const count = staticShape(x)[1];
  const fromTheEnd = x.graph.constant(
    x.type,
    [count, ...x.shape.slice(2).map(() => 1)],
    Array.from({ length: count }, (_, place) => count - place),
  );
  const isLargest = cast(equal(x, y), x.type);
  const first = reduceMax(mul(isLargest, fromTheEnd), { axes: [1], keep: true });
  return mul(cast(equal(first, fromTheEnd), x.type), dy);
}

interface Windows extends Placement {
  readonly window: readonly number[];
}

/** The numbers of every window, tap by tap: [N, taps, C, ...places]. */
function stackWindows(x: Value, places: readonly number[], windows: Windows): Value {
  const { window, strides } = windows;
  const { before, after, perPhase } = phaseLayout(x, places, windows);
  const [batch, channels] = staticShape(x);
  const split = splitPhases(padSpace(x, before, after, lowest), strides);
  const phases = reshape(split, [batch, elementCount(strides), channels, ...perPhase]);
  if (touch(windows)) {
    return phases;
  }
  const taps = placesBelow(window).map((tap) => {
    const { phase, step } = placeOf(tap, strides);
    return cut(slice(phases, { axis: 1, start: phase, end: phase + 1 }), step, places);
  });
  const [first, ...others] = taps;
  return concat([first, ...others], 1);
}

/** The adjoint of {@link stackWindows}: what each number of x gets from all windows it is in. */
function unstackWindows(stacked: Value, x: Value, windows: Windows): Value {
  const { window, strides } = windows;
  const [batch, , channels, ...places] = staticShape(stacked);
  const { before, after, perPhase } = phaseLayout(x, places, windows);
  const phases = touch(windows) ? stacked : sumByPhase();
  const joined = joinPhases(reshape(phases, [batch, ...strides, channels, ...perPhase]), strides);
  return padSpace(
    joined,
    before.map((amount) => -amount),
    after.map((amount) => -amount),
  );

  function sumByPhase(): Value {
    const byPhase = new Map<number, Value[]>();
    placesBelow(window).forEach((tap, index) => {
      const { phase, step } = placeOf(tap, strides);
      const part = slice(stacked, { axis: 1, start: index, end: index + 1 });
      const rest = perPhase.map((size, axis) => size - step[axis] - places[axis]);
      byPhase.set(phase, [...(byPhase.get(phase) ?? []), padSpace(part, step, rest)]);
    });
    const zero = expand(x.graph.scalar(x.type, 0), [batch, 1, channels, ...perPhase]);
    const [first, ...others] = placesBelow(strides).map((_, phase) =>
      (byPhase.get(phase) ?? [zero]).reduce(add),
    );
    return concat([first, ...others], 1);
  }
}

/** True where the windows are the space cut up: their taps are the phases. */
function touch({ window, strides }: Windows): boolean {
  return window.every((size, axis) => size === strides[axis]);
}

/** The phase a tap of the window falls into, and how many places on. */
function placeOf(
  tap: readonly number[],
  strides: readonly number[],
): { readonly phase: number; readonly step: readonly number[] } {
  return {
    phase: tap.reduce((sum, at, axis) => sum * strides[axis] + (at % strides[axis]), 0),
    step: tap.map((at, axis) => Math.floor(at / strides[axis])),
  };
}

/** What to add to x (or cut) on each side so that its phases hold all windows and nothing else. */
function phaseLayout(
  x: Value,
  places: readonly number[],
  { window, strides, padding }: Windows,
): Readonly<Record<'before' | 'after' | 'perPhase', readonly number[]>> {
  const perPhase = places.map((count, axis) => count - 1 + Math.ceil(window[axis] / strides[axis]));
  const space = staticShape(x).slice(2);
  return {
    perPhase,
    before: padding,
    after: perPhase.map((size, axis) => size * strides[axis] - space[axis] - padding[axis]),
  };
}

/** How many places of each window are no padding: [1, 1, ...places]. */
function insideCounts(x: Value, window: readonly number[], placement: Placement): Value {
  const { graph, type } = x;
  const counts = placeCounts(x, window, placement);
  const space = staticShape(x).slice(2);
  const inside = (place: number, axis: number): number => {
    const start = place * placement.strides[axis] - placement.padding[axis];
    return Math.min(start + window[axis], space[axis]) - Math.max(start, 0);
  };
  const numbers = placesBelow(counts).map((at) =>
    at.reduce((product, place, axis) => product * inside(place, axis), 1),
  );
  return graph.constant(type, [1, 1, ...counts], numbers);
}

function poolingAttributes(
  x: Value,
  window: PerAxis,
  { stride = window, padding = 0 }: PoolingOptions,
): Attributes {
  const rank = x.shape.length - 2;
  const pads = perAxis(padding, rank);
  return {
    kernel_shape: perAxis(window, rank),
    strides: perAxis(stride, rank),
    pads: [...pads, ...pads],
  };
}

function windowsOf(attributes: Attributes): Windows {
  const window = integers(attributes, 'kernel_shape');
  return {
    window,
    strides: integers(attributes, 'strides'),
    dilations: window.map(() => 1),
    padding: integers(attributes, 'pads').slice(0, window.length),
  };
}
