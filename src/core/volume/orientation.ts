import { worldOf } from './affine';
import type { Affine, Volume, VolumeHeader } from './types';

/** One letter per axis, the direction it points to: one of L/R, one of P/A, one of I/S. */
export type AxisCodes = 'LPS' | 'RAS' | (string & {});

/** For one voxel axis: the world axis it follows (0 x, 1 y, 2 z) and whether it runs with it. */
export interface AxisDirection {
  readonly world: 0 | 1 | 2;
  readonly sign: 1 | -1;
}

/** Letters of each world axis, against and with it (world space is right, anterior, superior). */
const letters = [
  { '-1': 'L', '1': 'R' },
  { '-1': 'P', '1': 'A' },
  { '-1': 'I', '1': 'S' },
] as const;

/**
 * The world axis that each voxel axis follows most closely, each used once; undefined for an axis
 * that a singular affine flattens away. As nibabel's `io_orientation` (5.2 and later): closest
 * rotation by polar decomposition, then the strongest axis chooses first.
 */
export function axisDirections(affine: Affine): (AxisDirection | undefined)[] {
  const rotation = closestRotation(affine);
  const directions: (AxisDirection | undefined)[] = [undefined, undefined, undefined];
  const strength = (axis: number): number => Math.max(...rotation.map((row) => row[axis] ** 2));
  const strongestFirst = [0, 1, 2].sort((a, b) => strength(b) - strength(a));
  const free = new Set<0 | 1 | 2>([0, 1, 2]);
  for (const axis of strongestFirst) {
    const world = [...free].reduce((best, next) =>
      Math.abs(rotation[next][axis]) > Math.abs(rotation[best][axis]) ? next : best,
    );
    const component = rotation[world][axis];
    // nibabel's np.allclose(column, 0)
    if (Math.abs(component) > 1e-8) {
      directions[axis] = { world, sign: component < 0 ? -1 : 1 };
      free.delete(world);
    }
  }
  return directions;
}

/** Letters of {@link axisDirections}, such as `LPS`; `?` for an axis without a direction. */
export function axisCodes(affine: Affine): string {
  return axisDirections(affine)
    .map((direction) => (direction ? letters[direction.world][`${direction.sign}`] : '?'))
    .join('');
}

/** Parses `LPS` and the like; a RangeError for anything but one letter of each pair. */
export function parseAxisCodes(codes: AxisCodes): AxisDirection[] {
  const directions = Array.from(codes).flatMap((letter) =>
    ([0, 1, 2] as const).flatMap((world) =>
      ([1, -1] as const)
        .filter((sign) => letters[world][`${sign}`] === letter)
        .map((sign) => ({ world, sign })),
    ),
  );
  if (codes.length !== 3 || new Set(directions.map(({ world }) => world)).size !== 3) {
    throw new RangeError(`${codes} is no orientation: expected three letters such as LPS`);
  }
  return directions;
}

/**
 * A volume's voxels seen in another orientation, without moving them: the voxel (x, y, z) of the
 * view stands at `start + x * strides[0] + y * strides[1] + z * strides[2]` of the stored ones.
 */
export interface OrientedView {
  readonly shape: readonly [number, number, number];
  readonly spacingMm: readonly [number, number, number];
  /** Storage axis behind each axis of the view, and whether it runs backwards. */
  readonly axes: readonly { readonly storage: 0 | 1 | 2; readonly reversed: boolean }[];
  readonly start: number;
  readonly strides: readonly [number, number, number];
}

/** The view of `header`'s voxels along `codes`; axes without a direction fill the free places. */
export function orientedView(
  header: Pick<VolumeHeader, 'shape' | 'spacingMm' | 'affine'>,
  codes: AxisCodes,
): OrientedView {
  const stored = withoutGaps(axisDirections(header.affine));
  const axes = parseAxisCodes(codes).map(({ world, sign }) => {
    const storage = stored.findIndex((direction) => direction.world === world) as 0 | 1 | 2;
    return { storage, reversed: stored[storage].sign !== sign };
  });
  const steps = [1, header.shape[0], header.shape[0] * header.shape[1]];
  const alongView = (of: (axis: (typeof axes)[number]) => number): [number, number, number] => [
    of(axes[0]),
    of(axes[1]),
    of(axes[2]),
  ];
  return {
    axes,
    shape: alongView(({ storage }) => header.shape[storage]),
    spacingMm: alongView(({ storage }) => header.spacingMm[storage]),
    strides: alongView(({ storage, reversed }) => (reversed ? -steps[storage] : steps[storage])),
    start: axes.reduce(
      (sum, { storage, reversed }) =>
        sum + (reversed ? (header.shape[storage] - 1) * steps[storage] : 0),
      0,
    ),
  };
}

/** Storage index (i, j, k) of the voxel (x, y, z) of a view. */
export function storageIndexOf(
  view: OrientedView,
  position: readonly [number, number, number],
): [number, number, number] {
  const index: [number, number, number] = [0, 0, 0];
  view.axes.forEach(({ storage, reversed }, axis) => {
    index[storage] = reversed ? view.shape[axis] - 1 - position[axis] : position[axis];
  });
  return index;
}

