import type { OptionKind } from './record';

/** A number that chance alone explains: what to expect, and the range that holds it 99 times in 100. */
export interface Expectation {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Whether chance does not explain a number. */
export function isUnexpected(value: number, expected: Expectation | undefined): boolean {
  return expected !== undefined && (value < expected.low || value > expected.high);
}

export type FactName =
  | 'questions'
  | 'options'
  | 'volumes'
  | 'patients'
  | 'distinctTexts'
  | 'trueLongest'
  | 'trueShortest'
  | 'unusableLines'
  | 'unresolvedTexts'
  | 'withoutOneTruth'
  | 'repeatedIds'
  | 'repeatedQuestions'
  | 'equalOptions'
  | 'textsOfOtherSplit';

/** One number about a file. */
export interface OverviewFact {
  readonly name: FactName;
  readonly value: number;
  /** What the value is a share of. */
  readonly of?: number;
  readonly expected?: Expectation;
  /** Where the first of them stands, 1-based. */
  readonly line?: number;
}

export type DistributionName =
  | 'position'
  | 'length'
  | 'kind'
  | 'difficulty'
  | 'optionCount'
  | 'mode'
  | 'finding'
  | 'split'
  | 'questionsPerVolume'
  | 'age'
  | 'sex'
  | 'manufacturer';

/** What the numbers of a row count. */
export type SeriesName =
  | Exclude<OptionKind, 'true'>
  | 'questions'
  | 'options'
  | 'true'
  | 'distractors'
  | 'positive'
  | 'negative'
  | 'volumes'
  | 'patients';

export interface DistributionRow {
  /** A value or a range of values, such as `B`, `200–299` or `Lung nodule`. */
  readonly name: string;
  /** A row that stands for no value: not given, or all values that have no row of their own. */
  readonly special?: 'missing' | 'other';
  /** One a series. */
  readonly counts: readonly number[];
  /** Of the first series. */
  readonly expected?: Expectation;
}

/** How often each value of something occurs. */
export interface Distribution {
  readonly name: DistributionName;
  readonly series: readonly SeriesName[];
  readonly rows: readonly DistributionRow[];
}

/** What a question file holds, in numbers. */
export interface DatasetOverview {
  /** Absolute. */
  readonly path: string;
  readonly facts: readonly OverviewFact[];
  /** Those that the file says anything about. */
  readonly distributions: readonly Distribution[];
}

/** What two files of a set have in common; each should be 0 between training and validation. */
export interface FileOverlap {
  /** Indices of the files. */
  readonly files: readonly [number, number];
  readonly volumes: number;
  readonly patients: number;
  readonly texts: number;
}

export interface OverviewResult {
  readonly files: readonly DatasetOverview[];
  /** One a pair of files. */
  readonly overlaps: readonly FileOverlap[];
}
