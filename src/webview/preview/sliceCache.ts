import type { PreviewSlice, SliceAddress } from '../../protocol/preview';

/** Slices that were shown or soon will be; the least recently used go when the bytes run over. */
export class SliceCache {
  /** Least recently used first (a Map keeps insertion order). */
  private readonly slices = new Map<string, PreviewSlice>();
  private bytes = 0;

  constructor(private readonly limit: number) {}

  get(address: SliceAddress): PreviewSlice | undefined {
    const key = keyOf(address);
    const slice = this.slices.get(key);
    if (slice !== undefined) {
      this.slices.delete(key);
      this.slices.set(key, slice);
    }
    return slice;
  }

  /** Whether it is here, without counting as a use. */
  has(address: SliceAddress): boolean {
    return this.slices.has(keyOf(address));
  }

  add(slice: PreviewSlice): void {
    this.remove(keyOf(slice));
    this.slices.set(keyOf(slice), slice);
    this.bytes += slice.hu.byteLength;
    for (const key of this.slices.keys()) {
      // The newest stays, however large it is.
      if (this.bytes <= this.limit || this.slices.size === 1) {
        return;
      }
      this.remove(key);
    }
  }

  clear(): void {
    this.slices.clear();
    this.bytes = 0;
  }

  private remove(key: string): void {
    this.bytes -= this.slices.get(key)?.hu.byteLength ?? 0;
    this.slices.delete(key);
  }
}

function keyOf({ plane, index }: SliceAddress): string {
  return `${plane} ${index}`;
}
