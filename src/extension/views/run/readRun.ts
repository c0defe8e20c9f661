import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../../core/errors';
import type { MetricsLine, RunDescription } from '../../../core/run';
import { RunFolder } from '../../../core/runs/runFolder';
import type { RunFacts, RunSnapshot, RunStatus } from '../../../protocol/run';

/** What a run folder holds, for the run page. Throws UserError `run-missing`, `run-unreadable`. */
export async function readRunFolder(path: string): Promise<RunSnapshot> {
  const folder = new RunFolder(path);
  const run = await folder.read();
  if (run === undefined) {
    throw new UserError(
      'run-missing',
      vscode.l10n.t('{0} is no run folder.', path),
      vscode.l10n.t('Choose a folder that holds run.json and metrics.jsonl.'),
    );
  }
  const lines = await folder.readMetrics();
  return {
    facts: factsOf(path, run),
    status: statusOf(run),
    steps: lines.filter(isOf('step')),
    validations: lines.filter(isOf('validation')),
    skipped: lines.filter(isOf('skipped')),
    live: false,
  };
}

function isOf<K extends MetricsLine['kind']>(kind: K) {
  return (line: MetricsLine): line is MetricsLine & { kind: K } => line.kind === kind;
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

function statusOf({ state, process }: RunDescription): RunStatus {
  if (state !== 'failed' || process === undefined) {
    return { state };
  }
  const message = vscode.l10n.t('The process that trained this run ended before its time.');
  return { state, problem: { message } };
}
