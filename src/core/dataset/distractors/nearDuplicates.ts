import { normaliseReport } from '../../text/normalise';

/** Words in a row that are compared as one. */
const shingleWords = 3;
/** Two texts that share at least this part of their shingles say the same in other words, or nearly. */
const duplicateShare = 0.8;

/**
 * Tells texts that say nearly the same: the Jaccard index of their runs of three words is at least
 * 0.8 (w-shingling, Broder 1997). Shingles are worked out when a text is first compared.
 */
export class NearDuplicates {
  private readonly shingles = new Map<number, Int32Array>();

  constructor(private readonly textAt: (text: number) => string) {}

  areAlike(some: number, other: number): boolean {
    const [a, b] = [this.shinglesOf(some), this.shinglesOf(other)];
    const [shorter, longer] = a.length < b.length ? [a, b] : [b, a];
    // The index cannot be higher than the quotient of the sizes.
    if (shorter.length < duplicateShare * longer.length) {
      return false;
    }
    const shared = sharedItems(a, b);
    return shared >= duplicateShare * (a.length + b.length - shared);
  }

  private shinglesOf(text: number): Int32Array {
    let known = this.shingles.get(text);
    if (known === undefined) {
      known = shinglesOf(this.textAt(text));
      this.shingles.set(text, known);
    }
    return known;
  }
}

/** Hashes of the runs of words of a text, ascending; of a shorter text all its words at once. */
function shinglesOf(text: string): Int32Array {
  const words = normaliseReport(text).split(' ').map(hashOf);
  const found = new Set<number>();
  const runs = Math.max(1, words.length - shingleWords + 1);
  for (let start = 0; start < runs; start++) {
    const run = words.slice(start, start + shingleWords);
    found.add(run.reduce((hash, word) => Math.imul(hash ^ word, 0x9e3779b1) ^ (hash >>> 15), 7));
  }
  return Int32Array.from(found).sort();
}

/** FNV-1a over UTF-16 code units. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let place = 0; place < word.length; place++) {
    hash = Math.imul(hash ^ word.charCodeAt(place), 0x01000193);
  }
  return hash;
}

function sharedItems(a: Int32Array, b: Int32Array): number {
  let shared = 0;
  let [here, there] = [0, 0];
  while (here < a.length && there < b.length) {
    const [x, y] = [a[here], b[there]];
    shared += x === y ? 1 : 0;
    here += x <= y ? 1 : 0;
    there += y <= x ? 1 : 0;
  }
  return shared;
}
