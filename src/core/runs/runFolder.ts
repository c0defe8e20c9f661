import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { messageOf, UserError } from '../errors';
import { count, oneOf, optional, shapeProblem, text, wholeNumber } from '../jsonShape';
import type { ShapeChecks } from '../jsonShape';
import { runStates } from '../run';
import { rescaleChoices } from '../volume/rescale';
import type { MetricsLine, RunDescription, RunSummary } from '../run';
import { writeFileAtomically } from '../storage/atomicFile';
import { isAbsence } from '../storage/presence';
import { explainStorageError } from '../storage/storageErrors';
import { hasEnded } from './runProcess';

/** Where the parts of a run stand. */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get name(): string {
    return basename(this.path);
  }
  get description(): string {
    return join(this.path, 'run.json');
  }
  get metrics(): string {
    return join(this.path, 'metrics.jsonl');
  }
  get checkpoint(): string {
    return join(this.path, 'checkpoint.safetensors');
  }
  /** Weights of the best validation; there only where a run validates. */
  get best(): string {
    return join(this.path, 'best.safetensors');
  }
  get model(): string {
    return join(this.path, 'model.onnx');
  }
  /** Weights of the baseline that sees texts only (see textOnly.ts). */
  get textOnly(): string {
    return join(this.path, 'text-only.safetensors');
  }

  /**
   * Preprocessed volumes are kept beside the runs, for all of them: in the `.ct-mcqa` folder that the
   * run stands in, else in one beside the run.
   */
  get cache(): string {
    const parts = this.path.split(sep);
    const home = parts.lastIndexOf('.ct-mcqa');
    const folder =
      home >= 0 ? parts.slice(0, home + 1).join(sep) : join(dirname(this.path), '.ct-mcqa');
    return join(folder, 'cache');
  }

  /**
   * The description; undefined where the folder holds no run. A run whose process was killed while
   * it trained is `failed`, whatever the process wrote last.
   * @throws UserError `run-unreadable`
   */
  async read(): Promise<RunDescription | undefined> {
    let text: string;
    try {
      text = await readFile(this.description, 'utf8');
    } catch (error) {
      if (!isAbsence(error)) {
        throw runUnreadable(this, messageOf(error), error);
      }
      return undefined;
    }
    try {
      const description: unknown = JSON.parse(text);
      const problem = shapeProblem(description, descriptionChecks);
      if (problem !== undefined) {
        throw new Error(problem);
      }
      return asItStands(description as RunDescription);
    } catch (error) {
      throw runUnreadable(this, messageOf(error), error);
    }
  }

  async write(description: RunDescription): Promise<void> {
    await writeFileAtomically(this.description, `${JSON.stringify(description, undefined, 2)}\n`);
  }

  async appendMetrics(line: MetricsLine): Promise<void> {
    try {
      await appendFile(this.metrics, `${JSON.stringify(line)}\n`);
    } catch (error) {
      throw explainStorageError(error, this.metrics);
    }
  }

  /** The logged lines; one that is still being written, or was cut off by a crash, is left out. */
  async readMetrics(): Promise<MetricsLine[]> {
    const text = await readFile(this.metrics, 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return ''; // Nothing was logged yet.
      }
      throw error;
    });
    return text.split('\n').flatMap((line) => parseMetricsLine(line) ?? []);
  }

  /** Forgets what was logged after `step`, with `epochs` epochs done: training goes on from there. */
  async rewindMetrics(step: number, epochs: number): Promise<void> {
    const kept = (await this.readMetrics()).filter((line) =>
      line.kind === 'validation' ? line.epoch <= epochs : line.step <= step,
    );
    await writeFileAtomically(
      this.metrics,
      kept.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  }

  /** Forgets what a training that was begun here before has learnt: another one starts anew. */
  async removeState(): Promise<void> {
    await Promise.all([this.checkpoint, this.best].map((file) => rm(file, { force: true })));
  }

  /** Removes temporary files that a killed process left. */
  async removeLeftovers(): Promise<void> {
    const files = await readdir(this.path).catch(() => []);
    const leftovers = files.filter((file) => file.startsWith('.') && file.endsWith('.tmp'));
    await Promise.all(leftovers.map((file) => rm(join(this.path, file), { force: true })));
  }
}

/** What every reader of run.json relies on. */
const descriptionChecks: ShapeChecks = {
  version: [(value) => value === 1, '1'],
  name: text,
  state: oneOf(...runStates),
  'preset.name': text,
  'preset.title': text,
  'dataset.path': text,
  'dataset.questions': count,
  'valid.path': optional(text),
  rescale: optional(oneOf(...rescaleChoices)),
  created: text,
  step: wholeNumber,
  steps: count,
};

function asItStands(run: RunDescription): RunDescription {
  const wasKilled = run.state === 'training' && run.process !== undefined && hasEnded(run.process);
  return wasKilled ? { ...run, state: 'failed' } : run;
}

/** The error of a run folder whose run.json is not what it must be. */
export function runUnreadable(run: RunFolder, problem: string, cause?: unknown): UserError {
  return new UserError(
    'run-unreadable',
    `${run.description} cannot be read: ${problem}.`,
    'Choose another run, or train it again.',
    cause,
  );
}

function parseMetricsLine(line: string): MetricsLine | undefined {
  try {
    const parsed = JSON.parse(line) as MetricsLine | null;
    const numbers =
      parsed?.kind === 'skipped'
        ? [parsed.step, parsed.epoch]
        : [parsed?.step, parsed?.loss, parsed?.accuracy];
    return numbers.every(Number.isFinite) ? (parsed ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** The runs in a folder of runs, newest first; folders without a readable run.json are no runs. */
export async function listRuns(folder: string): Promise<RunSummary[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const summaries = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      // A run that cannot be read must not hide the others.
      .map((entry) => summarise(new RunFolder(join(folder, entry.name))).catch(() => undefined)),
  );
  return summaries
    .filter((summary) => summary !== undefined)
    .sort((a, b) => b.created.localeCompare(a.created));
}

async function summarise(run: RunFolder): Promise<RunSummary | undefined> {
  const description = await run.read();
  if (description === undefined) {
    return undefined;
  }
  const metrics = await run.readMetrics();
  const lastStep = metrics.findLast((line) => line.kind === 'step');
  const lastValidation = metrics.findLast((line) => line.kind === 'validation');
  return {
    folder: run.path,
    name: run.name,
    state: description.state,
    preset: description.preset.name,
    created: description.created,
    dataset: description.dataset.path,
    questions: description.dataset.questions,
    step: description.step,
    steps: description.steps,
    ready: description.modelHash !== undefined,
    ...(lastStep && { lastStep }),
    ...(lastValidation && { lastValidation }),
  };
}
