import type { PlaneLayer } from './planeLayer';
import type { EncodedVoxels } from './voxelEncoding';

/** What is shown of the slices of a slab. */
export type Projection = 'maximum' | 'minimum' | 'mean';

/** A slab of an odd or even number of slices around the one it is asked for; 1 is that slice alone. */
export interface Slab {
  readonly projection: Projection;
  readonly slices: number;
}

/** The slices of a slab that the volume has. */
export function slabRange(index: number, slices: number, count: number): [number, number] {
  const before = (slices - 1) >> 1;
  return [Math.max(0, index - before), Math.min(count - 1, index - before + slices - 1)];
}

/**
 * One picture of all slices from `first` to `last`, each of which `draw` makes.
 *
 * @param isFalling whether a higher value stands for lower HU
 */
export function projected(
  projection: Projection,
  [first, last]: readonly [number, number],
  draw: (slice: number) => PlaneLayer,
  isFalling: boolean,
): PlaneLayer {
  const slices = Array.from({ length: last - first + 1 }, (_, i) => i + first);
  return projection === 'mean'
    ? meanOf(slices, draw)
    : extremeOf(slices, draw, (projection === 'maximum') !== isFalling);
}

/** The highest or the lowest of every pixel; what is missing or NaN in one slice counts nowhere. */
function extremeOf(
  slices: readonly number[],
  draw: (slice: number) => PlaneLayer,
  wantsHighest: boolean,
): PlaneLayer {
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
function takeWhereMissing(layer: PlaneLayer, next: PlaneLayer): void {
  for (let at = 0; at < layer.values.length; at++) {
    if (layer.missing[at] === 1) {
      layer.values[at] = next.values[at];
      layer.missing[at] = next.missing[at];
    } else if (next.missing[at] === 1) {
      next.values[at] = layer.values[at];
    }
  }
}

function meanOf(slices: readonly number[], draw: (slice: number) => PlaneLayer): PlaneLayer {
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
