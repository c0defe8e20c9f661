import { apply, integer, integers, operatorTable, type Attributes } from '../operator';
import { formatType, ShapeError, staticShape, type Value, type ValueType } from '../value';
import { inputGradient } from './convolutionInputGradient';
import { weightGradient } from './convolutionWeightGradient';
import { reduceSum } from './reduction';

/**
 * Convolution over the axes after [batch, channels]. In the formulae dY is the gradient of the
 * output Y, * is the cross-correlation that deep learning calls convolution.
 */
export const convolutionOperators = operatorTable({
  // Y = X * W + b:
  //   dX = dY * (W flipped in space, in and out channels swapped), see inputGradient
  //   dW = X * dY with batch and channels swapped,                 see weightGradient
  //   db = dY summed over batch and space
  Conv: {
    infer: ([x, w], attributes) => {
      const geometry = geometryOf(attributes);
      const channels = w.shape[1];
      if (typeof channels !== 'number' || x.shape[1] !== channels * geometry.groups) {
        throw new ShapeError(`Conv of ${formatType(x)} by ${formatType(w)}`);
      }
      const kernel = staticShape(w).slice(2);
      return [
        { type: x.type, shape: [x.shape[0], w.shape[0], ...placeCounts(x, kernel, geometry)] },
      ];
    },
    gradient: ({ inputs: [x, w], attributes }, dy) => [
      () => inputGradient(staticShape(x), w, dy, geometryOf(attributes)),
      () => weightGradient(x, staticShape(w), dy, geometryOf(attributes)),
      () => reduceSum(dy, { axes: [0, ...spatialAxes(dy)] }),
    ],
  },
});

/** One number for all spatial axes, or one for each. */
export type PerAxis = number | readonly number[];

export interface ConvolutionOptions {
  readonly stride?: PerAxis;
  /** Zeros on both sides. */
  readonly padding?: PerAxis;
  readonly dilation?: PerAxis;
  readonly groups?: number;
}

/** x [N, C, ...space], weight [O, C/groups, ...kernel], bias [O]. */
export function conv(
  x: Value,
  weight: Value,
  bias?: Value,
  { stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvolutionOptions = {},
): Value {
  const rank = x.shape.length - 2;
  const pads = perAxis(padding, rank);
  return apply(convolutionOperators.Conv, bias === undefined ? [x, weight] : [x, weight, bias], {
    strides: perAxis(stride, rank),
    dilations: perAxis(dilation, rank),
    pads: [...pads, ...pads],
    group: groups,
  });
}

/** How windows lie on the space, one number for each of its axes. */
export interface Placement {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly number[];
}

/** The attributes of a convolution. */
export interface Geometry extends Placement {
  readonly groups: number;
}

function geometryOf(attributes: Attributes): Geometry {
  const strides = integers(attributes, 'strides');
  return {
    strides,
    dilations: integers(attributes, 'dilations'),
    padding: integers(attributes, 'pads').slice(0, strides.length),
    groups: integer(attributes, 'group'),
  };
}

/** How many windows fit along each spatial axis; a last part that fills none is dropped. */
export function placeCounts(
  { type, shape }: ValueType,
  window: readonly number[],
  { strides, dilations, padding }: Placement,
): readonly number[] {
  return staticShape({ type, shape: shape.slice(2) }).map((size, axis) => {
    const reach = dilations[axis] * (window[axis] - 1) + 1;
    return Math.floor((size + 2 * padding[axis] - reach) / strides[axis]) + 1;
  });
}

/** The axes after batch and channels. */
export function spatialAxes(x: Value): number[] {
  return x.shape.slice(2).map((_, axis) => axis + 2);
}

export function perAxis(value: PerAxis, rank: number): number[] {
  return typeof value === 'number' ? new Array<number>(rank).fill(value) : [...value];
}
