import { throwIfCancelled } from '../../core/errors';
import type { RenderedVolume } from '../rendering/volume';

type Triple = readonly [number, number, number];

/**
 * Voxels in memory, seen along x to the patient's left, y to the back, z upwards: the voxel
 * (x, y, z) is `stored[start + x * strides[0] + y * strides[1] + z * strides[2]]`, in HU times
 * `slope` plus `intercept`.
 */
export interface VoxelSource {
  readonly shape: Triple;
  readonly spacingMm: Triple;
  readonly stored: Int16Array | Uint16Array | Int8Array | Uint8Array | Float32Array;
  readonly start: number;
  readonly strides: Triple;
  readonly slope: number;
  readonly intercept: number;
}

/** HU that a CT can tell apart; what is beyond is padding, or metal. */
export const huRange = { least: -1024, most: 3071 };

/** How long the page may be kept from what else it has to do, ms. */
const sliceOfWorkMs = 12;

/**
 * `source` as means over blocks of whole voxels, at most `maxEdge`³ of them. The shortest edges of
 * voxels grow first, so that thick slices keep the detail within them.
 *
 * @throws CancelledError once `signal` is aborted.
 */
export async function renderedVolume(
  source: VoxelSource,
  maxEdge = 192,
  signal?: AbortSignal,
): Promise<RenderedVolume> {
  const block = blockOf(source, maxEdge);
  const [nx, ny, nz] = shapeIn(source.shape, block);
  const hu = new Int16Array(nx * ny * nz);
  const sums = new Float64Array(nx * ny);
  let resumed = performance.now();
  for (let z = 0; z < nz; z++) {
    throwIfCancelled(signal);
    sums.fill(0);
    const depth = Math.min(block[2], source.shape[2] - z * block[2]);
    for (let layer = 0; layer < depth; layer++) {
      addLayer(source, block, z * block[2] + layer, sums, nx);
    }
    writeMeans(source, block, depth, sums, hu.subarray(z * nx * ny, (z + 1) * nx * ny), nx);
    if (performance.now() - resumed > sliceOfWorkMs) {
      await nextTask();
      resumed = performance.now();
    }
  }
  throwIfCancelled(signal);
  const along = (of: (axis: 0 | 1 | 2) => number): Triple => [of(0), of(1), of(2)];
  return {
    shape: [nx, ny, nz],
    spacingMm: along((axis) => source.spacingMm[axis] * block[axis]),
    hu,
  };
}

/** Voxels along x, y, z that become one. */
export function blockOf(
  { shape, spacingMm }: Pick<VoxelSource, 'shape' | 'spacingMm'>,
  maxEdge: number,
): Triple {
  const block: [number, number, number] = [1, 1, 1];
  const edges = (): Triple => shapeIn(shape, block);
  // No graphics device takes edges of any length, whatever the number of voxels.
  const longest = 2 * maxEdge;
  for (;;) {
    const [nx, ny, nz] = edges();
    const tooLong = ([0, 1, 2] as const).find((axis) => edges()[axis] > longest);
    if (tooLong === undefined && nx * ny * nz <= maxEdge ** 3) {
      return block;
    }
    block[tooLong ?? finestAxis(spacingMm, block, [nx, ny, nz])]++;
  }
}

/** The axis with the shortest voxels of those that can be made longer. */
function finestAxis(spacingMm: Triple, block: Triple, edges: Triple): 0 | 1 | 2 {
  const length = (axis: 0 | 1 | 2): number =>
    edges[axis] === 1 ? Infinity : spacingMm[axis] * block[axis];
  return ([0, 1, 2] as const).reduce((best, axis) => (length(axis) < length(best) ? axis : best));
}

function shapeIn(shape: Triple, block: Triple): Triple {
  return [
    Math.ceil(shape[0] / block[0]),
    Math.ceil(shape[1] / block[1]),
    Math.ceil(shape[2] / block[2]),
  ];
}

/** Adds the stored values of one layer to the sums of the blocks that they fall in. */
function addLayer(source: VoxelSource, block: Triple, z: number, sums: Float64Array, nx: number) {
  const { stored, shape, strides } = source;
  const [wide, high] = shape;
  const [stepX, stepY, stepZ] = strides;
  for (let y = 0; y < high; y++) {
    let from = source.start + z * stepZ + y * stepY;
    let to = Math.floor(y / block[1]) * nx;
    for (let x = 0; x < wide; to++) {
      const end = Math.min(wide, x + block[0]);
      let sum = 0;
      for (; x < end; x++, from += stepX) {
        sum += stored[from];
      }
      sums[to] += sum;
    }
  }
}

function writeMeans(
  source: VoxelSource,
  block: Triple,
  depth: number,
  sums: Float64Array,
  hu: Int16Array,
  nx: number,
): void {
  const [wide, high] = source.shape;
  for (let i = 0; i < hu.length; i++) {
    const [x, y] = [i % nx, Math.floor(i / nx)];
    const count =
      depth * Math.min(block[0], wide - x * block[0]) * Math.min(block[1], high - y * block[1]);
    const mean = (sums[i] / count) * source.slope + source.intercept;
    // What is no number is shown as air.
    hu[i] = Math.round(
      Math.min(huRange.most, Math.max(huRange.least, Number.isNaN(mean) ? huRange.least : mean)),
    );
  }
}

/** Lets the page do what waits: pictures, keys, messages. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
