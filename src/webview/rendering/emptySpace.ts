import type { TransferFunction } from './presets';
import type { RenderedVolume } from './volume';

/** Voxels along each edge of a brick. */
export const brickEdge = 4;
/** Voxels along each edge of a cell: half a brick, and as far as interpolation reaches. */
const cellEdge = 2;

/** The least and the greatest HU in and around each brick of a volume, x fastest. */
export interface Bricks {
  readonly shape: readonly [number, number, number];
  readonly least: Int16Array;
  readonly greatest: Int16Array;
}

/** Cuts a volume into bricks. */
export function bricksOf(volume: RenderedVolume): Bricks {
  const cells = cellsOf(volume);
  const [cx, cy, cz] = cells.shape;
  const count = (axis: 0 | 1 | 2): number => Math.ceil(volume.shape[axis] / brickEdge);
  const shape = [count(0), count(1), count(2)] as const;
  const least = new Int16Array(shape[0] * shape[1] * shape[2]).fill(32767);
  const greatest = new Int16Array(least.length).fill(-32768);
  let brick = 0;
  for (let bz = 0; bz < shape[2]; bz++) {
    const [fromZ, toZ] = reachOf(bz, cz);
    for (let by = 0; by < shape[1]; by++) {
      const [fromY, toY] = reachOf(by, cy);
      for (let bx = 0; bx < shape[0]; bx++, brick++) {
        const [fromX, toX] = reachOf(bx, cx);
        for (let z = fromZ; z < toZ; z++) {
          for (let y = fromY; y < toY; y++) {
            for (let cell = fromX + cx * (y + cy * z), x = fromX; x < toX; x++, cell++) {
              least[brick] = Math.min(least[brick], cells.least[cell]);
              greatest[brick] = Math.max(greatest[brick], cells.greatest[cell]);
            }
          }
        }
      }
    }
  }
  return { shape, least, greatest };
}

/** The cells in a brick and the one on each side, whose values reach into it when interpolated. */
function reachOf(brick: number, cells: number): [from: number, to: number] {
  const inBrick = brickEdge / cellEdge;
  return [Math.max(0, brick * inBrick - 1), Math.min(cells, (brick + 1) * inBrick + 1)];
}

/** Ranges within cells that do not overlap: every voxel is looked at once. */
function cellsOf({ shape, hu }: RenderedVolume): Bricks {
  const [nx, ny, nz] = shape;
  const count = (axis: 0 | 1 | 2): number => Math.ceil(shape[axis] / cellEdge);
  const cells = [count(0), count(1), count(2)] as const;
  const least = new Int16Array(cells[0] * cells[1] * cells[2]).fill(32767);
  const greatest = new Int16Array(least.length).fill(-32768);
  let i = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = cells[0] * ((y >> 1) + cells[1] * (z >> 1));
      for (let x = 0; x < nx; x++, i++) {
        const cell = row + (x >> 1);
        const value = hu[i];
        if (value < least[cell]) {
          least[cell] = value;
        }
        if (value > greatest[cell]) {
          greatest[cell] = value;
        }
      }
    }
  }
  return { shape: cells, least, greatest };
}

/** Whether a transfer function shows any value from `low` to `high` HU. */
export function showsBetween({ points }: TransferFunction, low: number, high: number): boolean {
  const last = points.length - 1;
  return points.some(({ opacity }, i) => {
    if (opacity === 0) {
      return false;
    }
    // A visible point is seen from the one before it to the one after it.
    const from = i === 0 ? -Infinity : points[i - 1].hu;
    const to = i === last ? Infinity : points[i + 1].hu;
    return high > from && low < to;
  });
}

/**
 * For each brick, how many bricks away the nearest one is that shows anything (0: this one does),
 * counted as a king walks: what a ray may skip.
 */
export function distances(bricks: Bricks, transfer: TransferFunction): Uint8Array<ArrayBuffer> {
  const { shape, least, greatest } = bricks;
  const [nx, ny, nz] = shape;
  // A rim of bricks that are never reached saves asking where the volume ends.
  const [wide, high] = [nx + 2, ny + 2];
  const rimmed = new Uint8Array(wide * high * (nz + 2)).fill(farthest);
  const placeOf = (i: number): number =>
    1 + (i % nx) + wide * (1 + (Math.floor(i / nx) % ny) + high * (1 + Math.floor(i / (nx * ny))));
  for (let i = 0; i < least.length; i++) {
    if (showsBetween(transfer, least[i], greatest[i])) {
      rimmed[placeOf(i)] = 0;
    }
  }
  // One pass forwards and one back are exact where a diagonal step counts as one.
  const steps = halfNeighbours.map(([x, y, z]) => x + wide * (y + high * z));
  for (let i = 0; i < least.length; i++) {
    const place = placeOf(i);
    rimmed[place] = nearer(rimmed, place, steps, 1);
  }
  for (let i = least.length - 1; i >= 0; i--) {
    const place = placeOf(i);
    rimmed[place] = nearer(rimmed, place, steps, -1);
  }
  return Uint8Array.from(least, (_, i) => rimmed[placeOf(i)]);
}

/** Beyond, nothing more is skipped at once. */
const farthest = 254;

function nearer(distance: Uint8Array, i: number, steps: readonly number[], way: 1 | -1): number {
  let least = distance[i];
  for (let n = 0; least > 0 && n < steps.length; n++) {
    least = Math.min(least, distance[i + way * steps[n]] + 1);
  }
  return least;
}

/** The 13 neighbours that come before a brick in storage order. */
const halfNeighbours: readonly (readonly [number, number, number])[] = [-1, 0, 1].flatMap((z) =>
  [-1, 0, 1].flatMap((y) =>
    [-1, 0, 1].flatMap((x) => (9 * z + 3 * y + x < 0 ? [[x, y, z] as const] : [])),
  ),
);
