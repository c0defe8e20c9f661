import type { DistributionRow, Expectation } from './overviewResult';

/**
 * 99 of 100 values of a normal distribution lie within this many standard deviations: an overview
 * makes a dozen comparisons, of which 95 of 100 would raise a false alarm in every second file.
 */
const standardDeviations = 2.576;

/** How often each of some values was seen, in one series or several. */
export class Tally<Value extends string | number> {
  private readonly rows = new Map<Value, number[]>();

  constructor(private readonly series = 1) {}

  add(value: Value, series = 0, times = 1): void {
    let counts = this.rows.get(value);
    if (counts === undefined) {
      counts = Array.from({ length: this.series }, () => 0);
      this.rows.set(value, counts);
    }
    counts[series] += times;
  }

  get size(): number {
    return this.rows.size;
  }

  countsOf(value: Value): readonly number[] {
    return this.rows.get(value) ?? Array.from({ length: this.series }, () => 0);
  }

  /** Lowest value first. */
  sorted(): [Value, readonly number[]][] {
    return [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The most frequent (in all series) first; the rest beyond `most` as one row. */
  byFrequency(most = Infinity): DistributionRow[] {
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    const sorted = this.sorted().sort(([, a], [, b]) => sum(b) - sum(a));
    const shown = sorted
      .slice(0, most)
      .map(([name, counts]): DistributionRow => ({ name: String(name), counts }));
    const rest = sorted.slice(most).map(([, counts]) => counts);
    return rest.length === 0
      ? shown
      : [...shown, { name: '', special: 'other', counts: added(rest, this.series) }];
  }
}

/** Sums of several rows, series by series. */
function added(rows: readonly (readonly number[])[], series: number): number[] {
  return Array.from({ length: series }, (_, s) => rows.reduce((sum, counts) => sum + counts[s], 0));
}

/** A count of things that happen by chance, each with a probability of its own. */
export class ChanceCount {
  private mean = 0;
  private variance = 0;

  add(probability: number): void {
    this.mean += probability;
    this.variance += probability * (1 - probability);
  }

  /** Mean of the sum of independent trials, with the interval of its normal approximation. */
  expectation(): Expectation {
    const half = standardDeviations * Math.sqrt(this.variance);
    return { value: this.mean, low: Math.max(0, this.mean - half), high: this.mean + half };
  }
}

/** How many bins a histogram has, about. */
const binsWanted = 16;

/**
 * Whole numbers in bins of one width (1, 2 or 5 times a power of ten). The last bin is open upwards:
 * values beyond the 99th percentile would stretch the others out of sight.
 */
export function binned(values: Tally<number>, series: number): DistributionRow[] {
  const sorted = values.sorted();
  if (sorted.length === 0) {
    return [];
  }
  const end = percentile(sorted, 0.99);
  const start = sorted[0][0];
  const width = binWidth((end - start + 1) / binsWanted);
  const first = Math.floor(start / width);
  const last = Math.floor(end / width);
  const bins = Array.from({ length: last - first + 1 }, (_, i): [number, number[]] => [
    (first + i) * width,
    Array.from({ length: series }, () => 0),
  ]);
  for (const [value, counts] of sorted) {
    const [, bin] = bins[Math.min(last, Math.floor(value / width)) - first];
    counts.forEach((count, s) => (bin[s] += count));
  }
  const highest = sorted[sorted.length - 1][0];
  return bins.map(([from, counts], i) => {
    const to = from + width - 1;
    const isOpen = i === bins.length - 1 && highest > to;
    return { name: isOpen ? `≥ ${from}` : width === 1 ? String(from) : `${from}–${to}`, counts };
  });
}

function binWidth(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  return power * ([1, 2, 5].find((step) => step * power >= rough) ?? 10);
}

function percentile(sorted: readonly [number, readonly number[]][], share: number): number {
  const sizes = sorted.map(([, counts]) => counts.reduce((a, b) => a + b, 0));
  let left = share * sizes.reduce((a, b) => a + b, 0);
  const index = sizes.findIndex((size) => (left -= size) <= 0);
  return sorted.at(index)?.[0] ?? 0;
}
