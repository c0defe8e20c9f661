import { patientOf } from './volumeName';

/** How the text of an option was made from a report. */
export type ReportMode = 'full_report' | 'impression' | 'keywords';
export const reportModes: readonly ReportMode[] = ['full_report', 'impression', 'keywords'];

/** What the options of a question say: a report in one of its forms, or that a finding is there or not. */
export type OptionMode = ReportMode | 'yes_no';
export const optionModes: readonly OptionMode[] = [...reportModes, 'yes_no'];

/** Where an option came from: the scan's own report, or how its distractor was chosen. */
export type OptionKind = 'true' | 'random' | 'hard' | 'easy' | 'generated';
export const optionKinds: readonly OptionKind[] = ['true', 'random', 'hard', 'easy', 'generated'];

/** One option of a question: a text, or a reference into the reports table of the data set's side file. */
export interface McqOption {
  readonly text?: string;
  /** Volume name whose report is the text, such as `train_77_b_1`; stands in place of `text`. */
  readonly ref?: string;
  /** 1 for the true report, 0 for a distractor. */
  readonly label: 0 | 1;
  /** Volume name the text came from. */
  readonly source?: string;
  readonly kind?: OptionKind;
  /** How alike the text and the true one are, 0 to 1 (see `TextSimilarity`). */
  readonly similarity?: number;
  /** What was done to the true report to make a generated option. */
  readonly edits?: readonly string[];
  /** Why nobody could tell this option from the true one. */
  readonly undecidable?: string;
}

/** What is known of the patient and the scan; every field may be missing. */
export interface ScanMetadata {
  /** Whole years. */
  readonly age?: number;
  readonly sex?: 'M' | 'F' | 'O';
  readonly manufacturer?: string;
  readonly kernel?: string;
  /** In-plane and slice spacing, mm. */
  readonly spacing_mm?: readonly [number, number, number];
}

/** One question, one line of a `.mcqa.jsonl` file: one CT volume, N options, one of them true. */
export interface McqRecord {
  /** Absent in hand-written files; readers use {@link questionId}. */
  readonly id?: string;
  readonly image_path: string;
  /** Whose scan it is, where the table that it was built from says so and the volume's name does not. */
  readonly patient?: string;
  readonly options: readonly McqOption[];
  readonly mode?: OptionMode;
  readonly metadata?: ScanMetadata;
  /** What is known of the findings of the scan, by label; counts before the labels table. */
  readonly labels?: Readonly<Record<string, 0 | 1>>;
}

/** Whose scan a question is about: the same for all questions on one patient, in every part of a set. */
export function questionPatient({ patient, image_path }: McqRecord): string {
  return patient ?? patientOf(image_path);
}

/** The id of a question, or `line-N` (1-based) where the record gives none. */
export function questionId(record: McqRecord, line: number): string {
  return record.id ?? `line-${line}`;
}

/** How bad it is when a rule of the linter is broken. */
export type Severity = 'error' | 'warning' | 'info';
export const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** Rules of the linter, by code or by name, that are switched off or weighed otherwise. */
export type RuleLevels = Readonly<Record<string, Severity | 'off'>>;

/** `name.mcqa.json` beside `name.mcqa.jsonl`: what the records leave out, and how the set was made. */
export interface DatasetSideFile {
  readonly version: 1;
  /** Reports table for `ref` options, relative to the side file. */
  readonly reports?: string;
  /**
   * Labels table, relative to the side file: keywords of `ref` options are made with it, and models
   * that classify findings learn from it.
   */
  readonly labels?: string;
  /** Metadata table, relative to the side file: where slope and intercept come from if asked for. */
  readonly metadata?: string;
  /** Folders that image paths are resolved in, relative to the side file, first hit wins. */
  readonly image_roots?: readonly string[];
  readonly mode?: OptionMode | 'mixed';
  /**
   * The template of the metadata that each option text starts with ("Age: {age}, Sex: {sex}."); true
   * for this one, false where texts start without.
   */
  readonly metadata_prompt?: boolean | string;
  readonly seed?: number;
  /** Which rules the linter keeps to (see {@link RuleLevels}). */
  readonly lint?: {
    readonly rules?: RuleLevels;
    /** Tokens that the model reads of an option, the marks around it counted. */
    readonly token_limit?: number;
  };
  /** How it was built: the builder's options, for people and for repeating it. */
  readonly built?: Readonly<Record<string, unknown>>;
}
