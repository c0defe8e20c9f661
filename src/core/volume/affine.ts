import type { Affine } from './types';

type Vector = readonly [number, number, number];

/** World position in mm of a voxel index (need not be whole). */
export function worldOf(affine: Affine, [i, j, k]: Vector): [number, number, number] {
  const along = (row: readonly number[]): number => row[0] * i + row[1] * j + row[2] * k + row[3];
  return [along(affine[0]), along(affine[1]), along(affine[2])];
}

/** 3 x 3 `matrix` with its columns scaled by `scale`, and `offset` as the last column. */
export function affineOf(
  matrix: readonly (readonly number[])[],
  scale: Vector,
  offset: Vector,
): Affine {
  // Adding 0 makes -0 a plain 0.
  const rows = [0, 1, 2].map((r) => [
    ...[0, 1, 2].map((c) => matrix[r][c] * scale[c] + 0),
    offset[r],
  ]);
  return [...rows, [0, 0, 0, 1]];
}

/**
 * What nibabel falls back to where the header names no world space: voxel sizes only, the first
 * axis pointing left, the origin in the middle of the volume (nibabel `shape_zoom_affine`).
 */
export function centredAffine(shape: Vector, spacing: Vector): Affine {
  const scale: Vector = [-spacing[0], spacing[1], spacing[2]];
  const offset = scale.map((step, axis) => (-step * (shape[axis] - 1)) / 2);
  return affineOf(identity, scale, [offset[0], offset[1], offset[2]]);
}

const identity: Affine = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/**
 * Rotation matrix of the unit quaternion whose vector part is (b, c, d) (nifti1.h, method 2;
 * thresholds as nibabel's `fillpositive`). Undefined where b² + c² + d² is above 1 by more than
 * `tolerance`, which no rotation has; NaN gives NaN.
 */
export function rotationOfQuaternion(
  [b, c, d]: Vector,
  tolerance: number,
): readonly (readonly number[])[] | undefined {
  const square = 1 - (b * b + c * c + d * d);
  if (square <= -tolerance) {
    return undefined;
  }
  const a = square < tolerance ? 0 : Math.sqrt(square);
  const twice = 2 / (a * a + b * b + c * c + d * d);
  return [
    [1 - twice * (c * c + d * d), twice * (b * c - a * d), twice * (b * d + a * c)],
    [twice * (b * c + a * d), 1 - twice * (b * b + d * d), twice * (c * d - a * b)],
    [twice * (b * d - a * c), twice * (c * d + a * b), 1 - twice * (b * b + c * c)],
  ];
}

/** First `second`, then `first`: the matrix product of two affines. */
export function productOf(first: Affine, second: Affine): Affine {
  return first.map((row) =>
    [0, 1, 2, 3].map((c) => row.reduce((sum, value, r) => sum + value * second[r][c], 0)),
  );
}

/** The way back; every value is NaN or infinite where `affine` is singular. */
export function inverseAffine(affine: Affine): Affine {
  const [[a, b, c, x], [d, e, f, y], [g, h, i, z]] = affine;
  const determinant = determinantOf(affine);
  const inverse = [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((value) => value / determinant));
  return [...inverse.map((row) => [...row, -(row[0] * x + row[1] * y + row[2] * z)]), [0, 0, 0, 1]];
}

/** What a box between the voxel axes holds, as a share of a right-angled one with the same edges, at least. */
const leastBox = 1e-3;

/** Whether the voxel axes lie in one plane, or so nearly that a place in the world leads to no voxel. */
export function isFlat(affine: Affine): boolean {
  const [di, dj, dk] = voxelSpacing(affine);
  return !(Math.abs(determinantOf(affine)) >= leastBox * di * dj * dk && di * dj * dk > 0);
}

function determinantOf([[a, b, c], [d, e, f], [g, h, i]]: Affine): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

/** Distance in mm from one voxel to the next along each voxel axis. */
export function voxelSpacing(affine: Affine): [number, number, number] {
  const along = (axis: 0 | 1 | 2): number =>
    Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]);
  return [along(0), along(1), along(2)];
}
