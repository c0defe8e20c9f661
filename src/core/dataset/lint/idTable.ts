import { mixed } from './wordHash';

/**
 * Where ids stood first, for millions of them: 64 bits of hash and a line each, 12 bytes, where a map
 * of texts takes a hundred. Two different ids of three million fall together with a probability
 * below one in a million.
 */
export class IdTable {
  private highs = new Uint32Array(1 << 12);
  private lows = new Uint32Array(1 << 12);
  /** 1-based; 0 where the slot is free. */
  private lines = new Uint32Array(1 << 12);
  private count = 0;

  /** The 1-based line that the id stood on first, or undefined, and it is kept with `line`. */
  firstLineOf(id: string, line: number): number | undefined {
    if (this.count * 4 >= this.lines.length * 3) {
      this.grow();
    }
    const high = hash(id, 0x811c9dc5);
    const low = hash(id, 0x9747b28c);
    const slot = this.slotOf(high, low);
    if (this.lines[slot] !== 0) {
      return this.lines[slot];
    }
    this.put(slot, high, low, line);
    this.count++;
    return undefined;
  }

  /** The slot that holds the hash, or the free one where it belongs. */
  private slotOf(high: number, low: number): number {
    const last = this.lines.length - 1;
    let slot = low & last;
    while (this.lines[slot] !== 0 && (this.highs[slot] !== high || this.lows[slot] !== low)) {
      slot = (slot + 1) & last;
    }
    return slot;
  }

  private put(slot: number, high: number, low: number, line: number): void {
    this.highs[slot] = high;
    this.lows[slot] = low;
    this.lines[slot] = line;
  }

  private grow(): void {
    const { highs, lows, lines } = this;
    const size = 2 * lines.length;
    this.highs = new Uint32Array(size);
    this.lows = new Uint32Array(size);
    this.lines = new Uint32Array(size);
    lines.forEach((line, index) => {
      if (line !== 0) {
        this.put(this.slotOf(highs[index], lows[index]), highs[index], lows[index], line);
      }
    });
  }
}

/** 32 bits of a text, by a seed (MurmurHash3's rounds on UTF-16 units). */
function hash(text: string, seed: number): number {
  let bits = seed;
  for (let at = 0; at < text.length; at++) {
    const unit = Math.imul(text.charCodeAt(at), 0xcc9e2d51);
    bits ^= Math.imul((unit << 15) | (unit >>> 17), 0x1b873593);
    bits = (Math.imul((bits << 13) | (bits >>> 19), 5) + 0xe6546b64) | 0;
  }
  return mixed(bits ^ text.length);
}
