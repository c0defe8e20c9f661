import { inverseAffine, isFlat, productOf, voxelSpacing, worldOf } from './affine';
import { orientedView } from './orientation';
import type { Affine, VolumeHeader } from './types';

type Vector = readonly [number, number, number];

/**
 * The grid that a volume is shown on: x to the patient's left, y to the back, z up, each from 0.
 * Volumes along the patient's axes are shown voxel by voxel; oblique ones are resampled.
 */
export interface DisplayGrid {
  readonly shape: Vector;
  readonly spacingMm: Vector;
  /** Index on the grid (x, y, z) to stored voxel (i, j, k), which need not be whole. */
  readonly toStorage: Affine;
  /** Index on the grid to world mm. */
  readonly toWorld: Affine;
  /** Whether every place of the grid is a stored voxel. */
  readonly isAligned: boolean;
}

type Geometry = Pick<VolumeHeader, 'shape' | 'spacingMm' | 'affine' | 'axcodes'>;

/**
 * A side of a resampled grid may be as long as this or as the volume's longest; beyond it the steps
 * grow, for thin voxels of a thick oblique slice, and damaged affines, ask for anything.
 */
const longestSide = 1024;

export function displayGrid(header: Geometry): DisplayGrid {
  return isOblique(header) ? resampledGrid(header) : alignedGrid(header);
}

/**
 * Whether the stored axes leave the patient's by a voxel or more somewhere in the volume: showing it
 * voxel by voxel would then draw anatomy in the wrong place.
 */
export function isOblique({ shape, spacingMm, affine, axcodes }: Geometry): boolean {
  if (axcodes.includes('?') || isFlat(affine)) {
    return false;
  }
  // Not the header's sizes, which need not be those of its affine.
  const steps = voxelSpacing(affine);
  const { axes } = orientedView({ shape, spacingMm, affine }, 'RAS');
  return axes.some(({ storage }, world) =>
    [0, 1, 2].some(
      (other) =>
        other !== world &&
        Math.abs(affine[other][storage]) * (shape[storage] - 1) >= steps[axes[other].storage],
    ),
  );
}

function alignedGrid(header: Geometry): DisplayGrid {
  const { axes, shape, spacingMm } = orientedView(header, 'LPS');
  const toStorage = [0, 1, 2].map((storage) => {
    const axis = axes.findIndex((candidate) => candidate.storage === storage);
    const { reversed } = axes[axis];
    const row = [0, 0, 0, reversed ? header.shape[storage] - 1 : 0];
    row[axis] = reversed ? -1 : 1;
    return row;
  });
  const affine: Affine = [...toStorage, [0, 0, 0, 1]];
  return {
    shape,
    spacingMm,
    toStorage: affine,
    toWorld: productOf(header.affine, affine),
    isAligned: true,
  };
}

/** The box along the patient's axes around the volume, in steps of the voxels' own sizes. */
function resampledGrid(header: Geometry): DisplayGrid {
  const { axes } = orientedView(header, 'LPS');
  const voxel = voxelSpacing(header.affine);
  const corners = cornersOf(header);
  const lowest = [0, 1, 2].map((axis) => Math.min(...corners.map((corner) => corner[axis])));
  const highest = [0, 1, 2].map((axis) => Math.max(...corners.map((corner) => corner[axis])));
  const mostSteps = Math.max(longestSide, ...header.shape) - 1;
  const step = (axis: 0 | 1 | 2): number =>
    Math.max(voxel[axes[axis].storage], (highest[axis] - lowest[axis]) / mostSteps);
  const spacingMm: Vector = [step(0), step(1), step(2)];
  const length = (axis: 0 | 1 | 2): number =>
    Math.ceil((highest[axis] - lowest[axis]) / spacingMm[axis] - 1e-3) + 1;
  // World space runs to the right and to the front, the grid to the left and to the back.
  const toWorld: Affine = [
    [-spacingMm[0], 0, 0, highest[0]],
    [0, -spacingMm[1], 0, highest[1]],
    [0, 0, spacingMm[2], lowest[2]],
    [0, 0, 0, 1],
  ];
  return {
    shape: [length(0), length(1), length(2)],
    spacingMm,
    toStorage: productOf(inverseAffine(header.affine), toWorld),
    toWorld,
    isAligned: false,
  };
}

/** World positions of the centres of the eight voxels at the corners. */
function cornersOf({ shape, affine }: Geometry): Vector[] {
  const ends = shape.map((length) => [0, length - 1]);
  return ends[0].flatMap((i) =>
    ends[1].flatMap((j) => ends[2].map((k) => worldOf(affine, [i, j, k]))),
  );
}
