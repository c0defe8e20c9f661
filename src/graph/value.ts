import type { GraphBuilder } from './builder';
import type { Node } from './operator';

/** `float16` lives between nodes only: what goes in and out of a graph is never half. */
export type DataType = 'float32' | 'float64' | 'float16' | 'int32' | 'int64' | 'bool';

/** A number, or the name of a size that is known only when the graph runs. */
export type Dimension = number | string;

/** Row-major, last axis fastest; `[]` is a scalar. */
export type Shape = readonly Dimension[];

export interface ValueType {
  readonly type: DataType;
  readonly shape: Shape;
}

export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** Where a value comes from. */
export type Source =
  | { readonly kind: 'input' }
  | { readonly kind: 'constant'; readonly data: TensorData }
  | { readonly kind: 'node'; readonly node: Node; readonly index: number };

/** A tensor in a graph: its type and shape are known, its numbers are not. */
export interface Value extends ValueType {
  readonly graph: GraphBuilder;
  readonly name: string;
  readonly source: Source;
}

/** A value, or a number that takes the type of the value it meets. */
export type Operand = Value | number;

/** Thrown when an operator cannot take the shapes or types it was given: a bug in a network. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** The shape as numbers; a ShapeError where a dimension has only a name. */
export function staticShape(value: ValueType): readonly number[] {
  return value.shape.map((dimension) => {
    if (typeof dimension === 'string') {
      throw new ShapeError(`the size of '${dimension}' must be known here: ${formatType(value)}`);
    }
    return dimension;
  });
}

export function isStatic(value: ValueType): boolean {
  return value.shape.every((dimension) => typeof dimension === 'number');
}

/** The product of the sizes; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** `float32[2,1,texts]` */
export function formatType({ type, shape }: ValueType): string {
  return `${type}[${shape.join(',')}]`;
}

/** An axis counted from the front; -1 is the last one. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank) {
    throw new ShapeError(`axis ${axis} of a tensor of ${rank} axes`);
  }
  return positive;
}

const arrays = {
  float32: (numbers: ArrayLike<number>) => Float32Array.from(numbers),
  float64: (numbers: ArrayLike<number>) => Float64Array.from(numbers),
  float16: () => {
    throw new ShapeError('numbers of float16 are not stored: cast those of float32');
  },
  int32: (numbers: ArrayLike<number>) => Int32Array.from(numbers),
  int64: (numbers: ArrayLike<number>) => BigInt64Array.from(Array.from(numbers, BigInt)),
  bool: (numbers: ArrayLike<number>) => Uint8Array.from(numbers),
} satisfies Record<DataType, (numbers: ArrayLike<number>) => TensorData>;

/** The numbers in the array class that holds `type`. */
export function tensorData(type: DataType, numbers: ArrayLike<number>): TensorData {
  return arrays[type](numbers);
}
