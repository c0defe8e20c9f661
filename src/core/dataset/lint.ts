import { UserError } from '../errors';
import type { LongWork } from '../progress';
import { imageCandidates, ImageResolver } from './imagePaths';
import { JsonLine, ParsedLine, parseLine } from './jsonl';
import type { LineRange } from './jsonl';
import { readLineBatches, splitLines } from './lines';
import { formatMessage } from './lintRule';
import type { FileRule, FindingValues, LineRule, LintContext, Place, Severity } from './lintRule';
import { fileRules, lineRules } from './lintRules';
import type { DatasetSideFile } from './record';
import { LazyReportTable } from './reportTable';
import type { ReportTable } from './reportTable';
import { readSideFile } from './sideFile';

export { formatMessage };
export type { FindingValues, Severity };

export interface TextPosition {
  /** UTF-16 offset in the whole text. */
  readonly offset: number;
  /** 0-based. */
  readonly line: number;
  /** UTF-16 offset in the line. */
  readonly character: number;
}

export interface LintFinding {
  readonly code: string;
  readonly severity: Severity;
  /** English; {@link template} with {@link values} gives the same in another language. */
  readonly message: string;
  readonly template: string;
  readonly values: FindingValues;
  /** 0-based. */
  readonly line: number;
  readonly range: { readonly start: TextPosition; readonly end: TextPosition };
  /** What the user can do; a template too. */
  readonly remedy?: string;
}

export interface LintTextOptions {
  readonly datasetPath: string;
  readonly sideFile?: DatasetSideFile;
  readonly reports?: ReportTable;
  /** Why the side file cannot be used, if so. */
  readonly sideFileProblem?: string;
  /** Folders beside the side file's to look for images in. */
  readonly imageRoots?: readonly string[];
  /** Whether a file is there; undefined while that is not known yet. */
  readonly fileExists: (path: string) => boolean | undefined;
}

/**
 * Checks a document again and again as it is edited: a line is parsed and checked by itself only when
 * its text is new; the rules that compare lines run over the kept records.
 */
export class DocumentLinter {
  private known = new Map<string, CheckedLine>();
  private readonly candidates = new Map<string, readonly string[]>();

  constructor(private readonly options: LintTextOptions) {}

  lint(text: string): LintFinding[] {
    const { reports, sideFileProblem } = this.options;
    const pass = new LintPass({
      reports: () => reports,
      sideFileProblem: () => sideFileProblem,
      imageFound: (imagePath) => this.imageFound(imagePath),
    });
    const stillKnown = new Map<string, CheckedLine>();
    for (const { line, offset, text: content } of splitLines(text)) {
      const checked =
        stillKnown.get(content) ?? this.known.get(content) ?? checkLine(new JsonLine(content));
      stillKnown.set(content, checked);
      pass.visit(new ParsedLine(line, offset, checked.json), checked);
    }
    this.known = stillKnown;
    return pass.finish();
  }

  private imageFound(imagePath: string): boolean | undefined {
    const { datasetPath, sideFile, imageRoots, fileExists } = this.options;
    let candidates = this.candidates.get(imagePath);
    if (candidates === undefined) {
      candidates = imageCandidates(imagePath, datasetPath, sideFile, imageRoots);
      this.candidates.set(imagePath, candidates);
    }
    let known = true;
    for (const candidate of candidates) {
      const exists = fileExists(candidate);
      if (exists) {
        return true;
      }
      known &&= exists !== undefined;
    }
    return known ? false : undefined;
  }
}

/**
 * Checks a question file of any size, with its side file, reports table and images.
 *
 * @throws UserError where the file cannot be read at all; CancelledError.
 */
export async function lintFile(
  path: string,
  work: LongWork = {},
  options: { readonly imageRoots?: readonly string[] } = {},
): Promise<LintFinding[]> {
  const { sideFile, problem } = await readSideFileTolerantly(path);
  const tables = new LazyReportTable(path, sideFile, work);
  let tableProblem: string | undefined;
  const resolver = new ImageResolver(path, sideFile, options.imageRoots);
  const found = new Map<string, boolean>();
  const pass = new LintPass({
    reports: () => tables.loaded,
    sideFileProblem: () => problem ?? tableProblem,
    imageFound: (imagePath) => found.get(imagePath),
  });
  const onBytes = (done: number, total: number): void => {
    work.onProgress?.({ stage: 'Checking questions', done, total });
  };
  for await (const batch of readLineBatches(path, { onBytes, ...signalOf(work) })) {
    const lines = batch.map(parseLine);
    const images = new Set(lines.flatMap(({ record }) => record?.image_path ?? []));
    await Promise.all(
      [...images].map(async (image) => {
        found.set(image, (await resolver.resolve(image)) !== undefined);
      }),
    );
    try {
      await tables.loadFor(lines);
    } catch (error) {
      tableProblem = problemOf(error);
    }
    for (const line of lines) {
      pass.visit(line, checkLine(line.json));
    }
  }
  return pass.finish();
}

