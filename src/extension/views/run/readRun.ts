import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { messageOf, UserError } from '../../../core/errors';
import type { MetricsLine, RunDescription, TrainStep, ValidationStep } from '../../../core/run';
import type { RunFacts, RunSnapshot } from '../../../protocol/run';

/** What a run folder holds, for the run page. Throws UserError `run-unreadable`. */
export async function readRunFolder(folder: string): Promise<RunSnapshot> {
  const run = await readDescription(folder);
  const lines = await readMetrics(join(folder, 'metrics.jsonl'));
  return {
    facts: factsOf(folder, run),
    status: { state: run.state },
    steps: lines.filter((line): line is MetricsLine & TrainStep => line.kind === 'step'),
    validations: lines.filter(
      (line): line is MetricsLine & ValidationStep => line.kind === 'validation',
    ),
    live: false,
  };
}

function factsOf(folder: string, run: RunDescription): RunFacts {
  return {
    name: run.name,
    folder,
    preset: run.preset.title,
    dataset: basename(run.dataset.path),
    ...(run.valid === undefined ? {} : { valid: basename(run.valid.path) }),
    device: run.device,
    questions: run.dataset.questions,
    seed: run.seed,
    ...(run.modelHash === undefined ? {} : { modelHash: run.modelHash }),
    created: run.created,
  };
}

async function readDescription(folder: string): Promise<RunDescription> {
  try {
    const run = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as RunDescription;
    // Whatever else is missing, these are what the page cannot do without.
    if (typeof run.name !== 'string' || typeof run.preset.title !== 'string') {
      throw new Error('name or preset is missing');
    }
    return run;
  } catch (error) {
    throw new UserError(
      'run-unreadable',
      vscode.l10n.t('{0} is no run folder that can be read: {1}', folder, messageOf(error)),
      vscode.l10n.t('Choose a folder that holds run.json and metrics.jsonl.'),
      error,
    );
  }
}

/** The logged steps; a last line that is still being written is left out. */
async function readMetrics(path: string): Promise<MetricsLine[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return ''; // Nothing was logged yet.
    }
    throw error;
  });
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .flatMap((line) => parseMetricsLine(line) ?? []);
}

function parseMetricsLine(line: string): MetricsLine | undefined {
  try {
    const parsed = JSON.parse(line) as MetricsLine | null;
    const isWhole = [parsed?.step, parsed?.loss, parsed?.accuracy].every(Number.isFinite);
    return isWhole ? (parsed ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}
