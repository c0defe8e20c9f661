/** Air, its noise included, lies above. */
const belowAir = -1150;
/** Stored lone values at least this far below the rest are padding outside the field of view. */
const paddingGap = 200;

/** Counts among sorted values: how many lie in a range, how many are exactly one value. */
export class ValueCounts {
  private constructor(private readonly sorted: Float32Array) {}

  /**
   * The finite ones of some values. The lowest is left out where it stands alone far below air and
   * below the next (-2000 and -3024 are usual): it is padding.
   */
  static of(values: Float32Array): ValueCounts {
    const all = new ValueCounts(values.filter((value) => Number.isFinite(value)).sort());
    const next = all.indexAfter(all.lowest);
    const isPadded =
      all.lowest < belowAir && next < all.count && all.sorted[next] - all.lowest >= paddingGap;
    return isPadded ? new ValueCounts(all.sorted.subarray(next)) : all;
  }

  get count(): number {
    return this.sorted.length;
  }

  /** NaN where there is no value. */
  get lowest(): number {
    return this.sorted.at(0) ?? NaN;
  }

  get highest(): number {
    return this.sorted.at(-1) ?? NaN;
  }

  /** How many lie in [from, to]. */
  within(from: number, to: number): number {
    return this.indexAfter(to) - this.indexOf(from);
  }

  /** The share of all that lies in [from, to]; NaN where there is no value. */
  share(from: number, to: number): number {
    return this.within(from, to) / this.count;
  }

  /** How many different values there are, counted up to `most`. */
  distinct(most: number): number {
    let found = 0;
    for (let at = 0; at < this.count && found < most; at = this.indexAfter(this.sorted[at])) {
      found++;
    }
    return found;
  }

  get areWhole(): boolean {
    return this.sorted.every(Number.isInteger);
  }

  /** Where the first value of at least `value` stands. */
  private indexOf(value: number): number {
    return this.search((other) => other >= value);
  }

  private indexAfter(value: number): number {
    return this.search((other) => other > value);
  }

  private search(isBehind: (value: number) => boolean): number {
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBehind(this.sorted[middle])) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
