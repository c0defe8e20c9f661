import { ShapeError, type Dimension, type Shape } from './value';

/** The common shape of operands under NumPy's rule: align at the last axis, 1 stretches. */
export function broadcastShapes(...shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes
      .map((shape): Dimension => shape[axis - rank + shape.length] ?? 1)
      .filter((size) => size !== 1);
    if (sizes.some((size) => size !== sizes[0])) {
      throw new ShapeError(`shapes do not broadcast: ${shapes.map(format).join(' with ')}`);
    }
    return sizes[0] ?? 1;
  });
}

/** The axes of `wide` along which a tensor of shape `narrow` was repeated. */
export function broadcastAxes(narrow: Shape, wide: Shape): number[] {
  const missing = wide.length - narrow.length;
  return wide
    .map((size, axis) => (axis < missing || narrow[axis - missing] !== size ? axis : -1))
    .filter((axis) => axis >= 0);
}

function format(shape: Shape): string {
  return `[${shape.join(',')}]`;
}
