import type { DisplayGrid } from './displayGrid';
import { planeLayouts } from './slices';
import type { Plane } from './types';
import type { EncodedVoxels, VoxelEncoding } from './voxelEncoding';

/** What a viewer has of a volume, whole or while it arrives. */
export interface VoxelField {
  readonly grid: DisplayGrid;
  /** Voxels along i, j, k of `voxels`, i fastest. */
  readonly shape: readonly [number, number, number];
  readonly voxels: EncodedVoxels;
  readonly encoding: VoxelEncoding;
  /** For each slice along k whether it has arrived; absent when all have. */
  readonly arrived?: Uint8Array;
  /**
   * Between voxels the nearest is taken: there is nothing between labels, and a proxy is to be drawn
   * quickly.
   */
  readonly takesNearest?: boolean;
}

/** The slice nearest to `index` of which something has arrived; undefined while nothing has. */
export function nearestArrived(field: VoxelField, plane: Plane, index: number): number | undefined {
  const { arrived, grid } = field;
  const { through } = planeLayouts[plane];
  const alongK = grid.toStorage[2];
  if (arrived === undefined) {
    return index;
  }
  if (!grid.isAligned || alongK[through] === 0) {
    return arrived.includes(1) ? index : undefined;
  }
  const isThere = (slice: number): boolean => arrived[alongK[through] * slice + alongK[3]] === 1;
  for (let distance = 0; distance < grid.shape[through]; distance++) {
    for (const slice of [index - distance, index + distance]) {
      if (slice >= 0 && slice < grid.shape[through] && isThere(slice)) {
        return slice;
      }
    }
  }
  return undefined;
}
