import { worldOf } from '../../core/volume/affine';
import { orientedView, storageIndexOf, type OrientedView } from '../../core/volume/orientation';
import { planeLayouts } from '../../core/volume/slices';
import type { Plane, VolumeHeader } from '../../core/volume/types';

/**
 * A voxel's place in the display orientation: x to the patient's left, y to posterior, z to
 * superior, each from 0.
 */
export type Position = readonly [number, number, number];

/** A pixel of a slice: column and row, top-left first. */
export interface PixelPlace {
  readonly column: number;
  readonly row: number;
}

/** Converts between pixels, display positions, stored voxels and the world, for one volume. */
export class Geometry {
  private readonly view: OrientedView;

  constructor(private readonly header: VolumeHeader) {
    this.view = orientedView(header, 'LPS');
  }

  /** Voxels along x, y, z of the display orientation. */
  get size(): Position {
    return this.view.shape;
  }

  /** False where the affine says nothing about one axis or more: sides cannot be named. */
  get knowsSides(): boolean {
    return !this.header.axcodes.includes('?');
  }

  centre(): Position {
    return this.clamp([this.size[0] / 2, this.size[1] / 2, this.size[2] / 2]);
  }

  /** The nearest place inside the volume. */
  clamp(position: readonly number[]): Position {
    const inside = (axis: 0 | 1 | 2): number =>
      Math.min(this.size[axis] - 1, Math.max(0, Math.floor(position[axis])));
    return [inside(0), inside(1), inside(2)];
  }

  /** Extent of a plane's pictures: pixels across and down, and their size in mm. */
  picture(plane: Plane): { columns: number; rows: number; pixelMm: readonly [number, number] } {
    const { across, down } = planeLayouts[plane];
    return {
      columns: this.size[across],
      rows: this.size[down],
      pixelMm: [this.view.spacingMm[across], this.view.spacingMm[down]],
    };
  }

  /** Slice index of `plane` through `position`. */
  sliceIndex(plane: Plane, position: Position): number {
    return position[planeLayouts[plane].through];
  }

  /** Where `position` lies in the picture of `plane`. */
  pixelOf(plane: Plane, position: Position): PixelPlace {
    const { across, down, upsideDown } = planeLayouts[plane];
    const row = position[down];
    return { column: position[across], row: upsideDown ? this.size[down] - 1 - row : row };
  }

  /** The position under a pixel of slice `index`. */
  positionAt(plane: Plane, index: number, { column, row }: PixelPlace): Position {
    const { across, down, through, upsideDown } = planeLayouts[plane];
    const position = [0, 0, 0];
    position[across] = column;
    position[down] = upsideDown ? this.size[down] - 1 - row : row;
    position[through] = index;
    return this.clamp(position);
  }

  /** `position` moved by whole voxels along one axis, kept inside. */
  moved(position: Position, axis: 0 | 1 | 2, by: number): Position {
    const next = [...position];
    next[axis] += by;
    return this.clamp(next);
  }

  /** Stored voxel index (i, j, k) and world millimetres (x right, y anterior, z superior). */
  voxel(position: Position): { ijk: Position; worldMm: Position } {
    const ijk = storageIndexOf(this.view, position);
    return { ijk, worldMm: worldOf(this.header.affine, ijk) };
  }
}

/** Pixel size that fits a picture into a box at true proportions, CSS pixels. */
export function fittedSize(
  picture: { columns: number; rows: number; pixelMm: readonly [number, number] },
  box: { width: number; height: number },
): { width: number; height: number } {
  const widthMm = picture.columns * picture.pixelMm[0];
  const heightMm = picture.rows * picture.pixelMm[1];
  const scale = Math.min(box.width / widthMm, box.height / heightMm);
  return { width: Math.max(1, widthMm * scale), height: Math.max(1, heightMm * scale) };
}
