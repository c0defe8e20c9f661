import { orientedView } from './orientation';
import type { Plane, Volume, VolumeHeader } from './types';

/** One slice as a radiologist looks at it. */
export interface Slice {
  readonly plane: Plane;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** HU, row-major, top left first. */
  readonly hu: Float32Array;
  /** Width and height of a pixel in mm. */
  readonly pixelMm: readonly [number, number];
}

type Axis = 0 | 1 | 2;

/** How a plane lies in the LPS view of the volume (x to the left, y to the back, z upwards). */
export interface PlaneLayout {
  /** The axis that runs through the slices. */
  readonly through: Axis;
  readonly across: Axis;
  readonly down: Axis;
  /** Whether rows run against their axis, so that the head is up. */
  readonly upsideDown: boolean;
}

/**
 * Radiological convention: the patient faces us, so their right is on the left of axial and
 * coronal pictures; they look to the left in sagittal ones; up is anterior (axial) or the head.
 * Slices count from the feet (axial), the front (coronal), the patient's right (sagittal).
 */
export const planeLayouts: Readonly<Record<Plane, PlaneLayout>> = {
  axial: { through: 2, across: 0, down: 1, upsideDown: false },
  coronal: { through: 1, across: 0, down: 2, upsideDown: true },
  sagittal: { through: 0, across: 1, down: 2, upsideDown: true },
};

type Geometry = Pick<VolumeHeader, 'shape' | 'spacingMm' | 'affine'>;

/** In the order that they are shown in. */
export const planes: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

/** How many slices a plane has. */
export function sliceCount(header: Geometry, plane: Plane): number {
  return orientedView(header, 'LPS').shape[planeLayouts[plane].through];
}

/** One slice of the volume along its own axes; an oblique volume is not resampled. */
export function extractSlice(volume: Volume, plane: Plane, index: number): Slice {
  const view = orientedView(volume.header, 'LPS');
  const { through, across, down, upsideDown } = planeLayouts[plane];
  checkSliceIndex(plane, index, view.shape[through]);
  const [width, height] = [view.shape[across], view.shape[down]];
  const [columnStep, rowStep] = [view.strides[across], view.strides[down]];
  const start = view.start + index * view.strides[through];
  const hu = new Float32Array(width * height);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = start + (upsideDown ? height - 1 - y : y) * rowStep;
    for (let x = 0; x < width; x++, from += columnStep) {
      hu[to++] = volume.voxels[from];
    }
  }
  return {
    plane,
    index,
    width,
    height,
    hu,
    pixelMm: [view.spacingMm[across], view.spacingMm[down]],
  };
}

/** @throws RangeError for a slice that is not among `count`. */
export function checkSliceIndex(plane: Plane, index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`${plane} slice ${index} of ${count}`);
  }
}

/** The middle slice of each plane, in the order of {@link planes}. */
export function middleSlices(volume: Volume): Slice[] {
  return planes.map((plane) => extractSlice(volume, plane, sliceCount(volume.header, plane) >> 1));
}
