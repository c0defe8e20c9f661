import type { TransferFunction } from './presets';

/** Rows of {@link transferTable}, as many as a byte has values. */
export const levelCount = 256;

/** The range of HU that a transfer function tells apart. */
function rangeOf({ points }: TransferFunction): { least: number; width: number } {
  const least = points[0].hu;
  return { least, width: points[points.length - 1].hu - least };
}

/** HU a level. */
export function levelWidth(transfer: TransferFunction): number {
  return rangeOf(transfer).width / (levelCount - 1);
}

/** Each HU as one of 256 levels of the range that a transfer function tells apart. */
export function levelsOf(hu: Int16Array, transfer: TransferFunction): Uint8Array<ArrayBuffer> {
  const { least } = rangeOf(transfer);
  const scale = 1 / levelWidth(transfer);
  // Looked up, by the bits of a number: there are far more voxels than numbers.
  const levelOf = new Uint8ClampedArray(0x10000);
  for (let value = -0x8000; value < 0x8000; value++) {
    levelOf[value & 0xffff] = (value - least) * scale;
  }
  const levels = new Uint8Array(hu.length);
  for (let i = 0; i < hu.length; i++) {
    levels[i] = levelOf[hu[i] & 0xffff];
  }
  return levels;
}

/**
 * `levels` weighted 1, 2, 1 along each axis: surfaces are lit by its slopes, as those of the levels
 * themselves jump from voxel to voxel.
 */
export function smoothed(
  levels: Uint8Array<ArrayBuffer>,
  [nx, ny, nz]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const along = smoothedAlong(levels, 1, nx);
  const across = smoothedAlong(along, nx, ny);
  return smoothedAlong(across, nx * ny, nz);
}

/** One axis: `count` voxels that stand `step` apart. */
function smoothedAlong(
  levels: Uint8Array<ArrayBuffer>,
  step: number,
  count: number,
): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(levels.length);
  const line = step * count;
  for (let start = 0; start < levels.length; start += line) {
    const end = start + line;
    // At both ends, a voxel stands for the neighbour that it lacks.
    for (let i = start; i < start + step; i++) {
      result[i] = (3 * levels[i] + levels[count > 1 ? i + step : i] + 2) >> 2;
    }
    for (let i = start + step; i < end - step; i++) {
      result[i] = (levels[i - step] + 2 * levels[i] + levels[i + step] + 2) >> 2;
    }
    for (let i = Math.max(start + step, end - step); i < end; i++) {
      result[i] = (levels[i - step] + 3 * levels[i] + 2) >> 2;
    }
  }
  return result;
}

/** Red, green, blue and opacity of each level, for samples `stepMm` apart; 0 to 1. */
export function transferTable(
  transfer: TransferFunction,
  stepMm: number,
): Float32Array<ArrayBuffer> {
  const { points, layerMm } = transfer;
  const { least } = rangeOf(transfer);
  const table = new Float32Array(4 * levelCount);
  let next = 1;
  for (let level = 0; level < levelCount; level++) {
    const hu = least + level * levelWidth(transfer);
    while (next < points.length - 1 && points[next].hu < hu) {
      next++;
    }
    const [a, b] = [points[next - 1], points[next]];
    const share = (hu - a.hu) / (b.hu - a.hu);
    const between = (from: number, to: number): number => from + share * (to - from);
    const opacity = between(a.opacity, b.opacity);
    table.set(
      [
        ...a.colour.map((value, channel) => between(value, b.colour[channel])),
        1 - (1 - Math.min(0.999, opacity)) ** (stepMm / layerMm),
      ],
      4 * level,
    );
  }
  return table;
}
