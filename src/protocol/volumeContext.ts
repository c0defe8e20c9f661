import type { OptionMode } from '../core/dataset/record';
import type { ContextSource, VolumeContext } from '../core/dataset/volumeContext';
import type {
  CardOption,
  CardOutcome,
  OptionStrings,
  OutcomeStrings,
  ScanStrings,
} from './questionCard';
import type { Call, Notice } from './webview';

/** Where a question stands. */
export interface QuestionAddress {
  /** The question file, absolute. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** A question on the volume that is shown. */
export interface PanelQuestion extends QuestionAddress {
  /** File name of the question file. */
  readonly file: string;
  readonly id: string;
  readonly mode?: OptionMode;
  readonly options: readonly CardOption[];
  readonly outcome?: CardOutcome;
  /** False where the file is too long for the question card. */
  readonly fitsCard: boolean;
}

/** The questions on the volume that is shown. */
export interface PanelQuestions {
  readonly questions: readonly PanelQuestion[];
  /** How many more there are. */
  readonly more: number;
  /** How many question files were looked through. */
  readonly searched: number;
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** What the panel shows is read in two parts, each when it is asked for. */
export interface ContextParts {
  readonly tables: VolumeContext;
  readonly questions: PanelQuestions;
}
export type ContextPart = keyof ContextParts;

/** A page may show two files: they are numbered as in the preview. */
interface OfFile {
  readonly file: number;
}

/** The host's side of the report panel, for the page that it is on. */
export type ReportPanelCalls =
  | Call<'contextTables', OfFile, VolumeContext>
  | Call<'contextQuestions', OfFile, PanelQuestions>
  /** The user picks a table; false where they think better of it. */
  | Call<'chooseTable', OfFile, boolean>
  /** Shows where something stands. */
  | Call<'showSource', OfFile & ContextSource, null>
  | Call<'showQuestion', OfFile & QuestionAddress & { readonly on: 'card' | 'line' }, null>
  /** Shows the volume that the text of an option came from, at the same place. */
  | Call<'showOptionVolume', OfFile & QuestionAddress & { readonly option: number }, null>;

/** What the page hears. */
export type ReportPanelNotices =
  /** What a part was read from has changed: ask for it again. */
  | Notice<'contextChanged', OfFile & { readonly part: ContextPart }>
  | Notice<'contextProgress', OfFile & { readonly part: ContextPart } & ReadingProgress>;

/** How far a reading is: `done` of `total` units of a stage. */
export interface ReadingProgress {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

/** Words of the report panel, in the user's language; `{0}` are filled in by the page. */
export interface ReportPanelStrings extends OptionStrings, OutcomeStrings, ScanStrings {
  readonly title: string;
  readonly report: string;
  readonly clinicalInformation: string;
  readonly technique: string;
  readonly findings: string;
  readonly impression: string;
  readonly labels: string;
  /** {0} is how many labels are positive, {1} how many there are. */
  readonly labelCount: string;
  readonly present: string;
  readonly absent: string;
  readonly notKnown: string;
  readonly patientAndScan: string;
  readonly rescaleSlope: string;
  readonly rescaleIntercept: string;
  readonly rescaleHint: string;
  /** {0} is the file. */
  readonly leftOut: string;
  /** {0} is the file. */
  readonly source: string;
  /** {0} is the file, {1} the line. */
  readonly sourceLine: string;
  readonly showSource: string;
  readonly questions: string;
  /** {0} is how many. */
  readonly moreQuestions: string;
  readonly modes: Readonly<Record<OptionMode | 'unknown', string>>;
  readonly showOnCard: string;
  readonly goToLine: string;
  /** {0} is the letter of the option. */
  readonly chooseOption: string;
  /** {0} is the volume. */
  readonly showOptionVolume: string;
  readonly more: string;
  readonly less: string;
  readonly reading: string;
  readonly noTables: string;
  /** {0} is the volume. */
  readonly noTableNamesIt: string;
  readonly noReport: string;
  readonly noQuestionFiles: string;
  readonly noQuestions: string;
  readonly chooseTable: string;
  readonly failed: string;
  readonly retry: string;
  readonly problems: string;
}
