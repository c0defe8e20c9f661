import { basename, dirname, join, resolve } from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import type { RunState, RunSummary } from '../../core/run';
import type { Services } from '../services';
import { setting } from '../settings';
import { answered, choose } from './choose';

/** Folder of the presets and tokenizers that ship. */
export function modelsFolder(services: Services): string {
  return vscode.Uri.joinPath(services.extensionUri, 'models').fsPath;
}

/** Where the runs of a file's workspace folder are kept; beside the file where it is in none. */
function runsFolderOf(file: vscode.Uri): string {
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? dirname(file.fsPath);
  return resolve(folder, setting('runsFolder', file));
}

/** Every folder that may hold runs: of all workspace folders, and of `file` where it is in none. */
function runsFolders(file: vscode.Uri | undefined): string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) =>
    resolve(uri.fsPath, setting('runsFolder', uri)),
  );
  return [...new Set([...folders, ...(file ? [runsFolderOf(file)] : [])])];
}

/** All runs, newest first. */
export async function listRuns(services: Services, file?: vscode.Uri): Promise<RunSummary[]> {
  const lists = await Promise.all(
    runsFolders(file).map((folder) => services.workers.request('runs/list', { folder })),
  );
  return lists.flat().sort((a, b) => b.created.localeCompare(a.created));
}

export interface RunQuestion {
  readonly title: string;
  /** The file the run is wanted for. */
  readonly file?: vscode.Uri;
  /** Name or folder of a run, which is then not asked for. */
  readonly given?: unknown;
  /** Only runs that have a model. */
  readonly readyOnly: boolean;
}

/** Name and folder of a run. Throws UserError `no-runs` and `run-unknown`. */
export async function chooseRun(
  services: Services,
  { title, file, given, readyOnly }: RunQuestion,
): Promise<{ readonly name: string; readonly folder: string }> {
  const runs = (await listRuns(services, file)).filter(({ ready }) => ready || !readyOnly);
  if (typeof given === 'string') {
    return findRun(runs, given);
  }
  if (runs.length === 0) {
    throw noRuns();
  }
  const items = [
    ...runs.map((run) => ({ ...runItem(run), run })),
    { label: vscode.l10n.t('Browse…'), run: undefined },
  ];
  const { run } = await choose(title, items);
  if (run !== undefined) {
    return run;
  }
  const [folder] = answered(
    await vscode.window.showOpenDialog({ title, canSelectFolders: true, canSelectFiles: false }),
  );
  return { name: basename(folder.fsPath), folder: folder.fsPath };
}

/** A run by its name or folder. */
export function findRun(runs: readonly RunSummary[], nameOrFolder: string): RunSummary {
  const run = runs.find(
    ({ name, folder }) => name === nameOrFolder || folder === resolve(nameOrFolder),
  );
  if (run === undefined) {
    throw new UserError(
      'run-unknown',
      vscode.l10n.t('There is no run "{0}".', nameOrFolder),
      runs.length === 0
        ? noRuns().remedy
        : vscode.l10n.t('Runs: {0}.', runs.map(({ name }) => name).join(', ')),
    );
  }
  return run;
}

/** There is no trained model yet. */
export function noRuns(): UserError {
  return new UserError(
    'no-runs',
    vscode.l10n.t('There is no trained run in this workspace yet.'),
    vscode.l10n.t('Train one with "CT MCQA: Train MCQA".'),
  );
}

function runItem(run: RunSummary): vscode.QuickPickItem {
  const states: Readonly<Record<RunState, string>> = {
    training: vscode.l10n.t('Training'),
    cancelled: vscode.l10n.t('Cancelled'),
    failed: vscode.l10n.t('Failed'),
    finished: vscode.l10n.t('Finished'),
  };
  const accuracy = run.lastValidation?.accuracy ?? run.lastStep?.accuracy;
  return {
    label: run.name,
    description: `${run.preset} · ${states[run.state]}`,
    detail: [
      basename(run.dataset),
      new Date(run.created).toLocaleString(vscode.env.language),
      ...(accuracy === undefined
        ? []
        : [vscode.l10n.t('accuracy {0} %', Math.round(100 * accuracy))]),
    ].join(' · '),
  };
}

/** A name for a new run that no folder has: `base`, `base-2`, … */
export function freeRunName(base: string, taken: readonly string[]): string {
  const safe = base.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'run';
  for (let number = 1; ; number++) {
    const name = number === 1 ? safe : `${safe}-${number}`;
    if (!taken.includes(name)) {
      return name;
    }
  }
}

/** Why a name cannot be a run's folder, or undefined where it can. */
export function runNameProblem(name: string, taken: readonly string[]): string | undefined {
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}._ -]*$/u.test(name) || /[. ]$/.test(name)) {
    return vscode.l10n.t('Use letters, digits, "-", "_" and "."; begin with a letter or digit.');
  }
  return taken.includes(name) ? vscode.l10n.t('There is a run of this name.') : undefined;
}

/** Folder of a new run. */
export function runFolderFor(dataset: vscode.Uri, name: string): string {
  return join(runsFolderOf(dataset), name);
}