function signalOf(work: LongWork): { signal?: AbortSignal } {
  return work.signal ? { signal: work.signal } : {};
}

/** A defect of the side file is a finding, not a failure. */
async function readSideFileTolerantly(
  path: string,
): Promise<{ sideFile?: DatasetSideFile; problem?: string }> {
  try {
    const sideFile = await readSideFile(path);
    return sideFile ? { sideFile } : {};
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** The words for the user; anything that is not meant for one goes on. */
function problemOf(error: unknown): string {
  if (error instanceof UserError) {
    return error.message;
  }
  throw error;
}

/** A finding whose place is known only within its line. */
interface LineFinding {
  readonly rule: LineRule | FileRule;
  readonly range: LineRange;
  readonly values: FindingValues;
}

interface CheckedLine {
  readonly json: JsonLine;
  readonly findings: readonly LineFinding[];
}

function checkLine(json: JsonLine): CheckedLine {
  const findings: LineFinding[] = [];
  if (!json.isBlank) {
    for (const rule of lineRules) {
      rule.checkLine(json, (place, values = {}) => {
        findings.push({ rule, range: rangeIn(json, place), values });
      });
    }
  }
  return { json, findings };
}

function rangeIn(json: JsonLine, place: Place): LineRange {
  return 'start' in place ? place : json.rangeOf([...place]);
}

/** More findings of one rule than this help nobody, and a broken file of a million lines has as many. */
const mostFindingsOfRule = 1000;

/** One run over the lines of a file. */
class LintPass {
  private readonly findings: LintFinding[] = [];
  private readonly counts = new Map<string, number>();
  private readonly checks: readonly { rule: FileRule; check: ReturnType<FileRule['start']> }[];

  constructor(context: LintContext) {
    this.checks = fileRules.map((rule) => ({ rule, check: rule.start(context) }));
  }

  visit(line: ParsedLine, checked: CheckedLine): void {
    if (line.json.isBlank) {
      return;
    }
    for (const finding of checked.findings) {
      this.add(finding.rule, line, () => finding.range, finding.values);
    }
    for (const { rule, check } of this.checks) {
      check.visit?.(line, (place, values = {}) => {
        this.add(rule, line, () => rangeIn(line.json, place), values);
      });
    }
  }

  /** All findings, by place. */
  finish(): LintFinding[] {
    for (const { rule, check } of this.checks) {
      check.finish?.((line, place, values = {}) => {
        this.add(
          rule,
          line,
          () => (line ? rangeIn(line.json, place) : { start: 0, end: 0 }),
          values,
        );
      });
    }
    for (const [code, count] of this.counts) {
      if (count > mostFindingsOfRule) {
        this.addOmitted(code, count - mostFindingsOfRule);
      }
    }
    return this.findings.sort((a, b) => a.range.start.offset - b.range.start.offset);
  }

  private add(
    rule: LineRule | FileRule,
    line: ParsedLine | undefined,
    range: () => LineRange,
    values: FindingValues,
  ): void {
    const count = (this.counts.get(rule.code) ?? 0) + 1;
    this.counts.set(rule.code, count);
    if (count > mostFindingsOfRule) {
      return;
    }
    const { start, end } = range();
    const at = (character: number): TextPosition => ({
      offset: (line?.offset ?? 0) + character,
      line: line?.line ?? 0,
      character,
    });
    this.findings.push({
      code: rule.code,
      severity: rule.severity,
      message: formatMessage(rule.template, values),
      template: rule.template,
      values,
      line: line?.line ?? 0,
      range: { start: at(start), end: at(end) },
      ...(rule.remedy !== undefined && { remedy: rule.remedy }),
    });
  }

  private addOmitted(code: string, count: number): void {
    const template = '{count} more findings of {rule} are not shown.';
    const values = { count, rule: code };
    const place = { offset: 0, line: 0, character: 0 };
    this.findings.push({
      code: 'findings-omitted',
      severity: 'info',
      message: formatMessage(template, values),
      template,
      values,
      line: 0,
      range: { start: place, end: place },
    });
  }
}
