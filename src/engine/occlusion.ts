import type { OcclusionSizes } from '../core/explanation';
import { heedCancellation } from '../core/progress';
import type { LongWork } from '../core/progress';
import { voxelSpacing } from '../core/volume/affine';
import { interpolationWeights, resampleBox } from '../core/volume/boxFilter';
import type { TensorGrid } from '../core/volume/tensorGrid';
import type { ExplainTarget } from './explainTarget';
import type { VolumeLogits } from './volumeProbe';

/** The blocks along one axis of the box, in voxels. */
interface BlockAxis {
  readonly size: number;
  /** First voxel of each block. */
  readonly starts: readonly number[];
}

/** Along each axis a block is this part of it where nothing else is asked for. */
const usualPart = 6;
/** Voxels of the volumes of one run: what a scan of the larger presets has. */
const voxelsPerRun = 2 ** 19;
const mostVolumesPerRun = 32;
/** Of a tensor: what no voxel lies below. */
const air = -1;

/**
 * Maps of what each target loses where a block of the volume is air: computed on the grid of the
 * blocks' centres and interpolated between them. A block that is air already loses nothing and
 * costs nothing.
 *
 * @returns one map a target, per box voxel, x fastest
 */
export async function occlusionMaps(
  probe: VolumeLogits,
  grid: TensorGrid,
  targets: readonly ExplainTarget[],
  sizes: OcclusionSizes,
  work: LongWork,
): Promise<Float32Array[]> {
  const [x, y, z] = ([0, 1, 2] as const).map((axis) => blocksAlong(grid, axis, sizes));
  const [whole] = await probe.logits(probe.volume, 1);
  const blocks = blocksOf([x, y, z]);
  const losses = targets.map(() => new Float32Array(blocks.length));
  const dense = [...blocks.keys()].filter((index) => !isAir(probe.volume, grid, blocks[index]));
  const voxels = probe.volume.length;
  const perRun = Math.max(1, Math.min(mostVolumesPerRun, Math.floor(voxelsPerRun / voxels)));
  for (let start = 0; start < dense.length; start += perRun) {
    const chunk = dense.slice(start, start + perRun);
    const volumes = new Float32Array(chunk.length * voxels);
    chunk.forEach((index, row) => {
      const own = volumes.subarray(row * voxels, (row + 1) * voxels);
      own.set(probe.volume);
      forEachRow(grid, blocks[index], (from, count, step) => {
        for (let i = 0, at = from; i < count; i++, at += step) {
          own[at] = air;
        }
      });
    });
    (await probe.logits(volumes, chunk.length)).forEach((logits, row) => {
      targets.forEach(({ value }, target) => {
        losses[target][chunk[row]] = value(whole) - value(logits);
      });
    });
    const done = start + chunk.length;
    work.onProgress?.({ stage: 'Hiding parts of the volume', done, total: dense.length });
    await heedCancellation(work.signal);
  }
  const [alongX, alongY, alongZ] = [x, y, z].map(({ starts, size }, axis) =>
    interpolationWeights(
      starts.map((start) => start + (size - 1) / 2),
      grid.shape[axis],
    ),
  );
  return losses.map((loss) => resampleBox(loss, [alongX, alongY, alongZ]));
}

function blocksAlong(
  { shape, affine }: TensorGrid,
  axis: 0 | 1 | 2,
  { blockMm, stepMm }: OcclusionSizes,
): BlockAxis {
  const spacing = voxelSpacing(affine)[axis];
  const voxels = (mm: number): number => Math.max(1, Math.round(mm / spacing));
  const wanted = blockMm === undefined ? Math.ceil(shape[axis] / usualPart) : voxels(blockMm);
  const size = Math.min(shape[axis], wanted);
  const step = stepMm === undefined ? Math.max(1, Math.round(size / 2)) : voxels(stepMm);
  const last = shape[axis] - size;
  const count = Math.ceil(last / step) + 1;
  return {
    size,
    starts: Array.from({ length: count }, (_, index) => Math.min(index * step, last)),
  };
}

/** First voxel and size along x, y, z. */
interface Block {
  readonly start: readonly [number, number, number];
  readonly size: readonly [number, number, number];
}

/** All blocks, those along x fastest. */
function blocksOf([x, y, z]: readonly BlockAxis[]): Block[] {
  const size = [x.size, y.size, z.size] as const;
  return z.starts.flatMap((k) =>
    y.starts.flatMap((j) => x.starts.map((i) => ({ start: [i, j, k] as const, size }))),
  );
}

/** Rows of a block along x: where each begins in the tensor, its length, and the step. */
function forEachRow(
  { start: origin, strides }: TensorGrid,
  { start: [i, j, k], size: [width, height, depth] }: Block,
  take: (from: number, count: number, step: number) => void,
): void {
  for (let z = k; z < k + depth; z++) {
    for (let y = j; y < j + height; y++) {
      take(origin + i * strides[0] + y * strides[1] + z * strides[2], width, strides[0]);
    }
  }
}

function isAir(volume: Float32Array, grid: TensorGrid, block: Block): boolean {
  let densest = air;
  forEachRow(grid, block, (from, count, step) => {
    for (let i = 0, at = from; i < count; i++, at += step) {
      densest = Math.max(densest, volume[at]);
    }
  });
  return densest <= air;
}
