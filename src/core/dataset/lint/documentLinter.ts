import { changedPart } from '../changedLines';
import type { FormerLine } from '../changedLines';
import { imageCandidates, imageRootsOf } from '../imagePaths';
import { JsonLine } from '../jsonl';
import { byteOrderMark, detached, splitLines } from '../lines';
import type { DatasetSideFile, RuleLevels } from '../record';
import type { ReportTable } from '../reportTable';
import { chooseRules } from './choice';
import type { ChosenRules } from './choice';
import type { LintFinding } from './finding';
import { checkLine, LintPass } from './lintPass';
import type { LineFinding } from './lintPass';
import { PlacedLine, QuestionLine, QuestionSurroundings } from './questionLine';
import type { LintContext } from './rule';
import { problemOfLevels } from './sideFileLevels';

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
  /** Rules of the settings; the side file's count before them. */
  readonly levels?: RuleLevels;
}

/** What is known of a line by its text. */
interface KnownLine {
  readonly question: QuestionLine;
  readonly findings: readonly LineFinding[];
}

/** A line of the document as it was checked last. */
interface CheckedLine extends FormerLine {
  readonly known: KnownLine;
}

/** Paths that may be kept though nobody asks for them. */
const spareCandidates = 1000;

/**
 * Checks a document again and again as it is edited: a line is parsed and checked by itself only when
 * its text is new; the rules that compare lines run over what is kept of them.
 */
export class DocumentLinter {
  private lines: readonly CheckedLine[] = [];
  /** Where each image of the document may be. */
  private readonly candidates = new Map<string, readonly string[]>();
  private readonly surroundings: QuestionSurroundings;
  private readonly rules: ChosenRules;
  private readonly context: LintContext;

  constructor(private readonly options: LintTextOptions) {
    const { datasetPath, sideFile, reports, imageRoots } = options;
    const problem = options.sideFileProblem ?? problemOfLevels(sideFile);
    const rules = chooseRules('all', options.levels, sideFile?.lint?.rules);
    this.rules = { ...rules, fileRules: rules.fileRules.filter((rule) => !rule.notWhileTyping) };
    this.surroundings = new QuestionSurroundings(
      () => reports,
      undefined,
      sideFile?.lint?.token_limit,
    );
    this.context = {
      sideFileProblem: () => problem,
      imageFile: (imagePath) => this.imageFile(imagePath),
      imageRoots: imageRootsOf(datasetPath, sideFile, imageRoots),
      imageHeaders: () => [],
      neighbours: [],
    };
  }

  lint(text: string): LintFinding[] {
    const start = text.startsWith(byteOrderMark) ? 1 : 0;
    this.lines = this.linesOf(text, start);
    if (this.candidates.size > 2 * this.lines.length + spareCandidates) {
      // Most are asked for by no line any more, such as every beginning of a path that was typed.
      this.candidates.clear();
    }
    const pass = new LintPass(this.rules, this.context);
    let offset = start;
    this.lines.forEach(({ text: content, ending, known }, line) => {
      pass.visit(new PlacedLine(line, offset, ending, known.question), known.findings);
      offset += content.length + ending.length;
    });
    return pass.finish();
  }

  /** The lines of a text: those that stood in the one before are taken over. */
  private linesOf(text: string, textStart: number): readonly CheckedLine[] {
    const { lines } = this;
    const { linesBefore, linesAfter, start, end } = changedPart(text, lines, textStart);
    const after = lines.length - linesAfter;
    const known = new Map(lines.slice(linesBefore, after).map((line) => [line.text, line.known]));
    const changed = splitLines(text.slice(start, end), 0);
    if (linesAfter > 0) {
      changed.splice(-1); // what stands after the last line end is the first line after the part
    }
    const checked = changed.map(({ text: content, ending }): CheckedLine => {
      const line = known.get(content) ?? this.check(content);
      known.set(line.question.json.text, line);
      return { text: line.question.json.text, ending, known: line };
    });
    return [...lines.slice(0, linesBefore), ...checked, ...lines.slice(after)];
  }

  private check(content: string): KnownLine {
    const question = new QuestionLine(new JsonLine(detached(content)), this.surroundings);
    return { question, findings: checkLine(question, this.rules.lineRules) };
  }

  private imageFile(imagePath: string): string | null | undefined {
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
        return candidate;
      }
      known &&= exists !== undefined;
    }
    return known ? null : undefined;
  }
}
