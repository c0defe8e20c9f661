import type { DisplayGrid } from './displayGrid';
import type { PlaneLayout } from './slices';
import { encodedVoxels, type EncodedVoxels } from './voxelEncoding';
import type { VoxelField } from './voxelField';

/** The values of one slice's pixels under way, row-major, top left first. */
export interface PlaneLayer {
  readonly values: EncodedVoxels;
  readonly missing: Uint8Array;
  readonly hasMissing: boolean;
}

/** The slice that is drawn: which, and how its pixels lie on the grid. */
interface Frame extends PlaneLayout {
  readonly index: number;
  readonly width: number;
  readonly height: number;
}

/** Draws slice `index` of a field. */
export function drawnLayer(field: VoxelField, layout: PlaneLayout, index: number): PlaneLayer {
  const { grid, encoding, takesNearest } = field;
  const [width, height] = [grid.shape[layout.across], grid.shape[layout.down]];
  // Values between voxels are not of the type that the voxels are of.
  const type = grid.isAligned || takesNearest === true ? encoding.type : 'float32';
  const layer = {
    values: encodedVoxels({ type }, width * height),
    missing: new Uint8Array(width * height),
  };
  const hasMissing = samplerOf(field)(field, { ...layout, index, width, height }, layer);
  return { ...layer, hasMissing };
}

/** Fills a layer, and tells whether something is missing in it. */
type Sampler = (field: VoxelField, frame: Frame, layer: Pixels) => boolean;

type Pixels = Pick<PlaneLayer, 'values' | 'missing'>;

function samplerOf({ grid, takesNearest }: VoxelField): Sampler {
  if (grid.isAligned) {
    return sampleStored;
  }
  if (takesNearest !== true) {
    return sampleBetween;
  }
  return isSeparable(grid) ? sampleNearestByAxis : sampleNearest;
}

/** Whether each stored axis follows one axis of the grid alone. */
function isSeparable({ toStorage }: DisplayGrid): boolean {
  return toStorage
    .slice(0, 3)
    .every((row) => row.slice(0, 3).filter((part) => Math.abs(part) > 1e-9).length === 1);
}

/** The stored voxels of one slice. */
function sampleStored(field: VoxelField, frame: Frame, { values, missing }: Pixels): boolean {
  const { voxels } = field;
  const { width, height } = frame;
  const { start, columnStep, rowStep } = storedSteps(field, frame);
  for (let y = 0; y < height; y++) {
    const from = start + rowOf(frame, y) * rowStep;
    if (columnStep === 1) {
      values.set(voxels.subarray(from, from + width), y * width);
    } else {
      for (let x = 0, at = from, to = y * width; x < width; x++, at += columnStep) {
        values[to++] = voxels[at];
      }
    }
  }
  return field.arrived !== undefined && markMissing(field, frame, field.arrived, missing);
}

/** Where the pixels of a slice stand among the stored voxels, from row 0 of the axis downwards. */
function storedSteps(
  { grid, shape }: VoxelField,
  { through, across, down, index }: Frame,
): { start: number; columnStep: number; rowStep: number } {
  const steps = [1, shape[0], shape[0] * shape[1]];
  const along = (axis: number): number =>
    steps.reduce((sum, step, storage) => sum + step * grid.toStorage[storage][axis], 0);
  return {
    start: along(3) + index * along(through),
    columnStep: along(across),
    rowStep: along(down),
  };
}

/** Marks the pixels whose slice along k has not arrived; whether there are any. */
function markMissing(
  { grid }: VoxelField,
  frame: Frame,
  arrived: Uint8Array,
  missing: Uint8Array,
): boolean {
  const { through, across, down, index, width, height } = frame;
  const alongK = grid.toStorage[2];
  const start = alongK[3] + alongK[through] * index;
  let hasMissing = false;
  for (let y = 0, to = 0; y < height; y++) {
    const row = start + alongK[down] * rowOf(frame, y);
    for (let x = 0; x < width; x++, to++) {
      if (arrived[row + alongK[across] * x] === 0) {
        missing[to] = 1;
        hasMissing = true;
      }
    }
  }
  return hasMissing;
}

/** One slice of the grid, each value from the eight voxels around its place. */
function sampleBetween(field: VoxelField, frame: Frame, layer: Pixels): boolean {
  const { shape, voxels, arrived } = field;
  const [ni, nj, nk] = shape;
  const slice = ni * nj;
  return walkPlaces(field, frame, layer, (i, j, k) => {
    const [i0, i1] = neighbours(i, ni);
    const [j0, j1] = neighbours(j, nj);
    const [k0, k1] = neighbours(k, nk);
    if (arrived !== undefined && (arrived[k0] === 0 || arrived[k1] === 0)) {
      return undefined;
    }
    const [u, v, w] = [share(i, i0), share(j, j0), share(k, k0)];
    const front = k0 * slice;
    const back = k1 * slice;
    const [above, below] = [j0 * ni, j1 * ni];
    return mix(
      mix(
        mix(voxels[front + above + i0], voxels[front + above + i1], u),
        mix(voxels[front + below + i0], voxels[front + below + i1], u),
        v,
      ),
      mix(
        mix(voxels[back + above + i0], voxels[back + above + i1], u),
        mix(voxels[back + below + i0], voxels[back + below + i1], u),
        v,
      ),
      w,
    );
  });
}

