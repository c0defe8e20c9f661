import type { LineRange } from '../jsonl';
import type { Severity } from '../record';
import type { PlacedLine, QuestionLine } from './questionLine';

export type FindingValues = Readonly<Record<string, string | number>>;

/** A volume file whose header was read, or could not be. */
export interface ImageHeader {
  /** The first question on it. */
  readonly line: PlacedLine;
  readonly image: string;
  /** Why the header cannot be read, if so. */
  readonly problem?: string;
  readonly shape?: readonly [number, number, number];
  readonly spacingMm?: readonly [number, number, number];
  readonly frames?: number;
  /** numpy's name of the stored type. */
  readonly storedType?: string;
}

/** Another file of the same set, such as the validation part beside the training part. */
export interface NeighbourFile {
  readonly name: string;
  /** Patient -> 1-based line of the first question on one of the patient's scans. */
  readonly patients: ReadonlyMap<string, number>;
}

/** What rules on whole files know beside the lines; functions are asked again at the end. */
export interface LintContext {
  /** Why the side file or its tables cannot be used, if so. */
  readonly sideFileProblem: () => string | undefined;
  /** The encoding of a file that is no UTF-8. */
  readonly foreignEncoding?: string;
  /** Absolute path of a question's image, null where it is nowhere, undefined while that is not known. */
  readonly imageFile: (imagePath: string) => string | null | undefined;
  /** Folders that images are looked for below, absolute; the question file's own is the last. */
  readonly imageRoots: readonly string[];
  /** Headers of some of the volumes, read once all lines are seen. */
  readonly imageHeaders: () => readonly ImageHeader[];
  readonly neighbours: readonly NeighbourFile[];
}

/** A field of the record, or characters of the line. */
export type Place = readonly (string | number)[] | LineRange;

/** A change of one line that mends what a finding points at, and nothing else. */
export interface LineFix {
  /** What is replaced. */
  readonly place: Place;
  readonly text: string;
}

/** Reports that the rule is broken at a place of the line. */
export type ReportInLine = (place: Place, values?: FindingValues, fix?: LineFix) => void;

/** The same of a whole file; a finding without a line stands on the first line of the file. */
export type ReportInFile = (
  line: PlacedLine | undefined,
  place: Place,
  values?: FindingValues,
  fix?: LineFix,
) => void;

/** What must be read beside the question file; nothing that no rule needs is. */
export type Need = 'reports' | 'labels' | 'images' | 'headers' | 'neighbours';

interface RuleTexts {
  /** Never changes and is never used again, as settings name it. */
  readonly code: `MCQ${number}`;
  /** The same in words. */
  readonly name: string;
  readonly severity: Severity;
  /** A few words, for lists of rules. */
  readonly title: string;
  /** Why it matters and what to do, for a page of explanations. */
  readonly explain: string;
  /** The message of a finding, with `{name}` arguments. */
  readonly template: string;
  /** What the user can do, with the same arguments. */
  readonly remedy?: string;
  /** What its quick fix does, with the same arguments, where it has one. */
  readonly fix?: string;
  /** One of the rules that need nothing but the file and take hardly longer than parsing it. */
  readonly basic?: true;
  /** Without it the rule says nothing. */
  readonly needs?: Need;
  /** True where a file with such a finding cannot be read as a data set at all. */
  readonly blocksReading?: true;
}

/** A rule about one line by itself: its findings stay valid as long as the line's text does. */
export interface LineRule extends RuleTexts {
  readonly checkLine: (line: QuestionLine, report: ReportInLine) => void;
}

/** A rule that compares lines with each other or with the world. `start` begins one pass over a file. */
export interface FileRule extends RuleTexts {
  readonly start: (context: LintContext) => FileCheck;
  /** Too dear to run after each keystroke, or about the file on disk: only "check the file" runs it. */
  readonly notWhileTyping?: true;
}

export interface FileCheck {
  /** Called for every line, blank ones too, in order. */
  readonly visit?: (line: PlacedLine, report: ReportInLine) => void;
  /** Called once at the end. */
  readonly finish?: (report: ReportInFile) => void;
}

/** A template with its arguments filled in. */
export function formatMessage(template: string, values: FindingValues): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
