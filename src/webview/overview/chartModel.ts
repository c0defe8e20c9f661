import type {
  Distribution,
  DistributionName,
  DistributionRow,
  Expectation,
} from '../../core/dataset/overviewResult';
import type { OverviewStrings } from '../../protocol/overview';
import { decimal, fill, percent } from '../shared/format';

/** Ordered values stand side by side as columns; names lie one below the other. */
export type ChartForm = 'columns' | 'bars';

export interface Bar {
  /** Length of the bar: a count, or a share of its series. */
  readonly value: number;
  /** What a screen reader or the pointer reads out. */
  readonly label: string;
  readonly expected?: Expectation;
}

export interface ChartGroup {
  readonly name: string;
  /** One a series. */
  readonly bars: readonly Bar[];
}

/** A distribution as it is drawn, and the table under it. */
export interface Chart {
  readonly name: DistributionName;
  readonly title: string;
  readonly form: ChartForm;
  readonly series: readonly string[];
  readonly groups: readonly ChartGroup[];
  /** What has no column of its own, since it has no place in the order. */
  readonly note: string;
  /** A value of the axis. */
  readonly format: (value: number) => string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Distributions whose values have an order of their own. */
const ordered = new Set<DistributionName>([
  'position',
  'length',
  'difficulty',
  'optionCount',
  'questionsPerVolume',
  'age',
]);

/** Distributions whose values have words in the user's language. */
const worded = new Set<DistributionName>(['kind', 'mode', 'split', 'sex']);

/** Series of different size are compared by shares: there are more distractors than true options. */
const byShare = new Set<DistributionName>(['length']);

export function chartOf(distribution: Distribution, strings: OverviewStrings): Chart {
  const { name, series, rows } = distribution;
  const isOrdered = ordered.has(name);
  const usesShares = byShare.has(name);
  const words = series.map((each) => strings.series[each]);
  const readings = readingsOf(distribution, strings);
  const placed = readings.filter(({ row }) => !isOrdered || row.special === undefined);
  const hasExpectation = rows.some(({ expected }) => expected !== undefined);
  return {
    name,
    title: strings.distributions[name],
    form: isOrdered ? 'columns' : 'bars',
    series: words,
    format: usesShares ? (value) => `${decimal(value * 100, 1)} %` : (value) => decimal(value, 1),
    groups: placed.map(({ row, name: value, shares }) => ({
      name: value,
      bars: row.counts.map((count, s) => ({
        value: usesShares ? shares[s] : count,
        label: [
          `${value}, ${words[s]}: ${count} (${percent(shares[s])})`,
          ...(row.expected ? [rangeWords(row.expected, strings)] : []),
        ].join(', '),
        ...(s === 0 && row.expected && { expected: row.expected }),
      })),
    })),
    note: readings
      .filter((reading) => !placed.includes(reading))
      .map(({ row, name: value }) => `${value}: ${row.counts.join(', ')}`)
      .join('; '),
    heads: [
      strings.value,
      ...words.flatMap((word) => [word, strings.share]),
      ...(hasExpectation ? [strings.expected] : []),
    ],
    rows: readings.map(({ row, name: value, shares }) => [
      value,
      ...row.counts.flatMap((count, s) => [String(count), percent(shares[s])]),
      ...(hasExpectation ? [row.expected ? expectationText(row.expected) : ''] : []),
    ]),
  };
}

/** A row with its name in the user's words, and what share of each series it holds. */
interface Reading {
  readonly row: DistributionRow;
  readonly name: string;
  readonly shares: readonly number[];
}

function readingsOf(
  { name, series, rows }: Distribution,
  { values, special }: OverviewStrings,
): Reading[] {
  const totals = series.map((_, s) => rows.reduce((sum, { counts }) => sum + counts[s], 0));
  const wordOf = (value: string): string => (worded.has(name) ? values[value] : undefined) ?? value;
  return rows.map((row) => ({
    row,
    name: row.special === undefined ? wordOf(row.name) : special[row.special],
    shares: row.counts.map((count, s) => (totals[s] === 0 ? 0 : count / totals[s])),
  }));
}

/** "25 (16.3–33.7)". */
function expectationText({ value, low, high }: Expectation): string {
  return `${decimal(value, 1)} (${decimal(low, 1)}–${decimal(high, 1)})`;
}

/** "16.3 to 33.7 by chance". */
export function rangeWords({ low, high }: Expectation, strings: OverviewStrings): string {
  return fill(strings.expectedRange, decimal(low, 1), decimal(high, 1));
}
