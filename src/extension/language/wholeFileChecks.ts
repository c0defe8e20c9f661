import type { LintFinding } from '../../core/dataset/lint';
import { unlessCancelled } from '../../core/progress';
import type { LongWork } from '../../core/progress';
import { moved, type TextChange } from './shownFindings';

/** Checks a file as it is on disk. */
type CheckFile = (work: LongWork) => Promise<readonly LintFinding[]>;

/** A check that is under way. */
interface Running {
  readonly end: AbortController;
  readonly isAsked: boolean;
  /** What was typed since it began. */
  readonly changes: TextChange[];
  /** What whoever waits for it is told. */
  answer: Promise<readonly LintFinding[]>;
  replacedBy?: Running;
}

/**
 * Checks of whole files, one a file at a time: a newer one ends the older, and answers for it, so
 * that nothing out of date is published.
 */
export class WholeFileChecks {
  private readonly running = new Map<string, Running>();

  constructor(
    /** Takes the findings of the newest check of a file, in the places that they have by then. */
    private readonly publish: (file: string, findings: readonly LintFinding[]) => void,
  ) {}

  /**
   * Checks a file; `asked` by the user, who waits for the answer, or else for the editor alone.
   * Rejects as `check` does, and with CancelledError where the check was ended.
   */
  run(
    file: string,
    asked: boolean,
    work: LongWork,
    check: CheckFile,
  ): Promise<readonly LintFinding[]> {
    const before = this.running.get(file);
    const end = new AbortController();
    const signal = work.signal ? AbortSignal.any([end.signal, work.signal]) : end.signal;
    const findings = check({ ...work, signal });
    const running: Running = { end, isAsked: asked, changes: [], answer: findings };
    running.answer = this.answer(file, running, findings, work.signal);
    this.running.set(file, running);
    if (before !== undefined) {
      before.replacedBy = running;
      before.end.abort();
    }
    return running.answer;
  }

  /** The newest check of a file, for whoever waits until it is over; undefined where there is none. */
  of(file: string): Promise<readonly LintFinding[]> | undefined {
    return this.running.get(file)?.answer;
  }

  /** The text of the file changed in the editor. */
  edit(file: string, changes: readonly TextChange[]): void {
    this.running.get(file)?.changes.push(...changes);
  }

  /** The file is closed: what was typed is saved or gone, and only what the user asked for goes on. */
  close(file: string): void {
    const running = this.running.get(file);
    running?.changes.splice(0);
    if (running?.isAsked === false) {
      this.end(file);
    }
  }

  /** Ends the check of a file, if there is one. */
  end(file: string): void {
    this.running.get(file)?.end.abort();
    this.running.delete(file);
  }

  dispose(): void {
    [...this.running.keys()].forEach((file) => {
      this.end(file);
    });
  }

  private async answer(
    file: string,
    running: Running,
    found: Promise<readonly LintFinding[]>,
    asker: AbortSignal | undefined,
  ): Promise<readonly LintFinding[]> {
    try {
      const findings = await found;
      if (this.running.get(file) === running) {
        this.publish(file, moved(findings, running.changes));
      }
      return findings;
    } catch (error) {
      if (running.replacedBy !== undefined && asker?.aborted !== true) {
        return await unlessCancelled(running.replacedBy.answer, asker);
      }
      throw error;
    } finally {
      if (this.running.get(file) === running) {
        this.running.delete(file);
      }
    }
  }
}
