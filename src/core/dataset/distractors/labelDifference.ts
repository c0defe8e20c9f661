import type { SourceLabels } from '../planQuestions';

/** In how many findings two options may differ, both ends included; without `most`, in any number above. */
export interface DifferenceRange {
  readonly least: number;
  readonly most?: number;
}

/** Findings of many scans, for counting in how many two of them differ. */
export class LabelDifference {
  private readonly places = new Map<string, number>();
  private readonly words: number;
  private readonly present: Uint32Array;
  private readonly known: Uint32Array;
  private readonly has: readonly boolean[];

  constructor(labels: readonly (SourceLabels | undefined)[]) {
    for (const each of labels) {
      for (const name of [...(each?.positive ?? []), ...(each?.negative ?? [])]) {
        if (!this.places.has(name)) {
          this.places.set(name, this.places.size);
        }
      }
    }
    this.words = Math.ceil(this.places.size / 32);
    this.present = new Uint32Array(labels.length * this.words);
    this.known = new Uint32Array(labels.length * this.words);
    this.has = labels.map((each) => each !== undefined);
    labels.forEach((each, scan) => {
      for (const name of each?.positive ?? []) {
        this.set(this.present, scan, name);
        this.set(this.known, scan, name);
      }
      for (const name of each?.negative ?? []) {
        this.set(this.known, scan, name);
      }
    });
  }

  /** Findings that one of the two scans shows and the other does not, as far as both are known; undefined where no finding is known of both. */
  between(some: number, other: number): number | undefined {
    if (!this.has[some] || !this.has[other]) {
      return undefined;
    }
    let count = 0;
    let isCompared = false;
    for (let word = 0; word < this.words; word++) {
      const [a, b] = [some * this.words + word, other * this.words + word];
      const differing = this.present[a] ^ this.present[b];
      const known = this.known[a] & this.known[b];
      isCompared ||= known !== 0;
      count += onesIn(differing & known);
    }
    return isCompared ? count : undefined;
  }

  private set(bits: Uint32Array, scan: number, name: string): void {
    const place = this.places.get(name) ?? 0;
    bits[scan * this.words + (place >>> 5)] |= 1 << (place & 31);
  }
}

/** Population count (Hacker's Delight, figure 5-2). */
function onesIn(bits: number): number {
  let pairs = bits - ((bits >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
