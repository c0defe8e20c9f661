import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { messageOf, UserError } from '../core/errors';
import type { MetricsLine, RunDescription, RunSummary } from '../core/run';
import { writeFileAtomically } from '../core/storage/atomicFile';

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

  /** The description; undefined where the folder holds no run. */
  async read(): Promise<RunDescription | undefined> {
    let text: string;
    try {
      text = await readFile(this.description, 'utf8');
    } catch {
      return undefined;
    }
    try {
      const description = JSON.parse(text) as RunDescription;
      if ((description.version as number) !== 1) {
        throw new Error(`version ${description.version} is not known here`);
      }
      return description;
    } catch (error) {
      throw new UserError(
        'run-unreadable',
        `${this.description} cannot be read: ${messageOf(error)}.`,
        'Choose another run, or train it again.',
        error,
      );
    }
  }

  async write(description: RunDescription): Promise<void> {
    await writeFileAtomically(this.description, `${JSON.stringify(description, undefined, 2)}\n`);
  }

  async appendMetrics(line: MetricsLine): Promise<void> {
    await appendFile(this.metrics, `${JSON.stringify(line)}\n`);
  }

  /** The logged lines; a last line that was cut off by a crash is left out. */
  async readMetrics(): Promise<MetricsLine[]> {
    const text = await readFile(this.metrics, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as MetricsLine];
      } catch {
        return [];
      }
    });
  }

  /** Forgets what was logged after `step`: training goes on from there. */
  async rewindMetrics(step: number): Promise<void> {
    const kept = (await this.readMetrics()).filter((line) => line.step <= step);
    await writeFileAtomically(
      this.metrics,
      kept.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
  }

  /** Removes temporary files that a killed process left. */
  async removeLeftovers(): Promise<void> {
    const files = await readdir(this.path).catch(() => []);
    const leftovers = files.filter((file) => file.startsWith('.') && file.endsWith('.tmp'));
    await Promise.all(leftovers.map((file) => rm(join(this.path, file), { force: true })));
  }
}

/** The runs in a folder of runs, newest first; folders without a readable run.json are no runs. */
export async function listRuns(folder: string): Promise<RunSummary[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const summaries = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => summarise(new RunFolder(join(folder, entry.name)))),
  );
  return summaries
    .filter((summary) => summary !== undefined)
    .sort((a, b) => b.created.localeCompare(a.created));
}

async function summarise(run: RunFolder): Promise<RunSummary | undefined> {
  const description = await run.read().catch(() => undefined);
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
