import type { DisplayGrid } from './displayGrid';
import { planeLayouts, type PlaneLayout } from './slices';
import type { Plane } from './types';
import { encodedVoxels, type EncodedVoxels, type VoxelEncoding } from './voxelEncoding';

type Vector = readonly [number, number, number];

/** What a viewer has of a volume, whole or while it arrives. */
export interface VoxelField {
  readonly grid: DisplayGrid;
  /** Voxels along i, j, k of `voxels`, i fastest. */
  readonly shape: Vector;
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

/** What is shown of the slices of a slab. */
export type Projection = 'maximum' | 'minimum' | 'mean';

/** A slab of an odd or even number of slices around the one it is asked for; 1 is that slice alone. */
export interface Slab {
  readonly projection: Projection;
  readonly slices: number;
}

/** A picture of a plane, row-major, top left first, in the field's encoding. */
export interface PlanePicture {
  readonly plane: Plane;
  readonly index: number;
  readonly width: number;
  readonly height: number;
  readonly values: EncodedVoxels;
  /** 1 where there is no voxel: outside an oblique volume, or not arrived. Absent where all are. */
  readonly missing?: Uint8Array;
}

/** Draws `plane` at `index` of the grid; a mean is a float32 picture. */
export function samplePlane(
  field: VoxelField,
  plane: Plane,
  index: number,
  slab: Slab = { projection: 'maximum', slices: 1 },
): PlanePicture {
  const layout = planeLayouts[plane];
  const [width, height] = [field.grid.shape[layout.across], field.grid.shape[layout.down]];
  const sample = samplerOf(field);
  const [first, last] = slabRange(index, slab.slices, field.grid.shape[layout.through]);
  const draw = (slice: number): Layer => {
    const layer = emptyLayer(field, width * height);
    layer.hasMissing = sample(field, layout, slice, width, height, layer);
    return layer;
  };
  const layer = first === last ? draw(index) : projected(field, slab.projection, first, last, draw);
  const { values, missing, hasMissing } = layer;
  return { plane, index, width, height, values, ...(hasMissing && { missing }) };
}

/** Fills a layer, and tells whether something is missing in it. */
type Sampler = (
  field: VoxelField,
  layout: PlaneLayout,
  index: number,
  width: number,
  height: number,
  layer: Layer,
) => boolean;

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

/** The slices of a slab that the volume has. */
export function slabRange(index: number, slices: number, count: number): [number, number] {
  const before = (slices - 1) >> 1;
  return [Math.max(0, index - before), Math.min(count - 1, index - before + slices - 1)];
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

/** Values under way. */
interface Layer {
  readonly values: EncodedVoxels;
  readonly missing: Uint8Array;
  hasMissing: boolean;
}

function emptyLayer({ grid, encoding, takesNearest }: VoxelField, pixels: number): Layer {
  // Values between voxels are not of the type that the voxels are of.
  const type = grid.isAligned || takesNearest === true ? encoding.type : 'float32';
  return {
    values: encodedVoxels({ type }, pixels),
    missing: new Uint8Array(pixels),
    hasMissing: false,
  };
}

/** The stored voxels of one slice. */
function sampleStored(
  field: VoxelField,
  layout: PlaneLayout,
  index: number,
  width: number,
  height: number,
  { values, missing }: Layer,
): boolean {
  const { voxels } = field;
  const { start, columnStep, rowStep } = storedSteps(field, layout, index);
  for (let y = 0; y < height; y++) {
    const row = layout.upsideDown ? height - 1 - y : y;
    const from = start + row * rowStep;
    if (columnStep === 1) {
      values.set(voxels.subarray(from, from + width), y * width);
    } else {
      for (let x = 0, at = from, to = y * width; x < width; x++, at += columnStep) {
        values[to++] = voxels[at];
      }
    }
  }
  return field.arrived !== undefined && markMissing(field, layout, index, width, height, missing);
}

/** Where the pixels of a slice stand among the stored voxels, from row 0 of the axis downwards. */
function storedSteps(
  { grid, shape }: VoxelField,
  { through, across, down }: PlaneLayout,
  index: number,
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
  { grid, arrived }: VoxelField,
  { through, across, down, upsideDown }: PlaneLayout,
  index: number,
  width: number,
  height: number,
  missing: Uint8Array,
): boolean {
  const alongK = grid.toStorage[2];
  const start = alongK[3] + alongK[through] * index;
  let hasMissing = false;
  for (let y = 0, to = 0; y < height; y++) {
    const row = upsideDown ? height - 1 - y : y;
    for (let x = 0; x < width; x++, to++) {
      const k = start + alongK[down] * row + alongK[across] * x;
      if (arrived?.[k] === 0) {
        missing[to] = 1;
        hasMissing = true;
      }
    }
  }
  return hasMissing;
}

/** One slice of the grid, each value from the eight voxels around its place. */
function sampleBetween(
  field: VoxelField,
  layout: PlaneLayout,
  index: number,
  width: number,
  height: number,
  layer: Layer,
): boolean {
  const { shape, voxels, arrived } = field;
  const [ni, nj, nk] = shape;
  const slice = ni * nj;
  return walkPlaces(field, layout, index, width, height, layer, (i, j, k) => {
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
function sampleNearest(
  field: VoxelField,
  layout: PlaneLayout,
  index: number,
  width: number,
  height: number,
  layer: Layer,
): boolean {
  const { shape, voxels, arrived } = field;
  const nearest = (place: number, count: number): number =>
    Math.min(count - 1, Math.max(0, Math.round(place)));
  return walkPlaces(field, layout, index, width, height, layer, (i, j, k) => {
    const slice = nearest(k, shape[2]);
    return arrived?.[slice] === 0
      ? undefined
      : voxels[nearest(i, shape[0]) + shape[0] * (nearest(j, shape[1]) + shape[1] * slice)];
  });
}

/** The same as {@link sampleNearest} where axes do not mix: what an axis adds is found out once. */
function sampleNearestByAxis(
  { grid: { toStorage }, shape, voxels, arrived }: VoxelField,
  { through, across, down, upsideDown }: PlaneLayout,
  index: number,
  width: number,
  height: number,
  layer: Layer,
): boolean {
  const steps = [1, shape[0], shape[0] * shape[1]];
  /** What a place on an axis of the grid adds to a voxel's number; NaN where nothing is. */
  const part = (axis: number, place: number): number => {
    const storage = toStorage.findIndex((row) => Math.abs(row[axis]) > 1e-9);
    const row = toStorage[storage];
    const at = row[axis] * place + row[3];
    const nearest = Math.min(shape[storage] - 1, Math.max(0, Math.round(at)));
    const isThere =
      at >= -0.5 &&
      at <= shape[storage] - 0.5 &&
      (storage !== 2 || arrived === undefined || arrived[nearest] === 1);
    return isThere ? nearest * steps[storage] : NaN;
  };
  const columns = Float64Array.from({ length: width }, (_, x) => part(across, x));
  const start = part(through, index);
  let hasMissing = false;
  for (let y = 0, to = 0; y < height; y++) {
    const row = start + part(down, upsideDown ? height - 1 - y : y);
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
  { through, across, down, upsideDown }: PlaneLayout,
  index: number,
  width: number,
  height: number,
  layer: Layer,
  valueAt: (i: number, j: number, k: number) => number | undefined,
): boolean {
  const [alongI, alongJ, alongK] = toStorage;
  let hasMissing = false;
  let to = 0;
  for (let y = 0; y < height; y++) {
    const row = upsideDown ? height - 1 - y : y;
    const start = (line: readonly number[]): number =>
      line[3] + line[through] * index + line[down] * row;
    const [i0, j0, k0] = [start(alongI), start(alongJ), start(alongK)];
    for (let x = 0; x < width; x++, to++) {
      const i = i0 + x * alongI[across];
      const j = j0 + x * alongJ[across];
      const k = k0 + x * alongK[across];
      // A voxel reaches half its size beyond its centre.
      const isInside =
        i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= ni - 0.5 && j <= nj - 0.5 && k <= nk - 0.5;
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

/** One picture of all slices from `first` to `last`. */
function projected(
  field: VoxelField,
  projection: Projection,
  first: number,
  last: number,
  draw: (slice: number) => Layer,
): Layer {
  const layers = Array.from({ length: last - first + 1 }, (_, i) => i + first);
  return projection === 'mean'
    ? meanOf(layers, draw)
    : extremeOf(layers, draw, (projection === 'maximum') === field.encoding.slope >= 0);
}

/** The highest or the lowest of every pixel; what is missing or NaN in one slice counts nowhere. */
function extremeOf(
  slices: readonly number[],
  draw: (slice: number) => Layer,
  wantsHighest: boolean,
): Layer {
  const layer = draw(slices[0]);
  const { values, missing } = layer;
  const take = wantsHighest ? takeHigher : takeLower;
  for (const slice of slices.slice(1)) {
    const next = draw(slice);
    if (layer.hasMissing || next.hasMissing) {
      takeWhereMissing(layer, next);
    }
    take(values, next.values);
  }
  return { ...layer, hasMissing: layer.hasMissing && missing.includes(1) };
}

function takeHigher(values: EncodedVoxels, others: EncodedVoxels): void {
  for (let at = 0; at < values.length; at++) {
    const [value, other] = [values[at], others[at]];
    if (other > value || value !== value) {
      values[at] = other;
    }
  }
}

function takeLower(values: EncodedVoxels, others: EncodedVoxels): void {
  for (let at = 0; at < values.length; at++) {
    const [value, other] = [values[at], others[at]];
    if (other < value || value !== value) {
      values[at] = other;
    }
  }
}

/** Makes two layers alike where one of them has no value. */
function takeWhereMissing(layer: Layer, next: Layer): void {
  for (let at = 0; at < layer.values.length; at++) {
    if (layer.missing[at] === 1) {
      layer.values[at] = next.values[at];
      layer.missing[at] = next.missing[at];
    } else if (next.missing[at] === 1) {
      next.values[at] = layer.values[at];
    }
  }
}

function meanOf(slices: readonly number[], draw: (slice: number) => Layer): Layer {
  const first = draw(slices[0]);
  const values = Float32Array.from(first.values);
  const counts = Uint16Array.from(first.missing, (missing) => 1 - missing);
  for (const slice of slices.slice(1)) {
    const next = draw(slice);
    for (let at = 0; at < values.length; at++) {
      if (next.missing[at] === 0) {
        values[at] += next.values[at];
        counts[at]++;
      }
    }
  }
  const missing = Uint8Array.from(counts, (count) => (count === 0 ? 1 : 0));
  for (let at = 0; at < values.length; at++) {
    values[at] /= counts[at] || 1;
  }
  return { values, missing, hasMissing: missing.includes(1) };
}
