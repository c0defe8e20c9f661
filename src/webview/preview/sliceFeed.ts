import type { Plane } from '../../core/volume/types';
import type { PreviewSlice, SliceAddress } from '../../protocol/preview';
import { SliceCache } from './sliceCache';

/** Neighbours fetched before they are asked for: these many ahead in the direction of travel. */
const neighboursAhead = 4;

/** About 200 slices of 512 x 512 in 16 bits. */
const cacheBytes = 100 * 2 ** 20;

export interface SliceFeedEvents {
  /** A slice to draw: the one wanted, or one passed on the way to it. */
  readonly onSlice: (slice: PreviewSlice) => void;
  readonly onError: (thrown: unknown) => void;
}

interface Lane {
  /** The slice that should be on screen. */
  wanted: number;
  /** Direction of the last move, for the neighbours to fetch. */
  direction: 1 | -1;
  /** The slice under way, at most one a plane. */
  loading?: number;
}

/**
 * Brings the slice that is wanted to each plane. While one is under way only the newest wish counts:
 * a quick scroll never queues up slices that nobody will look at. When no wish is open, neighbours
 * are fetched, so that the next step needs no wait.
 */
export class SliceFeed {
  private readonly cache = new SliceCache(cacheBytes);
  private readonly lanes = new Map<Plane, Lane>();
  /** Counts volumes: an answer that belongs to an earlier one is dropped. */
  private generation = 0;

  constructor(
    private readonly load: (address: SliceAddress) => Promise<PreviewSlice>,
    private readonly events: SliceFeedEvents,
    private counts: Readonly<Record<Plane, number>>,
  ) {}

  /** Forgets every slice: another volume, or the same file with other content. */
  reset(counts: Readonly<Record<Plane, number>>): void {
    this.generation++;
    this.counts = counts;
    this.cache.clear();
    this.lanes.clear();
  }

  want(plane: Plane, index: number): void {
    const lane = this.lanes.get(plane) ?? { wanted: index, direction: 1 };
    this.lanes.set(plane, lane);
    if (index !== lane.wanted) {
      lane.direction = index > lane.wanted ? 1 : -1;
      lane.wanted = index;
    }
    const known = this.cache.get({ plane, index });
    if (known !== undefined) {
      this.events.onSlice(known);
    }
    this.advance(plane, lane);
  }

  /** Starts the next load of a plane, unless one is under way. */
  private advance(plane: Plane, lane: Lane): void {
    if (lane.loading !== undefined) {
      return;
    }
    const next = this.cache.has({ plane, index: lane.wanted })
      ? this.neighbourOf(plane, lane)
      : lane.wanted;
    if (next !== undefined) {
      void this.fetch(plane, lane, next);
    }
  }

  private async fetch(plane: Plane, lane: Lane, index: number): Promise<void> {
    const { generation } = this;
    lane.loading = index;
    try {
      const slice = await this.load({ plane, index });
      if (generation !== this.generation) {
        return;
      }
      this.cache.add(slice);
      const isOnTheWay = !this.cache.has({ plane, index: lane.wanted });
      if (index === lane.wanted || isOnTheWay) {
        this.events.onSlice(slice);
      }
    } catch (error) {
      if (generation === this.generation) {
        this.lanes.delete(plane);
        this.events.onError(error);
      }
      return;
    }
    lane.loading = undefined;
    // Planes that had nothing to do may have waited for this one to come to rest.
    for (const [other, otherLane] of this.lanes) {
      this.advance(other, otherLane);
    }
  }

  /** The next neighbour worth fetching, once no plane waits for the slice it shows. */
  private neighbourOf(plane: Plane, { wanted, direction }: Lane): number | undefined {
    for (const [other, lane] of this.lanes) {
      if (!this.cache.has({ plane: other, index: lane.wanted })) {
        return undefined;
      }
    }
    const candidates = Array.from(
      { length: neighboursAhead },
      (_, i) => wanted + direction * (i + 1),
    );
    candidates.splice(1, 0, wanted - direction);
    return candidates.find(
      (index) => index >= 0 && index < this.counts[plane] && !this.cache.has({ plane, index }),
    );
  }
}
