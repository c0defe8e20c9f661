import type { Random } from '../random';
import type { Box } from './phantom';

/**
 * A smooth random field (value noise): random values on a lattice, trilinear between. Gives patches
 * of ground glass and the edges of a consolidation their irregular shape.
 *
 * @param pitchMm size of the patches
 * @returns the field at a point (mm), between -1 and 1
 */
export function mottle(
  random: Random,
  box: Box,
  pitchMm: number,
): (x: number, y: number, z: number) => number {
  const count = (axis: 0 | 1 | 2): number =>
    Math.ceil((box.high[axis] - box.low[axis]) / pitchMm) + 2;
  const [nx, ny, nz] = [count(0), count(1), count(2)];
  const lattice = Float32Array.from({ length: nx * ny * nz }, () => random.between(-1, 1));
  const place = (value: number, low: number, points: number): number =>
    Math.min(Math.max((value - low) / pitchMm, 0), points - 1.001);
  return (x, y, z) => {
    const [px, py, pz] = [
      place(x, box.low[0], nx),
      place(y, box.low[1], ny),
      place(z, box.low[2], nz),
    ];
    const [i, j, k] = [px | 0, py | 0, pz | 0];
    const [fx, fy, fz] = [px - i, py - j, pz - k];
    const at = i + nx * (j + ny * k);
    const row = (start: number): number =>
      lattice[start] + fx * (lattice[start + 1] - lattice[start]);
    const plane = (start: number): number => row(start) + fy * (row(start + nx) - row(start));
    return plane(at) + fz * (plane(at + nx * ny) - plane(at));
  };
}
