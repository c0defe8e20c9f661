import { inverseAffine, productOf, worldOf } from '../../core/volume/affine';
import type { DisplayGrid } from '../../core/volume/displayGrid';
import { samplePlane } from '../../core/volume/planeSampler';
import type { VoxelField } from '../../core/volume/voxelField';
import type { Affine, VolumeHeader } from '../../core/volume/types';
import { heatColour, labelColour, pixelOf } from './colours';
import type { ShownPicture } from './pictureSource';

/** Something laid over the volume, in its own voxels. */
export interface Overlay {
  readonly name: string;
  readonly kind: 'labels' | 'heat';
  readonly field: Pick<VoxelField, 'shape' | 'voxels' | 'encoding' | 'arrived'>;
  readonly affine: Affine;
  /** The value of the strongest colour. */
  readonly strongest: number;
}

/** Labels are whole numbers; what is stored in fractions is a map of something. */
export function overlayKind({
  dtype,
  slope,
  intercept,
}: Pick<VolumeHeader, 'dtype' | 'slope' | 'intercept'>): Overlay['kind'] {
  const isWhole = /^u?int\d+$/.test(dtype) && [slope, intercept].every(Number.isInteger);
  return isWhole ? 'labels' : 'heat';
}

/** The largest value by amount, for the scale of colours; 1 where all are 0. */
export function strongestOf(min: number | null, max: number | null): number {
  return Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)) || 1;
}

/** Whether any of an overlay can be seen on a grid: their boxes meet. */
export function overlayMeets({ field, affine }: Overlay, grid: DisplayGrid): boolean {
  const toOverlay = productOf(inverseAffine(affine), grid.toWorld);
  const corners = [0, 1].flatMap((x) =>
    [0, 1].flatMap((y) =>
      [0, 1].map((z) =>
        worldOf(toOverlay, [
          x * (grid.shape[0] - 1),
          y * (grid.shape[1] - 1),
          z * (grid.shape[2] - 1),
        ]),
      ),
    ),
  );
  return field.shape.every((length, axis) => {
    const along = corners.map((corner) => corner[axis]);
    // Comparisons with NaN, which a singular affine gives, are false.
    return Math.max(...along) >= -0.5 && Math.min(...along) <= length - 0.5;
  });
}

/** The overlay's value at every pixel of a picture that was drawn on `grid`. */
export function overlayPicture(
  { field, affine, kind }: Overlay,
  grid: DisplayGrid,
  { plane, index }: Pick<ShownPicture, 'plane' | 'index'>,
): { readonly values: ArrayLike<number>; readonly missing?: Uint8Array } {
  const { slope, intercept } = field.encoding;
  const own: VoxelField = {
    ...field,
    grid: { ...grid, toStorage: productOf(inverseAffine(affine), grid.toWorld), isAligned: false },
    takesNearest: kind === 'labels',
  };
  const { values, missing } = samplePlane(own, plane, index);
  return {
    values:
      slope === 1 && intercept === 0 ? values : values.map((value) => value * slope + intercept),
    ...(missing && { missing }),
  };
}

/** Paints an overlay over pictures that are drawn on `grid`. */
export function tintOf(
  overlay: Overlay,
  grid: DisplayGrid,
): (picture: ShownPicture, pixels: Uint32Array) => void {
  const colourOf = overlay.kind === 'labels' ? labelPixel : heatPixel(overlay.strongest);
  return (picture, pixels) => {
    const { values, missing } = overlayPicture(overlay, grid, picture);
    for (let at = 0; at < pixels.length; at++) {
      pixels[at] = missing?.[at] === 1 ? 0 : colourOf(values[at]);
    }
  };
}

function labelPixel(label: number): number {
  const colour = labelColour(label);
  return colour === undefined ? 0 : pixelOf(colour, 255);
}

function heatPixel(strongest: number): (value: number) => number {
  return (value) => heatColour(value / strongest);
}
