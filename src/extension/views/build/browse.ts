import { resolve } from 'node:path';
import * as vscode from 'vscode';
import { tableExtensions } from '../../../core/dataset/tables';
import type { BuildForm, PathField } from '../../../protocol/build';
import { questionFileSuffix } from '../../ids';
import { setting } from '../../settings';
import type { FolderPaths } from '../../tasks/folderPaths';

const tableFilter = (): Record<string, string[]> => ({
  [vscode.l10n.t('Tables')]: [...tableExtensions],
});

const folderOnly: vscode.OpenDialogOptions = { canSelectFiles: false, canSelectFolders: true };

const dialogues: Readonly<Record<Exclude<PathField, 'out'>, () => vscode.OpenDialogOptions>> = {
  reports: () => ({ filters: tableFilter() }),
  metadata: () => ({ filters: tableFilter() }),
  labels: () => ({ filters: tableFilter() }),
  exclude: () => ({ canSelectMany: true, filters: { [vscode.l10n.t('Lists')]: ['txt', 'csv'] } }),
  images: () => folderOnly,
  embeddings: () => folderOnly,
};

/** Asks for a file or folder, as the form writes it; empty where none was chosen. */
export async function browse(
  field: PathField,
  form: BuildForm,
  paths: FolderPaths,
): Promise<string[]> {
  const defaultUri = await startOf(field, form, paths);
  const at = defaultUri && { defaultUri };
  if (field === 'out') {
    const filters = { [vscode.l10n.t('Question files')]: ['jsonl'] };
    const chosen = await vscode.window.showSaveDialog({ ...at, filters });
    const path = chosen?.fsPath.replace(/(\.mcqa)?(\.jsonl)?$/i, questionFileSuffix);
    return path === undefined ? [] : [paths.shown(path)];
  }
  const chosen = await vscode.window.showOpenDialog({ ...at, ...dialogues[field]() });
  return (chosen ?? []).map(({ fsPath }) => paths.shown(fsPath));
}

/** What the field names; else the runs of the workspace for a run, and for other fields the reports table. */
async function startOf(
  field: PathField,
  form: BuildForm,
  paths: FolderPaths,
): Promise<vscode.Uri | undefined> {
  const present = form[field];
  const named = typeof present === 'string' ? present : present?.at(0);
  if (named === undefined && field === 'embeddings') {
    return runsFolder();
  }
  const start = named ?? form.reports;
  return start === undefined
    ? vscode.workspace.workspaceFolders?.[0].uri
    : vscode.Uri.file(paths.absolute(start));
}

/** Where the runs of the workspace are kept; the workspace where there is none yet. */
async function runsFolder(): Promise<vscode.Uri | undefined> {
  const workspace = vscode.workspace.workspaceFolders?.[0].uri;
  if (workspace === undefined) {
    return undefined;
  }
  const runs = vscode.Uri.file(resolve(workspace.fsPath, setting('runsFolder', workspace)));
  try {
    await vscode.workspace.fs.stat(runs);
    return runs;
  } catch {
    return workspace;
  }
}
