import type { Plane } from '../../core/volume/types';
import type { Geometry, PlanePoint, Position } from './geometry';

/** The picture of a slice as it lies on the screen. */
export interface SliceOnScreen {
  readonly plane: Plane;
  readonly index: number;
  readonly geometry: Geometry;
  /** CSS pixels of the window. */
  readonly box: DOMRect;
}

/** The place under the pointer, kept inside the picture: there is nothing more to measure. */
export function pointUnder(event: PointerEvent, slice: SliceOnScreen): PlanePoint {
  const { geometry, plane } = slice;
  const { columns, rows } = geometry.picture(plane);
  const { x, y } = pixelUnder(event, slice);
  const inside = (at: number, count: number): number => Math.min(count, Math.max(0, at));
  return geometry.planePoint(plane, { x: inside(x, columns), y: inside(y, rows) });
}

/** The voxel under the pointer; outside the picture the nearest one, or undefined. */
export function positionUnder(
  event: PointerEvent,
  slice: SliceOnScreen,
  outside: 'nearest' | 'none',
): Position | undefined {
  const { geometry, plane, index } = slice;
  const { columns, rows } = geometry.picture(plane);
  const { x, y } = pixelUnder(event, slice);
  const isInside = x >= 0 && x < columns && y >= 0 && y < rows;
  return isInside || outside === 'nearest'
    ? geometry.positionAt(plane, index, { column: Math.floor(x), row: Math.floor(y) })
    : undefined;
}

/** In pixels of the picture, from its corner. */
function pixelUnder(
  { clientX, clientY }: PointerEvent,
  { plane, geometry, box }: SliceOnScreen,
): { x: number; y: number } {
  const { columns, rows } = geometry.picture(plane);
  return {
    x: ((clientX - box.left) / box.width) * columns,
    y: ((clientY - box.top) / box.height) * rows,
  };
}
