import { apply, integer, integers, operatorTable, type Attributes } from '../operator';
import {
  elementCount,
  formatType,
  ShapeError,
  staticShape,
  type Shape,
  type Value,
} from '../value';
import { inputGradient, weightGradient } from './convolutionGradients';
import { reduceSum } from './reduction';
import { scatterAdd, scatterOnce } from './indexing';
import { reshape } from './layout';

/**
 * Convolution and pooling over the axes after [batch, channels]. In the formulae dY is the
 * gradient of the output Y, * is the cross-correlation that deep learning calls convolution.
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
      const space = spatial(x).map((size, axis) => windowCount(size, kernel[axis], axis, geometry));
      return [{ type: x.type, shape: [x.shape[0], w.shape[0], ...space] }];
    },
    gradient: (node, dy) => [
      () => inputGradient(node, dy),
      () => weightGradient(node, dy),
      () => reduceSum(dy, { axes: [0, ...spatialAxes(dy)] }),
    ],
  },
  /** The adjoint of a strided convolution; only rules use it. Weights are [in, out/groups, ...]. */
  ConvTranspose: {
    infer: ([x, w], attributes) => {
      const { strides, dilations, padding, groups } = geometryOf(attributes);
      const extra = integers(attributes, 'output_padding');
      const kernel = staticShape(w).slice(2);
      const space = spatial(x).map(
        (size, axis) =>
          strides[axis] * (size - 1) +
          extra[axis] +
          dilations[axis] * (kernel[axis] - 1) +
          1 -
          2 * padding[axis],
      );
      return [{ type: x.type, shape: [x.shape[0], Number(w.shape[1]) * groups, ...space] }];
    },
  },
  // y = the largest of each window (the first of equals, as in PyTorch), with its flat index:
  //   dx[index] += dy
  MaxPool: {
    infer: ([x], attributes) => {
      const kernel = integers(attributes, 'kernel_shape');
      const geometry = geometryOf({ ...attributes, dilations: kernel.map(() => 1), group: 1 });
      const space = spatial(x).map((size, axis) => windowCount(size, kernel[axis], axis, geometry));
      const shape = [...x.shape.slice(0, 2), ...space];
      return [
        { type: x.type, shape },
        { type: 'int64', shape },
      ];
    },
    gradient: ({ inputs: [x], outputs: [, index], attributes }, dy) => [
      () => {
        const kernel = integers(attributes, 'kernel_shape');
        const apart = integers(attributes, 'strides').every((step, axis) => step >= kernel[axis]);
        const total = elementCount(staticShape(x));
        const count = elementCount(staticShape(dy));
        const places = reshape(index, [count]);
        const updates = reshape(dy, [count]);
        return reshape((apart ? scatterOnce : scatterAdd)([total], places, updates), x.shape);
      },
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

/** The largest number of each window; a last part that fills no window is dropped. */
export function maxPool(
  x: Value,
  window: PerAxis,
  { stride = window, padding = 0 }: { stride?: PerAxis; padding?: PerAxis } = {},
): Value {
  const rank = x.shape.length - 2;
  const pads = perAxis(padding, rank);
  return apply(convolutionOperators.MaxPool, [x], {
    kernel_shape: perAxis(window, rank),
    strides: perAxis(stride, rank),
    pads: [...pads, ...pads],
  });
}

/** The attributes of a convolution, one number for each spatial axis. */
export interface Geometry {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly number[];
  readonly groups: number;
}

export function geometryOf(attributes: Attributes): Geometry {
  const strides = integers(attributes, 'strides');
  return {
    strides,
    dilations: integers(attributes, 'dilations'),
    padding: integers(attributes, 'pads').slice(0, strides.length),
    groups: integer(attributes, 'group'),
  };
}

function windowCount(size: number, kernel: number, axis: number, geometry: Geometry): number {
  const { strides, dilations, padding } = geometry;
  const reach = dilations[axis] * (kernel - 1) + 1;
  return Math.floor((size + 2 * padding[axis] - reach) / strides[axis]) + 1;
}

function spatial({ type, shape }: { type: Value['type']; shape: Shape }): readonly number[] {
  return staticShape({ type, shape: shape.slice(2) });
}

/** The axes after batch and channels. */
export function spatialAxes(x: Value): number[] {
  return x.shape.slice(2).map((_, axis) => axis + 2);
}

function perAxis(value: PerAxis, rank: number): number[] {
  return typeof value === 'number' ? new Array<number>(rank).fill(value) : [...value];
}
