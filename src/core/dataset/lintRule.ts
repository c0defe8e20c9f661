import type { JsonLine, LineRange, ParsedLine } from './jsonl';
import type { ReportTable } from './reportTable';

export type Severity = 'error' | 'warning' | 'info';
export type FindingValues = Readonly<Record<string, string | number>>;

/** What the rules know beside the lines. */
export interface LintContext {
  /** The table that `ref` options point into; undefined where there is none or it cannot be read. */
  readonly reports: () => ReportTable | undefined;
  /** Why the side file or its tables cannot be used, if so; asked at the end. */
  readonly sideFileProblem: () => string | undefined;
  /** Whether the image of a question is there; undefined while that is not known. */
  readonly imageFound: (imagePath: string) => boolean | undefined;
}

/** A field of the record, or characters of the line. */
export type Place = readonly (string | number)[] | LineRange;

/** Reports that the rule is broken at a place of the line. */
export type ReportInLine = (place: Place, values?: FindingValues) => void;

/** The same of a whole file; a finding without a line stands on the first line of the file. */
export type ReportInFile = (
  line: ParsedLine | undefined,
  place: Place,
  values?: FindingValues,
) => void;

interface RuleTexts {
  readonly code: string;
  readonly severity: Severity;
  /** A few words, for lists of rules. */
  readonly title: string;
  /** Why it matters and what to do, for a page of explanations. */
  readonly explain: string;
  /** The message of a finding, with `{name}` arguments. */
  readonly template: string;
  /** What the user can do, with the same arguments. */
  readonly remedy?: string;
  /** True where a file with such a finding cannot be read as a data set at all. */
  readonly blocksReading?: true;
}

/** A rule about one line by itself: its findings stay valid as long as the line's text does. */
export interface LineRule extends RuleTexts {
  readonly checkLine: (line: JsonLine, report: ReportInLine) => void;
}

/** A rule that compares lines with each other or with the world. `start` begins one pass over a file. */
export interface FileRule extends RuleTexts {
  readonly start: (context: LintContext) => FileCheck;
}

export interface FileCheck {
  /** Called for every line that is not blank, in order. */
  readonly visit?: (line: ParsedLine, report: ReportInLine) => void;
  /** Called once at the end. */
  readonly finish?: (report: ReportInFile) => void;
}

/** Calls `found` for every item that stood before, with the index of its first place. */
export function reportRepeats(
  items: readonly (string | undefined)[],
  found: (index: number, first: number) => void,
): void {
  const firsts = new Map<string, number>();
  items.forEach((item, index) => {
    if (item === undefined) {
      return;
    }
    const first = firsts.get(item);
    if (first === undefined) {
      firsts.set(item, index);
    } else {
      found(index, first);
    }
  });
}

/** A template with its arguments filled in. */
export function formatMessage(template: string, values: FindingValues): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
