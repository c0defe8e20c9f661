import type { OptionMode, ScanMetadata } from '../core/dataset/record';
import type { PreviewSlice, WindowStrings } from './preview';
import type { Call, Notice } from './webview';

/** One option as the card shows it. */
export interface CardOption {
  /** A, B, C … */
  readonly letter: string;
  /** Its wording, references resolved; absent where the reports table has no such report. */
  readonly text?: string;
  readonly truth: boolean;
  /** How the distractor was chosen, as the record says. */
  readonly kind?: string;
  /** The volume that the text came from, or that stands in its place. */
  readonly source?: string;
  /** How alike the text and the true one are, 0 to 1, as the record says. */
  readonly similarity?: number;
  /** What was done to the true report to make this text, as the record says. */
  readonly edits?: readonly string[];
  /** Why nobody could tell this option from the true one, as the record says. */
  readonly undecidable?: string;
  /** Where a run has answered: whether it chose this option, and how likely it took it to be. */
  readonly answer?: { readonly chosen: boolean; readonly probability: number };
}

/** How a run's answer stands to the question. */
export interface CardOutcome {
  readonly kind: 'correct' | 'wrong' | 'stale' | 'open';
  readonly run: string;
}

/** The question under the cursor, ready to be read. */
export interface CardQuestion {
  readonly id: string;
  /** File name of the question file. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly image: {
    /** As the record writes it. */
    readonly path: string;
    /** Where it was found; absent where it is nowhere. Equal paths have equal pictures. */
    readonly found?: string;
  };
  readonly mode?: OptionMode;
  readonly metadata?: ScanMetadata;
  /** Names of the findings that the record says are there. */
  readonly findings: readonly string[];
  readonly options: readonly CardOption[];
  readonly outcome?: CardOutcome;
  /** Why texts or images may be missing: a side file or table that cannot be read. */
  readonly problem?: string;
}

/** What the card can be in. */
export type CardContent =
  | { readonly state: 'question'; readonly question: CardQuestion }
  /** The cursor is on no question. */
  | { readonly state: 'none'; readonly message: string; readonly remedy: string };

/** Where to go from the question that is shown. */
export type CardMove = 'previous' | 'next' | 'previousWrong' | 'nextWrong';

/** The middle slices of the question's volume. */
export interface CardPictures {
  /** Axial, coronal, sagittal. */
  readonly slices: readonly PreviewSlice[];
  /** Number of slices of each plane, in the same order. */
  readonly counts: readonly number[];
  /** False where the header does not tell left from right. */
  readonly knowsSides: boolean;
  /** The window of all values, where they may be no HU. */
  readonly fullRange?: { readonly level: number; readonly width: number };
  /** What deserves a second look, in sentences. */
  readonly note?: string;
}

/** The host's side of the question card. */
export interface CardHost {
  readonly calls:
    | Call<'content', null, CardContent>
    /** The pictures of a file that a question named ({@link CardQuestion.image}). */
    | Call<'pictures', { readonly found: string }, CardPictures>
    | Call<'move', { readonly to: CardMove }, null>
    /** Puts the cursor on the question that is shown. */
    | Call<'reveal', null, null>
    | Call<'openVolume', null, null>;
  readonly notices: never;
}

/** The page's side. */
export interface CardPage {
  readonly calls: never;
  readonly notices: Notice<'content', CardContent>;
}

/** Words for options, on every page that shows some; `{0}` are filled in by the page. */
export interface OptionStrings {
  readonly trueOption: string;
  readonly chosenOption: string;
  readonly probability: string;
  readonly source: string;
  readonly textMissing: string;
  readonly similarity: string;
  readonly onlyHere: string;
  readonly onlyInTrue: string;
  readonly kinds: Readonly<Partial<Record<string, string>>>;
  readonly recordedSimilarity: string;
  readonly edits: string;
  readonly undecidable: string;
  /** Words of the builder for edits and doubts; others are shown as they are written. */
  readonly builderWords: Readonly<Partial<Record<string, string>>>;
}

/** Words for how a run answered a question. */
export interface OutcomeStrings {
  readonly outcomes: Readonly<Record<CardOutcome['kind'], string>>;
  readonly run: string;
  readonly unanswered: string;
}

/** Words for patient and scan. */
export interface ScanStrings {
  readonly age: string;
  readonly sex: string;
  readonly sexes: Readonly<Partial<Record<string, string>>>;
  readonly manufacturer: string;
  readonly kernel: string;
  readonly spacing: string;
}

/** Words of the card, in the user's language; `{0}` are filled in by the page. */
export interface CardStrings extends WindowStrings, OptionStrings, OutcomeStrings, ScanStrings {
  readonly stems: Readonly<Record<OptionMode | 'unknown', string>>;
  readonly place: string;
  readonly reveal: string;
  readonly previous: string;
  readonly next: string;
  readonly previousWrong: string;
  readonly nextWrong: string;
  readonly questions: string;
  readonly metadata: string;
  readonly findings: string;
  readonly image: string;
  readonly openVolume: string;
  readonly imageMissing: string;
  readonly imageMissingRemedy: string;
  readonly imageFailed: string;
  readonly retry: string;
  readonly loadingImage: string;
  readonly differences: string;
  readonly differencesHint: string;
  readonly keys: string;
  readonly keyRows: readonly (readonly [keys: string, does: string])[];
  readonly failed: string;
}