/**
 * The same volume with its axes permuted and flipped to `codes` (nibabel `as_reoriented`): every
 * voxel keeps its value and its place in the world. Nothing is resampled, so an oblique volume
 * stays oblique.
 */
export function reorient(volume: Volume, codes: AxisCodes): Volume {
  const { header } = volume;
  const view = orientedView(header, codes);
  const affine = viewAffine(header.affine, view);
  return {
    ...volume,
    header: {
      ...header,
      shape: view.shape,
      spacingMm: view.spacingMm,
      affine,
      axcodes: axisCodes(affine),
    },
    voxels: gather(volume.voxels, view),
  };
}

/** View index to world millimetres. */
function viewAffine(affine: Affine, view: OrientedView): Affine {
  const origin = worldOf(affine, storageIndexOf(view, [0, 0, 0]));
  const rows = [0, 1, 2].map((row) => [
    ...view.axes.map(({ storage, reversed }) => {
      const step = affine[row][storage];
      return reversed && step !== 0 ? -step : step;
    }),
    origin[row],
  ]);
  return [...rows, [0, 0, 0, 1]];
}

/** The voxels of a view in its own order, x fastest. */
export function gather(
  voxels: Float32Array,
  view: Pick<OrientedView, 'shape' | 'start' | 'strides'>,
): Float32Array {
  const [nx, ny, nz] = view.shape;
  const [sx, sy, sz] = view.strides;
  const gathered = new Float32Array(voxels.length);
  let to = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let from = view.start + z * sz + y * sy;
      for (let x = 0; x < nx; x++, from += sx) {
        gathered[to++] = voxels[from];
      }
    }
  }
  return gathered;
}

/** Gives axes without a direction the world axes that no other axis took, forwards. */
function withoutGaps(directions: readonly (AxisDirection | undefined)[]): AxisDirection[] {
  const taken = new Set(directions.map((direction) => direction?.world));
  const free = ([0, 1, 2] as const).filter((world) => !taken.has(world));
  return directions.map((direction) => direction ?? { world: free.shift() ?? 0, sign: 1 });
}

/**
 * The orthogonal matrix nearest to the directions of an affine's columns, lengths set aside:
 * R = M (MᵀM)^(-1/2), by the eigenvectors of MᵀM; directions of no length stay zero. All zero
 * where the affine holds NaN or infinity.
 */
function closestRotation(affine: Affine): number[][] {
  const axes = [0, 1, 2];
  // Not Math.hypot: squares that vanish count as no length, as they do for nibabel.
  const lengths = axes.map((c) =>
    Math.sqrt(affine[0][c] ** 2 + affine[1][c] ** 2 + affine[2][c] ** 2),
  );
  if (!lengths.every(Number.isFinite)) {
    return axes.map(() => [0, 0, 0]);
  }
  const unit = axes.map((r) => axes.map((c) => affine[r][c] / (lengths[c] || 1)));
  const gram = axes.map((r) =>
    axes.map((c) => axes.reduce((sum, n) => sum + unit[n][r] * unit[n][c], 0)),
  );
  const { values, vectors } = symmetricEigen(gram);
  // Eigenvalues of MᵀM are the squares of M's singular values.
  const negligible = Math.max(...values) * 3 * Number.EPSILON;
  return axes.map((r) =>
    axes.map((c) =>
      axes.reduce((sum, e) => {
        if (values[e] <= negligible) {
          return sum;
        }
        const projected = axes.reduce((dot, n) => dot + unit[r][n] * vectors[n][e], 0);
        return sum + (projected * vectors[c][e]) / Math.sqrt(values[e]);
      }, 0),
    ),
  );
}

/** Eigenvalues and eigenvectors (columns) of a symmetric 3 x 3 matrix, by Jacobi rotations. */
function symmetricEigen(matrix: readonly (readonly number[])[]): {
  values: number[];
  vectors: number[][];
} {
  const a = matrix.map((row) => [...row]);
  const vectors = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  // Convergence is quadratic: a 3 x 3 matrix is diagonal to machine precision within 6 sweeps.
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      if (a[p][q] === 0) {
        continue;
      }
      const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
      const cosine = 1 / Math.hypot(t, 1);
      const sine = t * cosine;
      rotateColumns(a, p, q, cosine, sine);
      rotateRows(a, p, q, cosine, sine);
      rotateColumns(vectors, p, q, cosine, sine);
    }
  }
  return { values: [a[0][0], a[1][1], a[2][2]], vectors };
}

function rotateColumns(m: number[][], p: number, q: number, cosine: number, sine: number): void {
  for (const row of m) {
    [row[p], row[q]] = [cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]];
  }
}

function rotateRows(m: number[][], p: number, q: number, cosine: number, sine: number): void {
  const [rowP, rowQ] = [m[p], m[q]];
  m[p] = rowP.map((value, c) => cosine * value - sine * rowQ[c]);
  m[q] = rowP.map((value, c) => sine * value + cosine * rowQ[c]);
}
