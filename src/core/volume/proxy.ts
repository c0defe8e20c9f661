import { productOf } from './affine';
import type { Affine, VolumeHeader } from './types';
import { bytesOf, encodedVoxels, type VoxelEncoding } from './voxelEncoding';
import type { VoxelPiece } from './voxelPieces';

/** Volumes of more bytes in a viewer's encoding are shown by a proxy. */
export const mostWholeBytes = 640 * 2 ** 20;
const mostProxyBytes = 192 * 2 ** 20;

/** A volume of fewer, larger voxels, each the mean of `factor`³ of another volume's. */
export interface ProxyPlan {
  readonly factor: number;
  readonly shape: readonly [number, number, number];
  /** Voxel of the proxy to voxel of the volume; both count from the centre of the first. */
  readonly toVolume: Affine;
}

/** The finest proxy that a viewer has room for; undefined where it has room for the volume itself. */
export function proxyPlan(
  { shape }: Pick<VolumeHeader, 'shape'>,
  encoding: VoxelEncoding,
  mostWhole = mostWholeBytes,
  mostProxy = mostProxyBytes,
): ProxyPlan | undefined {
  const bytes = (factor: number): number =>
    shape.reduce((product, length) => product * Math.ceil(length / factor), bytesOf(encoding));
  if (bytes(1) <= mostWhole) {
    return undefined;
  }
  let factor = 2;
  while (bytes(factor) > mostProxy) {
    factor++;
  }
  return {
    factor,
    shape: [
      Math.ceil(shape[0] / factor),
      Math.ceil(shape[1] / factor),
      Math.ceil(shape[2] / factor),
    ],
    toVolume: proxyToVolume(factor),
  };
}

/** Voxel of a proxy to voxel of its volume; both count from the centre of the first. */
export function proxyToVolume(factor: number): Affine {
  const shift = (factor - 1) / 2;
  return [
    [factor, 0, 0, shift],
    [0, factor, 0, shift],
    [0, 0, factor, shift],
    [0, 0, 0, 1],
  ];
}

/** The header of a proxy: the same space in larger voxels. */
export function proxyHeader(
  header: VolumeHeader,
  { factor, shape, toVolume }: ProxyPlan,
): VolumeHeader {
  const [di, dj, dk] = header.spacingMm;
  return {
    ...header,
    shape,
    spacingMm: [di * factor, dj * factor, dk * factor],
    affine: productOf(header.affine, toVolume),
  };
}

/** A slice of a proxy that is being added up. */
interface Sums {
  readonly values: Float64Array;
  /** How many voxels make each pixel so far. */
  readonly counts: Uint32Array;
  /** How many slices of the volume were added. */
  slices: number;
}

/**
 * Makes the pieces of a proxy from those of its volume. Pieces may come in any order of runs: a slice
 * of the proxy at the end of a run is first the mean of what is there, and comes again once the rest
 * of it has come.
 */
export class ProxyBuilder {
  /** The slices at the ends of runs, by their index. */
  private readonly unfinished = new Map<number, Sums>();
  private spare: Sums | undefined;
  /** The slice of the proxy that is being added up. */
  private current: number | undefined;

  constructor(
    private readonly volume: Pick<VolumeHeader, 'shape'>,
    private readonly encoding: VoxelEncoding,
    private readonly plan: ProxyPlan,
  ) {}

  /** The pieces that `piece` completes. */
  *push({ first, count, voxels }: VoxelPiece): Generator<VoxelPiece> {
    const { factor } = this.plan;
    const [ni, nj, nk] = this.volume.shape;
    for (let k = first; k < first + count; k++) {
      const slice = Math.floor(k / factor);
      if (this.current !== undefined && this.current !== slice) {
        yield this.meanOf(this.current);
      }
      this.current = slice;
      const sums = this.sumsOf(slice);
      this.add(voxels.subarray((k - first) * ni * nj, (k - first + 1) * ni * nj), sums);
      if (sums.slices === Math.min(factor, nk - slice * factor)) {
        yield this.meanOf(slice);
        this.forget(slice, sums);
      }
    }
  }

  /** What is left after the last piece. */
  *end(): Generator<VoxelPiece> {
    if (this.current !== undefined) {
      yield this.meanOf(this.current);
    }
  }

  private sumsOf(slice: number): Sums {
    const known = this.unfinished.get(slice);
    if (known !== undefined) {
      return known;
    }
    const [ni, nj] = this.plan.shape;
    const { spare } = this;
    const sums = spare ?? {
      values: new Float64Array(ni * nj),
      counts: new Uint32Array(ni * nj),
      slices: 0,
    };
    this.spare = undefined;
    this.unfinished.set(slice, sums);
    return sums;
  }

  /** Keeps the room of a finished slice for the next. */
  private forget(slice: number, sums: Sums): void {
    sums.values.fill(0);
    sums.counts.fill(0);
    sums.slices = 0;
    this.spare = sums;
    this.unfinished.delete(slice);
    this.current = undefined;
  }

  private add(slice: VoxelPiece['voxels'], sums: Sums): void {
    const { factor, shape } = this.plan;
    const [ni, nj] = this.volume.shape;
    const { values, counts } = sums;
    sums.slices++;
    for (let j = 0, from = 0; j < nj; j++) {
      const row = Math.floor(j / factor) * shape[0];
      for (let i = 0; i < ni; from++) {
        // One division for each block of a row, not one for each voxel.
        const to = row + Math.floor(i / factor);
        const end = Math.min(ni, i - (i % factor) + factor);
        let sum = slice[from];
        for (i++; i < end; i++) {
          sum += slice[++from];
        }
        values[to] += sum;
        counts[to] += end - Math.floor((end - 1) / factor) * factor;
      }
    }
  }

  private meanOf(slice: number): VoxelPiece {
    const { encoding } = this;
    const { values, counts } = this.sumsOf(slice);
    const voxels = encodedVoxels(encoding, values.length);
    const isWhole = encoding.type !== 'float32';
    for (let at = 0; at < values.length; at++) {
      const mean = values[at] / counts[at];
      voxels[at] = isWhole ? Math.round(mean) : mean;
    }
    return { first: slice, count: 1, voxels };
  }
}
