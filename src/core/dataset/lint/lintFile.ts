import { UserError } from '../../errors';
import type { LongWork } from '../../progress';
import { ImageResolver, imageRootsOf } from '../imagePaths';
import { JsonLine } from '../jsonl';
import { beginningOf, foreignEncoding, readLineBatches } from '../lines';
import type { TextLine } from '../lines';
import type { DatasetSideFile, RuleLevels } from '../record';
import { LazyReportTable } from '../reportTable';
import { besideSideFile, readSideFile } from '../sideFile';
import { readLabels } from '../tables';
import type { LabelRow } from '../tables';
import { indexRows } from '../volumeIndex';
import type { VolumeIndex } from '../volumeIndex';
import { volumeStem } from '../volumeName';
import { chooseRules } from './choice';
import type { ChosenRules, RuleSelection } from './choice';
import type { LintFinding } from './finding';
import { ImageHeaders } from './imageHeaders';
import { checkLine, LintPass } from './lintPass';
import { readNeighbours } from './neighbours';
import { PlacedLine, QuestionLine, QuestionSurroundings } from './questionLine';
import type { LintContext, Need } from './rule';
import { problemOfLevels } from './sideFileLevels';

export interface LintFileOptions {
  /** Folders beside the side file's to look for images in. */
  readonly imageRoots?: readonly string[];
  /** Which rules are asked for; all if left out. */
  readonly rules?: RuleSelection;
  /** Rules of the settings; the side file's count before them. */
  readonly levels?: RuleLevels;
}

/**
 * Checks a question file of any size, with its side file, tables, images and the other parts of its
 * set. Memory does not grow with the file, but for 16 bytes of each question's id.
 *
 * @throws UserError where the file cannot be read at all, or a rule is asked for that there is not;
 *   CancelledError.
 */
export async function lintFile(
  path: string,
  work: LongWork = {},
  options: LintFileOptions = {},
): Promise<LintFinding[]> {
  const file = await FileLint.open(path, work, options);
  return file.run();
}

/** One check of one file. */
class FileLint {
  private readonly tables: LazyReportTable;
  private readonly resolver: ImageResolver;
  private readonly headers = new ImageHeaders();
  private readonly surroundings: QuestionSurroundings;
  private readonly needs: ReadonlySet<Need | undefined>;
  /** Of the lines at hand. */
  private readonly imageFiles = new Map<string, string | null>();
  private labels: VolumeIndex<LabelRow> | undefined;

  private constructor(
    private readonly path: string,
    private readonly work: LongWork,
    private readonly rules: ChosenRules,
    private readonly sideFile: DatasetSideFile | undefined,
    private problem: string | undefined,
    private readonly imageRoots: readonly string[],
  ) {
    this.needs = new Set([...rules.lineRules, ...rules.fileRules].map((rule) => rule.needs));
    this.tables = new LazyReportTable(path, sideFile, work);
    this.resolver = new ImageResolver(path, sideFile, imageRoots);
    this.surroundings = new QuestionSurroundings(
      () => this.tables.loaded,
      (volume) => this.labels?.find(volumeStem(volume), volume)?.positive,
      sideFile?.lint?.token_limit,
    );
  }

  static async open(path: string, work: LongWork, options: LintFileOptions): Promise<FileLint> {
    const { sideFile, problem } = await readSideFileTolerantly(path);
    const rules = chooseRules(options.rules, options.levels, sideFile?.lint?.rules);
    const first = problem ?? problemOfLevels(sideFile);
    return new FileLint(path, work, rules, sideFile, first, options.imageRoots ?? []);
  }

  async run(): Promise<LintFinding[]> {
    const { rules, headers } = this;
    const context = await this.context();
    const pass = new LintPass(rules, context);
    if (context.foreignEncoding === undefined) {
      await this.readLabels();
      const onBytes = (done: number, total: number): void => {
        this.work.onProgress?.({ stage: 'Checking questions', done, total });
      };
      for await (const batch of readLineBatches(this.path, { onBytes, ...signalOf(this.work) })) {
        await this.visit(batch, pass);
      }
      await headers.read(this.work);
    }
    return pass.finish();
  }

  private async context(): Promise<LintContext> {
    const { path, sideFile, imageRoots, work, needs } = this;
    const { beginning } = await beginningOf(path);
    const encoding = foreignEncoding(beginning);
    return {
      sideFileProblem: () => this.problem,
      ...(encoding !== undefined && { foreignEncoding: encoding }),
      imageFile: (imagePath) => this.imageFiles.get(imagePath),
      imageRoots: imageRootsOf(path, sideFile, imageRoots),
      imageHeaders: () => this.headers.all,
      neighbours: needs.has('neighbours') ? await readNeighbours(path, work) : [],
    };
  }

  private async readLabels(): Promise<void> {
    const { labels } = this.sideFile ?? {};
    if (labels === undefined || !this.needs.has('labels')) {
      return;
    }
    await this.tolerantly(async () => {
      const table = await readLabels(besideSideFile(this.path, labels), this.work);
      this.labels = indexRows(table.rows);
    });
  }

  private async visit(batch: readonly TextLine[], pass: LintPass): Promise<void> {
    const { needs, rules } = this;
    const needsImages = needs.has('images') || needs.has('headers');
    if (!needsImages && !needs.has('reports')) {
      // What is parsed is let go at once, while it costs the collector nothing.
      for (const text of batch) {
        const line = this.placed(text);
        pass.visit(line, checkLine(line.question, rules.lineRules));
      }
      return;
    }
    const lines = batch.map((text) => this.placed(text));
    if (needsImages) {
      await this.findImages(lines);
    }
    if (needs.has('reports')) {
      await this.tolerantly(() => this.tables.loadFor(lines));
    }
    for (const line of lines) {
      pass.visit(line, checkLine(line.question, rules.lineRules));
    }
  }

  private placed({ line, offset, text, ending }: TextLine): PlacedLine {
    const question = new QuestionLine(new JsonLine(text), this.surroundings);
    return new PlacedLine(line, offset, ending, question);
  }

  private async findImages(lines: readonly PlacedLine[]): Promise<void> {
    const firsts = new Map<string, PlacedLine>();
    for (const line of lines) {
      const image = line.record?.image_path;
      if (image !== undefined && !firsts.has(image)) {
        firsts.set(image, line);
      }
    }
    this.imageFiles.clear();
    const take = (image: string, line: PlacedLine, path: string | undefined): void => {
      this.imageFiles.set(image, path ?? null);
      if (path !== undefined && this.needs.has('headers')) {
        this.headers.offer(path, line);
      }
    };
    // Answers that are known at once, as most are, cost no promise.
    const asked: [string, PlacedLine, Promise<string | undefined>][] = [];
    for (const [image, line] of firsts) {
      const answer = this.resolver.resolve(image);
      if (answer instanceof Promise) {
        asked.push([image, line, answer]);
      } else {
        take(image, line, answer);
      }
    }
    for (const [image, line, answer] of asked) {
      take(image, line, await answer);
    }
  }

  /** A defect of the side file or a table is a finding, not a failure. */
  private async tolerantly(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.problem ??= problemOf(error);
    }
  }
}

function signalOf(work: LongWork): { signal?: AbortSignal } {
  return work.signal ? { signal: work.signal } : {};
}

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