/** One slice of the grid, each value that of the voxel around its place. */
function sampleNearest(field: VoxelField, frame: Frame, layer: Pixels): boolean {
  const { shape, voxels, arrived } = field;
  return walkPlaces(field, frame, layer, (i, j, k) => {
    const slice = nearest(k, shape[2]);
    return arrived?.[slice] === 0
      ? undefined
      : voxels[nearest(i, shape[0]) + shape[0] * (nearest(j, shape[1]) + shape[1] * slice)];
  });
}

/** The same as {@link sampleNearest} where axes do not mix: what an axis adds is found out once. */
function sampleNearestByAxis(
  { grid: { toStorage }, shape, voxels, arrived }: VoxelField,
  frame: Frame,
  layer: Pixels,
): boolean {
  const { through, across, down, index, width, height } = frame;
  const steps = [1, shape[0], shape[0] * shape[1]];
  /** What a place on an axis of the grid adds to a voxel's number; NaN where nothing is. */
  const part = (axis: number, place: number): number => {
    const storage = toStorage.findIndex((row) => Math.abs(row[axis]) > 1e-9);
    const row = toStorage[storage];
    const at = row[axis] * place + row[3];
    const voxel = nearest(at, shape[storage]);
    const isThere =
      isWithin(at, shape[storage]) &&
      (storage !== 2 || arrived === undefined || arrived[voxel] === 1);
    return isThere ? voxel * steps[storage] : NaN;
  };
  const columns = Float64Array.from({ length: width }, (_, x) => part(across, x));
  const start = part(through, index);
  let hasMissing = false;
  for (let y = 0, to = 0; y < height; y++) {
    const row = start + part(down, rowOf(frame, y));
    for (let x = 0; x < width; x++, to++) {
      const at = row + columns[x];
      if (at === at) {
        layer.values[to] = voxels[at];
      } else {
        layer.missing[to] = 1;
        hasMissing = true;
      }
    }
  }
  return hasMissing;
}

/** Fills a layer with the values at the places of stored voxels (i, j, k) that its pixels show. */
function walkPlaces(
  { grid: { toStorage }, shape: [ni, nj, nk] }: VoxelField,
  frame: Frame,
  layer: Pixels,
  valueAt: (i: number, j: number, k: number) => number | undefined,
): boolean {
  const { through, across, down, index, width, height } = frame;
  const [alongI, alongJ, alongK] = toStorage;
  let hasMissing = false;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = rowOf(frame, y);
    const start = (line: readonly number[]): number =>
      line[3] + line[through] * index + line[down] * row;
    const [i0, j0, k0] = [start(alongI), start(alongJ), start(alongK)];
    for (let x = 0; x < width; x++, to++) {
      const i = i0 + x * alongI[across];
      const j = j0 + x * alongJ[across];
      const k = k0 + x * alongK[across];
      const isInside = isWithin(i, ni) && isWithin(j, nj) && isWithin(k, nk);
      const value = isInside ? valueAt(i, j, k) : undefined;
      if (value === undefined) {
        layer.missing[to] = 1;
        hasMissing = true;
      } else {
        layer.values[to] = value;
      }
    }
  }
  return hasMissing;
}

/** The place on the axis downwards of a row of pixels, the topmost being 0. */
function rowOf({ upsideDown, height }: Frame, y: number): number {
  return upsideDown ? height - 1 - y : y;
}

/** Whether a place along an axis of `count` voxels lies in one: it reaches half its size each way. */
function isWithin(place: number, count: number): boolean {
  return place >= -0.5 && place <= count - 0.5;
}

function nearest(place: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.round(place)));
}

/** The voxels on both sides of a place along an axis of `count`. */
function neighbours(place: number, count: number): [number, number] {
  const lower = Math.min(count - 1, Math.max(0, Math.floor(place)));
  return [lower, Math.min(count - 1, lower + 1)];
}

/** How far a place is on its way from its lower neighbour to the upper. */
function share(place: number, lower: number): number {
  return Math.min(1, Math.max(0, place - lower));
}

function mix(from: number, to: number, at: number): number {
  // Without the product where it is 0: a neighbour that is infinite does not count then.
  return at === 0 ? from : from + (to - from) * at;
}
