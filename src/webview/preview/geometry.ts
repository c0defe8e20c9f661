import { inverseAffine, isFlat, worldOf } from '../../core/volume/affine';
import { displayGrid, type DisplayGrid } from '../../core/volume/displayGrid';
import { planeLayouts } from '../../core/volume/slices';
import type { Affine, Plane, VolumeHeader } from '../../core/volume/types';
import type { Convention, PatientPlace } from '../../protocol/preview';

/**
 * A place on the display grid: x to the patient's left, y to posterior, z to superior, each from 0,
 * whole numbers.
 */
export type Position = readonly [number, number, number];

/** A pixel of a picture: column and row, top-left first. */
export interface PixelPlace {
  readonly column: number;
  readonly row: number;
}

/** A place in a plane in voxels of the display grid; a voxel's centre is a whole number. */
export interface PlanePoint {
  readonly across: number;
  readonly down: number;
}

/** Converts between pixels, display positions, stored voxels and the world, for one volume. */
export class Geometry {
  readonly grid: DisplayGrid;
  private readonly fromWorld: Affine;

  constructor(
    private readonly header: VolumeHeader,
    readonly convention: Convention = 'radiological',
  ) {
    this.grid = displayGrid(header);
    this.fromWorld = inverseAffine(this.grid.toWorld);
  }

  /** Voxels along x, y, z of the display orientation. */
  get size(): Position {
    return this.grid.shape;
  }

  /** The same for volumes whose voxels are the same places, though their values are others. */
  get gridKey(): string {
    return JSON.stringify([this.grid.shape, this.grid.toWorld]);
  }

  /** False where the affine says nothing about one axis or more: sides cannot be named. */
  get knowsSides(): boolean {
    return !this.header.axcodes.includes('?') && !isFlat(this.header.affine);
  }

  /** Whether pictures of `plane` are shown with the patient's left on the left. */
  isMirrored(plane: Plane): boolean {
    return this.convention === 'neurological' && planeLayouts[plane].across === 0;
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
    const { shape, spacingMm } = this.grid;
    return {
      columns: shape[across],
      rows: shape[down],
      pixelMm: [spacingMm[across], spacingMm[down]],
    };
  }

  /** Distance between slices of a plane, mm. */
  stepMm(plane: Plane): number {
    return this.grid.spacingMm[planeLayouts[plane].through];
  }

  /** Slice index of `plane` through `position`. */
  sliceIndex(plane: Plane, position: Position): number {
    return position[planeLayouts[plane].through];
  }

  /** Where `position` lies in the picture of `plane`, mirrored or not. */
  pixelOf(plane: Plane, position: Position): PixelPlace {
    const { across, down, upsideDown } = planeLayouts[plane];
    const [column, row] = [position[across], position[down]];
    return {
      column: this.isMirrored(plane) ? this.size[across] - 1 - column : column,
      row: upsideDown ? this.size[down] - 1 - row : row,
    };
  }

  /** The position under a pixel of slice `index`. */
  positionAt(plane: Plane, index: number, { column, row }: PixelPlace): Position {
    const { across, down, through, upsideDown } = planeLayouts[plane];
    const position = [0, 0, 0];
    position[across] = this.isMirrored(plane) ? this.size[across] - 1 - column : column;
    position[down] = upsideDown ? this.size[down] - 1 - row : row;
    position[through] = index;
    return this.clamp(position);
  }

  /** A place in a plane as x and y in its picture, in pixels from the picture's corner. */
  picturePoint(plane: Plane, { across, down }: PlanePoint): { x: number; y: number } {
    const { columns, rows } = this.picture(plane);
    return {
      x: (this.isMirrored(plane) ? columns - 1 - across : across) + 0.5,
      y: (planeLayouts[plane].upsideDown ? rows - 1 - down : down) + 0.5,
    };
  }

  /** The way back from {@link picturePoint}. */
  planePoint(plane: Plane, { x, y }: { readonly x: number; readonly y: number }): PlanePoint {
    const { columns, rows } = this.picture(plane);
    return {
      across: this.isMirrored(plane) ? columns - x - 0.5 : x - 0.5,
      down: planeLayouts[plane].upsideDown ? rows - y - 0.5 : y - 0.5,
    };
  }

  /** `position` moved by whole voxels along one axis, kept inside. */
  moved(position: Position, axis: 0 | 1 | 2, by: number): Position {
    const next = [...position];
    next[axis] += by;
    return this.clamp(next);
  }

  /**
   * Stored voxel index (i, j, k), to a tenth where the volume is oblique, and world millimetres
   * (x right, y anterior, z superior).
   */
  voxel(position: Position): { ijk: Position; worldMm: Position } {
    const [i, j, k] = worldOf(this.grid.toStorage, position);
    // Adding 0 makes -0 a plain 0.
    const shown = (index: number): number => Math.round(index * 10) / 10 + 0;
    return {
      ijk: [shown(i), shown(j), shown(k)],
      worldMm: worldOf(this.grid.toWorld, position),
    };
  }

  /** A position for another volume. */
  placeOf(position: Position): PatientPlace {
    const share = (axis: 0 | 1 | 2): number => (position[axis] + 0.5) / this.size[axis];
    return {
      mm: worldOf(this.grid.toWorld, position),
      share: [share(0), share(1), share(2)],
    };
  }

  /** Where a place of this or another volume lies on this grid. */
  positionOf({ mm, share }: PatientPlace): Position {
    const index = worldOf(this.fromWorld, mm).map(Math.round);
    const isInside = index.every((at, axis) => at >= 0 && at < this.size[axis]);
    return this.clamp(isInside ? index : share.map((part, axis) => part * this.size[axis]));
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
