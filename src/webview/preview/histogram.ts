import type { VoxelField } from '../../core/volume/voxelField';
import type { EncodedVoxels } from '../../core/volume/voxelEncoding';

/** How many voxels lie in each of equal steps of HU. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly counts: readonly number[];
}

const bins = 256;
/** Voxels between two looks at what else the page has to do. */
const voxelsAtOnce = 2 ** 22;

/** Counts the voxels of a whole field between two HU; those beyond count at the ends. */
export async function histogramOf(
  { voxels, encoding: { slope, intercept } }: VoxelField,
  [min, max]: readonly [number, number],
  signal: AbortSignal,
): Promise<Histogram | undefined> {
  const counts = new Float64Array(bins);
  const scale = max > min ? bins / (max - min) : 0;
  for (let start = 0; start < voxels.length; start += voxelsAtOnce) {
    await new Promise((resolve) => setTimeout(resolve));
    if (signal.aborted) {
      return undefined;
    }
    const end = Math.min(voxels.length, start + voxelsAtOnce);
    for (let at = start; at < end; at++) {
      const bin = (voxels[at] * slope + intercept - min) * scale;
      if (bin === bin) {
        counts[bin < 0 ? 0 : bin >= bins ? bins - 1 : bin | 0]++;
      }
    }
  }
  return { min, max, counts: [...counts] };
}

/** Counts each volume once; counting ends where another volume is to be counted. */
export class HistogramCounts {
  private readonly known = new WeakMap<EncodedVoxels, Promise<Histogram | undefined>>();
  private counting = new AbortController();

  /** The histogram of a whole field; undefined where it was given up for another one. */
  of(field: VoxelField, range: readonly [number, number]): Promise<Histogram | undefined> {
    const known = this.known.get(field.voxels);
    if (known !== undefined) {
      return known;
    }
    this.counting.abort();
    this.counting = new AbortController();
    const counted = histogramOf(field, range, this.counting.signal);
    this.known.set(field.voxels, counted);
    return counted;
  }
}

/** HU that a histogram of CT spans; for other values all of them. */
export function histogramRange(
  min: number | null,
  max: number | null,
  isHu: boolean,
): readonly [number, number] {
  const [low, high] = [min ?? 0, max ?? 1];
  return isHu ? [Math.max(low, -1200), Math.min(high, 2000)] : [low, high];
}
