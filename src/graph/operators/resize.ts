import { elementCount, ShapeError, staticShape, type Value } from '../value';
import { reshape } from './layout';
import { matmul } from './matrix';

export interface ResizeOptions {
  /** `linear` is trilinear over three axes; `area` the mean of what a new voxel covers. */
  readonly mode?: 'linear' | 'nearest' | 'area';
  /** The first and last numbers keep their places; else (default) the borders of the voxels do. */
  readonly alignCorners?: boolean;
}

/**
 * Resamples the axes after [batch, channels] to `size`, as torch.nn.functional.interpolate.
 *
 * Interpolation is linear and goes axis by axis, so it is one product with a small constant matrix
 * [new, old] for each axis: no operator of its own is needed, its gradient is that of MatMul, and
 * it runs on every provider. ONNX's Resize has no counterpart for the gradient, and no 5-D kernel
 * on WebGPU.
 */
export function resize(x: Value, size: readonly number[], options: ResizeOptions = {}): Value {
  if (size.length !== x.shape.length - 2) {
    throw new ShapeError(`resize of ${x.shape.length - 2} axes to [${size.join(',')}]`);
  }
  return size.reduce((result, length, axis) => resizeAxis(result, axis + 2, length, options), x);
}

function resizeAxis(x: Value, axis: number, length: number, options: ResizeOptions): Value {
  const { type, shape } = x;
  const [size, ...after] = staticShape({ type, shape: shape.slice(axis) });
  if (size === length) {
    return x;
  }
  const weights = interpolationMatrix(size, length, options);
  const matrix = x.graph.constant(type, [length, size], weights);
  const rows = reshape(x, [...shape.slice(0, axis), size, elementCount(after)]);
  return reshape(matmul(matrix, rows), shape.with(axis, length));
}

/** Row by row, what each old number adds to a new one; [length, size]. */
function interpolationMatrix(
  size: number,
  length: number,
  { mode = 'linear', alignCorners = false }: ResizeOptions,
): number[] {
  return Array.from({ length }, (_, place) => {
    const row = new Array<number>(size).fill(0);
    for (const [from, weight] of samples[mode](place, size, length, alignCorners)) {
      row[from] += weight;
    }
    return row;
  }).flat();
}

/** Which old places a new place is made of, and with what weight. */
type Samples = (
  place: number,
  size: number,
  length: number,
  alignCorners: boolean,
) => (readonly [from: number, weight: number])[];

const samples: Readonly<Record<NonNullable<ResizeOptions['mode']>, Samples>> = {
  nearest: (place, size, length) => [[Math.floor((place * size) / length), 1]],
  area: (place, size, length) => {
    const start = Math.floor((place * size) / length);
    const count = Math.ceil(((place + 1) * size) / length) - start;
    return Array.from({ length: count }, (_, index) => [start + index, 1 / count]);
  },
  linear: (place, size, length, alignCorners) => {
    const position = alignCorners
      ? (place * (size - 1)) / Math.max(1, length - 1)
      : Math.max(0, ((place + 0.5) * size) / length - 0.5);
    const low = Math.min(Math.floor(position), size - 1);
    const share = position - low;
    return [
      [low, 1 - share],
      [Math.min(low + 1, size - 1), share],
    ];
  },
};
