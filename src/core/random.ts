/**
 * The one source of randomness: sfc32, seeded, passed in wherever chance is needed, so that
 * a seed repeats a run on every machine. Algorithm: Chris Doty-Humphrey's "Small Fast Counting"
 * generator of PractRand, 32-bit variant.
 */
export class Random {
  private spareNormal: number | undefined;

  private constructor(
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {}

  /** A generator for `seed`; `streams` (names, indices) give independent generators of one seed. */
  static fromSeed(seed: number, ...streams: readonly (string | number)[]): Random {
    let hash = mix(0x9e3779b9, seed >>> 0);
    hash = mix(hash, Math.floor(seed / 2 ** 32) >>> 0);
    for (const stream of streams) {
      for (const character of String(stream)) {
        hash = mix(hash, character.codePointAt(0) ?? 0);
      }
      hash = mix(hash, 0x1f);
    }
    const random = new Random(hash, mix(hash, 1), mix(hash, 2), 1);
    for (let i = 0; i < 12; i++) {
      random.uint32();
    }
    return random;
  }

  /** The next 32 random bits as an unsigned integer. */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number in [0, count). */
  index(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** True with the probability given. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal;
      this.spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.spareNormal = v * factor;
        return u * factor;
      }
    }
  }

  /** One element, each as likely; `items` must not be empty. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) {
      throw new RangeError('pick: nothing to pick from');
    }
    return items[this.index(items.length)];
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.index(i + 1);
      [copy[i], copy[j]] = [copy[j], copy[i]];
    }
    return copy;
  }

  /** The state, to go on later exactly here (see {@link Random.fromState}). */
  state(): RandomState {
    return [this.a, this.b, this.c, this.counter, this.spareNormal ?? null];
  }

  static fromState(state: RandomState): Random {
    const random = new Random(state[0], state[1], state[2], state[3]);
    random.spareNormal = state[4] ?? undefined;
    return random;
  }
}

/** JSON-able state of a {@link Random}. */
export type RandomState = readonly [number, number, number, number, number | null];

/** One round of MurmurHash3's mixing (Austin Appleby, public domain). */
function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  let mixed = hash ^ Math.imul(k, 0x1b873593);
  mixed = (mixed << 13) | (mixed >>> 19);
  mixed = (Math.imul(mixed, 5) + 0xe6546b64) | 0;
  mixed ^= mixed >>> 16;
  return Math.imul(mixed, 0x85ebca6b) | 0;
}
