import type {
  DistributionName,
  FactName,
  OverviewResult,
  SeriesName,
} from '../core/dataset/overviewResult';
import type { StageProgress } from './stageProgress';
import type { Call, Notice } from './webview';

/** A line of one of the files; `line` is 1-based. */
export interface OverviewPlace {
  /** Index of the file. */
  readonly file: number;
  readonly line: number;
}

/** The host's side of the overview page. */
export interface OverviewHost {
  readonly calls:
    /** Reads the files through; aborting the call ends it. */
    Call<'describe', null, OverviewResult> | Call<'reveal', OverviewPlace, null>;
  readonly notices: never;
}

/** The page's side. */
export interface OverviewPage {
  readonly calls: never;
  readonly notices:
    | Notice<'progress', StageProgress>
    /** A file changed on disk: describe them again. */
    | Notice<'changed', null>;
}

/** Words of the overview page, in the user's language; `{0}` are filled in by the page. */
export interface OverviewStrings {
  readonly facts: Readonly<Record<FactName, string>>;
  readonly distributions: Readonly<Record<DistributionName, string>>;
  readonly series: Readonly<Record<SeriesName, string>>;
  /** Values of kind, mode and sex that have a word; others are shown as they are. */
  readonly values: Readonly<Partial<Record<string, string>>>;
  readonly special: Readonly<Record<'missing' | 'other', string>>;
  readonly value: string;
  readonly share: string;
  readonly expected: string;
  readonly expectedRange: string;
  readonly unexpected: string;
  readonly table: string;
  readonly files: string;
  readonly problems: string;
  readonly noProblems: string;
  readonly firstLine: string;
  readonly overlaps: string;
  readonly overlapsHint: string;
  readonly noQuestions: string;
  readonly reading: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly failed: string;
  readonly retry: string;
}
