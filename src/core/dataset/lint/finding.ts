import type { Severity } from '../record';
import type { FindingValues } from './rule';

export interface TextPosition {
  /** UTF-16 offset in the whole text. */
  readonly offset: number;
  /** 0-based. */
  readonly line: number;
  /** UTF-16 offset in the line. */
  readonly character: number;
}

export interface TextSpan {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

/** A change of the text that mends a finding and nothing else. */
export interface FindingFix {
  /** What it does: a template with the values of the finding. */
  readonly title: string;
  readonly range: TextSpan;
  /** What stands there now: where anything else does, the fix is not for that text. */
  readonly was: string;
  readonly text: string;
}

export interface LintFinding {
  /** Code of the rule, such as `MCQ101`. */
  readonly code: string;
  /** The same in words, such as `missing-field`. */
  readonly rule: string;
  readonly severity: Severity;
  /** English; {@link template} with {@link values} gives the same in another language. */
  readonly message: string;
  readonly template: string;
  readonly values: FindingValues;
  /** 0-based. */
  readonly line: number;
  readonly range: TextSpan;
  /** What the user can do; a template too. */
  readonly remedy?: string;
  readonly fix?: FindingFix;
}
