import { planeLayouts } from '../../core/volume/slices';
import type { Plane } from '../../core/volume/types';
import type { Geometry, PlanePoint } from './geometry';
import { huOf, type ShownPicture } from './pictureSource';

export const measurementKinds = ['distance', 'rectangle', 'ellipse'] as const;
export type MeasurementKind = (typeof measurementKinds)[number];

/** Whether a tool of the preview measures. */
export function isMeasurementKind(tool: string): tool is MeasurementKind {
  return measurementKinds.some((kind) => kind === tool);
}

/** What was measured in one slice: a line, or the box that a rectangle or an ellipse fills. */
export interface Measurement {
  readonly kind: MeasurementKind;
  readonly plane: Plane;
  readonly index: number;
  readonly from: PlanePoint;
  readonly to: PlanePoint;
}

/** HU of the pixels whose centres lie inside a region; null where there is none. */
export interface RegionStatistics {
  readonly pixels: number;
  readonly mean: number;
  /** Of all pixels of the region (divided by their number). */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/** Distance between the ends, mm. */
export function lengthMm({ plane, from, to }: Measurement, geometry: Geometry): number {
  const [across, down] = geometry.picture(plane).pixelMm;
  return Math.hypot((to.across - from.across) * across, (to.down - from.down) * down);
}

/** Area of the rectangle or ellipse, mm². */
export function areaMm2(measurement: Measurement, geometry: Geometry): number {
  const { from, to, plane, kind } = measurement;
  const [across, down] = geometry.picture(plane).pixelMm;
  const box = Math.abs(to.across - from.across) * across * Math.abs(to.down - from.down) * down;
  return kind === 'ellipse' ? (box * Math.PI) / 4 : box;
}

/** HU inside a rectangle or an ellipse of the picture of its slice, as it is shown. */
export function regionStatistics(
  measurement: Measurement,
  picture: ShownPicture,
): RegionStatistics | null {
  let pixels = 0;
  let mean = 0;
  let squares = 0;
  let min = Infinity;
  let max = -Infinity;
  for (const at of pixelsInside(measurement, picture)) {
    const hu = huOf(picture, at);
    if (hu === undefined || !Number.isFinite(hu)) {
      continue;
    }
    // Welford's way, which loses nothing where values are large and alike.
    pixels++;
    const before = hu - mean;
    mean += before / pixels;
    squares += before * (hu - mean);
    min = Math.min(min, hu);
    max = Math.max(max, hu);
  }
  return pixels === 0
    ? null
    : { pixels, mean, standardDeviation: Math.sqrt(squares / pixels), min, max };
}

function* pixelsInside(
  { kind, plane, from, to }: Measurement,
  { width, height }: ShownPicture,
): Generator<number> {
  const [left, right] = sorted(from.across, to.across);
  const [low, high] = sorted(from.down, to.down);
  const [radiusX, radiusY] = [(right - left) / 2, (high - low) / 2];
  const { upsideDown } = planeLayouts[plane];
  const [firstColumn, lastColumn] = wholeNumbers(left, right, width);
  const [firstRow, lastRow] = wholeNumbers(low, high, height);
  for (let down = firstRow; down <= lastRow; down++) {
    for (let across = firstColumn; across <= lastColumn; across++) {
      const isInside =
        kind === 'rectangle' ||
        ((across - left - radiusX) / radiusX) ** 2 + ((down - low - radiusY) / radiusY) ** 2 <= 1;
      if (isInside) {
        yield (upsideDown ? height - 1 - down : down) * width + across;
      }
    }
  }
}

/** The first and the last of the `count` numbers from 0 on that lie between two places. */
function wholeNumbers(from: number, to: number, count: number): [number, number] {
  return [Math.max(0, Math.ceil(from)), Math.min(count - 1, Math.floor(to))];
}

function sorted(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}
