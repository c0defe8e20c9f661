import type { Call, Notice } from './webview';

/** One text in a ranking. */
export interface ScoreEntry {
  /** Where the text came from: the letter of an option, the volume name of a report. */
  readonly label: string;
  readonly text: string;
  readonly logit: number;
  /** Softmax over the texts of the group. */
  readonly probability: number;
  /** Whether this is the true text; absent where nobody knows. */
  readonly truth?: boolean;
  /** Where the text stands, so that it can be revealed. */
  readonly place?: TextPlace;
}

/** A line of a file; `line` is 1-based. */
export interface TextPlace {
  readonly path: string;
  readonly line: number;
}

/** Texts that were ranked against each other: the options of one question, or a table's reports. */
export interface ScoreGroup {
  readonly title: string;
  readonly place?: TextPlace;
  /** Best first. */
  readonly entries: readonly ScoreEntry[];
  /** Texts ranked in all, where `entries` holds the best only. */
  readonly texts?: number;
}

/** What the panel shows for one volume. */
export interface ScoresView {
  readonly volume: string;
  readonly run: string;
  /** Folder of the run, for the link to its page. */
  readonly runFolder?: string;
  /** What made the scores: weights, preprocessing, tokenizer and text settings. */
  readonly fingerprints: {
    readonly modelHash: string;
    readonly preprocessing: string;
    readonly text: string;
  };
  readonly groups: readonly ScoreGroup[];
  /** The predictions file that was written. */
  readonly predictions?: string;
}

/** What the panel can be in. */
export type ScoresContent =
  | { readonly state: 'busy'; readonly volume: string; readonly activity: string }
  | { readonly state: 'ready'; readonly view: ScoresView }
  | {
      readonly state: 'failed';
      readonly volume: string;
      readonly message: string;
      readonly remedy?: string;
    };

/** The host's side of the scores panel. */
export interface ScoresHost {
  readonly calls:
    | Call<'content', null, ScoresContent>
    | Call<'reveal', TextPlace, null>
    | Call<'copy', { readonly text: string }, null>
    | Call<'openVolume', null, null>
    | Call<'openRun', null, null>;
  readonly notices: never;
}

/** The panel's side. */
export interface ScoresPanel {
  readonly calls: never;
  readonly notices: Notice<'content', ScoresContent>;
}

/** Words of the scores panel, in the user's language; `{0}` are filled in by the page. */
export interface ScoresStrings {
  readonly run: string;
  readonly fingerprints: string;
  readonly model: string;
  readonly preprocessing: string;
  readonly text: string;
  readonly predictions: string;
  readonly trueText: string;
  readonly correct: string;
  readonly wrong: string;
  readonly probability: string;
  readonly logit: string;
  readonly rank: string;
  readonly showAll: string;
  readonly showLess: string;
  readonly copy: string;
  readonly copyText: string;
  readonly copied: string;
  readonly reveal: string;
  readonly empty: string;
  readonly emptyRemedy: string;
  readonly bestOf: string;
  readonly count: string;
  readonly filter: string;
  readonly noMatch: string;
  readonly failed: string;
}
