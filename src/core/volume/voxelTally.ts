import type { HuJudgement } from './hu';
import { HuSampler } from './hu';
import { isEncodedType, type EncodedVoxels, type VoxelEncoding } from './voxelEncoding';
import type { VoxelPiece, VoxelPieces } from './voxelPieces';

/** Lowest and highest finite voxel in HU, null where none is finite, and how many are not finite. */
export interface VoxelRange {
  readonly min: number | null;
  readonly max: number | null;
  readonly nonFinite: number;
}

/** Counts the voxels of a volume while its pieces pass by. */
export class VoxelTally {
  private readonly sampler: HuSampler;
  private readonly encoding: VoxelEncoding;
  private readonly sliceVoxels: number;
  private lowest = Infinity;
  private highest = -Infinity;
  private nonFinite = 0;

  constructor({ header, encoding }: Pick<VoxelPieces, 'header' | 'encoding'>) {
    this.encoding = encoding;
    this.sliceVoxels = header.shape[0] * header.shape[1];
    this.sampler = new HuSampler(header, isEncodedType(header.dtype) ? 'stored' : 'hu');
  }

  push({ first, voxels }: VoxelPiece): void {
    this.sampler.push(voxels, first * this.sliceVoxels);
    const { lowest, highest, nonFinite } =
      voxels instanceof Float32Array ? finiteEnds(voxels) : ends(voxels);
    this.lowest = Math.min(this.lowest, lowest);
    this.highest = Math.max(this.highest, highest);
    this.nonFinite += nonFinite;
  }

  range(): VoxelRange {
    const { lowest, highest, nonFinite } = this;
    if (lowest > highest) {
      return { min: null, max: null, nonFinite };
    }
    const { slope, intercept } = this.encoding;
    // HU are kept in float32 everywhere else.
    const ends = [lowest, highest].map((value) => Math.fround(value * slope + intercept));
    return { min: Math.min(...ends), max: Math.max(...ends), nonFinite };
  }

  judge(): HuJudgement {
    return this.sampler.judge();
  }
}

interface Ends {
  readonly lowest: number;
  readonly highest: number;
  readonly nonFinite: number;
}

/** Of whole numbers. Indexed loops: iterating a typed array of a whole scan is several times slower. */
function ends(voxels: Exclude<EncodedVoxels, Float32Array>): Ends {
  let lowest = voxels[0];
  let highest = lowest;
  for (let i = 1, count = voxels.length; i < count; i++) {
    // Faster than comparisons where the numbers are whole.
    lowest = Math.min(lowest, voxels[i]);
    highest = Math.max(highest, voxels[i]);
  }
  return { lowest, highest, nonFinite: 0 };
}

/** The same of numbers that need not be finite. */
export function finiteEnds(voxels: Float32Array): Ends {
  let lowest = Infinity;
  let highest = -Infinity;
  let nonFinite = 0;
  for (let i = 0, count = voxels.length; i < count; i++) {
    const value = voxels[i];
    if (value - value !== 0) {
      nonFinite++;
    } else {
      lowest = value < lowest ? value : lowest;
      highest = value > highest ? value : highest;
    }
  }
  return { lowest, highest, nonFinite };
}
