import type { DocumentLinter, LintFinding } from '../../core/dataset/lint';
import { setting } from '../settings';
import { KnownFiles } from './knownFiles';
import type { OpenQuestionFile } from './openQuestionFiles';
import { isLongDocument } from './questionFiles';

/** Waits at least this long after a keystroke, ms, and a multiple of what the last check took. */
const shortestPause = 150;
const pauseFactor = 4;

/**
 * Checks one open document again as it is edited. Only lines whose text is new are parsed; where
 * images are looked for, a check shows what is known and is followed by another. Documents that are
 * too long for that are left alone.
 */
export class DocumentCheck {
  private linter: DocumentLinter | undefined;
  /** Counts how often the surroundings changed: a linter made of older ones is not used. */
  private generation = 0;
  private readonly files = new KnownFiles();
  private timer: NodeJS.Timeout | undefined;
  private lastCheckMs = 0;
  private isDisposed = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly file: OpenQuestionFile,
    private readonly publish: (findings: readonly LintFinding[]) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** Checks once the typing pauses. */
  schedule(): void {
    clearTimeout(this.timer);
    const pause = Math.max(shortestPause, pauseFactor * this.lastCheckMs);
    this.timer = setTimeout(() => {
      void this.checkNow();
    }, pause);
  }

  /** Checks the document as it stands; resolves once its images are looked up too. */
  checkNow(): Promise<void> {
    clearTimeout(this.timer);
    this.running = this.running.then(() => this.check()).catch(this.fail);
    return this.running;
  }

  /** Side file or tables changed. */
  forgetSurroundings(): void {
    this.generation++;
    this.linter = undefined;
  }

  /** Images came or went. */
  forgetImages(): void {
    this.files.forget();
  }

  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  private async check(): Promise<void> {
    do {
      const linter = await this.currentLinter();
      if (this.isDisposed || isLongDocument(this.file.document)) {
        return;
      }
      const started = performance.now();
      const findings = linter.lint(this.file.document.getText());
      this.lastCheckMs = performance.now() - started;
      this.files.forgetUnasked();
      this.publish(findings);
    } while (await this.files.lookUp());
  }

  private async currentLinter(): Promise<DocumentLinter> {
    while (this.linter === undefined) {
      const { generation } = this;
      const linter = await this.createLinter();
      if (generation === this.generation) {
        this.linter = linter;
      }
    }
    return this.linter;
  }

  private async createLinter(): Promise<DocumentLinter> {
    const { sideFile, reports, problem, imageRoots } = await this.file.surroundings();
    const lint = await import('../../core/dataset/lint');
    return new lint.DocumentLinter({
      datasetPath: this.file.document.uri.fsPath,
      ...(sideFile && { sideFile }),
      ...(reports && { reports }),
      ...(problem !== undefined && { sideFileProblem: problem }),
      imageRoots,
      levels: setting('lint.rules', this.file.document.uri),
      fileExists: this.files.has,
    });
  }
}
