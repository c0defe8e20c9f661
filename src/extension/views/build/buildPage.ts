import { dirname, isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { BuildOptions, BuildResult } from '../../../core/dataset/build';
import { buildArguments } from '../../../core/dataset/buildArguments';
import type { SuggestedSources } from '../../../core/dataset/suggestSources';
import { tableExtensions } from '../../../core/dataset/tables';
import type { BuildRequest } from '../../../protocol/messages';
import type { BuildForm, BuildHost, BuildPage, PathField } from '../../../protocol/build';
import { modelsFolder } from '../../commands/runs';
import { DisposableList } from '../../disposables';
import { questionFileSuffix, viewTypes } from '../../ids';
import type { Services } from '../../services';
import { saveTask } from '../../tasks/saveTask';
import { commandLine } from '../../tasks/commandLine';
import { requireTrust } from '../../trust';
import { connectPage, pageIcon } from '../webviewPage';
import { buildStrings } from './buildStrings';

/** The page that is open; a second one would only compete for the same files. */
let openPanel: vscode.WebviewPanel | undefined;

/** Shows the page that builds a data set, begun with a reports table where one is given. */
export function showBuildPage(services: Services, reports: vscode.Uri | undefined): void {
  if (openPanel !== undefined && reports === undefined) {
    openPanel.reveal();
    return;
  }
  openPanel?.dispose();
  const panel = vscode.window.createWebviewPanel(
    viewTypes.build,
    vscode.l10n.t('Build Data Set'),
    vscode.ViewColumn.Active,
    // A build goes on while another tab is looked at, and tells how it ended.
    { retainContextWhenHidden: true },
  );
  openPanel = panel;
  panel.iconPath = pageIcon(services.extensionUri, 'build');
  const { channel, subscription } = connectPage<BuildHost, BuildPage>(
    panel.webview,
    services.extensionUri,
    'build',
    { title: panel.title, strings: buildStrings() },
    {
      calls: {
        form: () => beginning(services, reports),
        browse: ({ field, form }) => browse(field, form),
        suggest: ({ reports: path }) => suggest(services, absolute(path)),
        preview: (form, signal) =>
          services.workers.request('dataset/previewBuild', requestOf(services, form), { signal }),
        build: (form, signal) => build(services, form, signal),
        open: async ({ path }) => {
          await vscode.window.showTextDocument(vscode.Uri.file(absolute(path)), {
            viewColumn: vscode.ViewColumn.Beside,
          });
          return null;
        },
        saveTask: async (form) => {
          await saveTask(vscode.l10n.t('Build {0}', form.out ?? ''), writtenArguments(form));
          return null;
        },
        copyCommand: async (form) => {
          await vscode.env.clipboard.writeText(commandLine(writtenArguments(form)));
          return null;
        },
      },
      notices: {},
    },
  );
  const held = new DisposableList();
  held.add(subscription);
  panel.onDidDispose(() => {
    if (openPanel === panel) {
      openPanel = undefined;
    }
    channel.close();
    held.dispose();
  });
}

/** What the form says when it opens: a reports table, and what seems to belong to it. */
async function beginning(services: Services, reports: vscode.Uri | undefined): Promise<BuildForm> {
  const path = reports?.fsPath ?? (await likelyReports());
  if (path === undefined) {
    return {};
  }
  return {
    reports: shown(path),
    out: shown(join(dirname(path), `questions${questionFileSuffix}`)),
    ...(await suggest(services, path)),
  };
}

/** The first table of the workspace whose name says that it holds reports. */
async function likelyReports(): Promise<string | undefined> {
  const glob = `**/*report*.{${tableExtensions.join(',')}}`;
  const found = await vscode.workspace.findFiles(glob, undefined, 50);
  return found
    .map(({ fsPath }) => fsPath)
    .sort()
    .at(0);
}

async function suggest(services: Services, reports: string): Promise<SuggestedSources> {
  const found = await services.workers.request('dataset/suggest', { reports });
  const { exclude, ...single } = found;
  const paths = Object.entries(single).map(([name, path]) => [name, shown(path)] as const);
  return { ...Object.fromEntries(paths), ...(exclude && { exclude: exclude.map(shown) }) };
}

async function build(
  services: Services,
  form: BuildForm,
  signal: AbortSignal,
): Promise<BuildResult> {
  const result = await services.workers.request('dataset/build', requestOf(services, form), {
    signal,
  });
  return { ...result, files: result.files.map((file) => ({ ...file, path: shown(file.path) })) };
}

/** @throws UserError `workspace-untrusted` for a build that would run a model of the workspace */
function requestOf(services: Services, form: BuildForm): BuildRequest {
  if (form.embeddings !== undefined) {
    requireTrust();
  }
  return { options: optionsOf(form), modelsFolder: modelsFolder(services) };
}

/** The form with absolute paths. What it lacks the builder says. */
function optionsOf(form: BuildForm): BuildOptions {
  const paths = Object.fromEntries(
    (['reports', 'images', 'metadata', 'labels', 'embeddings', 'out'] as const).flatMap((field) => {
      const path = form[field];
      return path === undefined ? [] : [[field, absolute(path)]];
    }),
  );
  return {
    ...withDefaults(form),
    ...paths,
    ...(form.exclude && { exclude: form.exclude.map(absolute) }),
  };
}

function withDefaults(form: BuildForm): BuildOptions {
  return { reports: '', images: '', out: '', ...form };
}

/** As they are written in the form, so that a task works wherever the workspace lies. */
function writtenArguments(form: BuildForm): string[] {
  return buildArguments(withDefaults(form));
}

function workspaceFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0].uri.fsPath;
}

/** A path in the form: relative to the workspace where it is inside. */
function shown(path: string): string {
  return vscode.workspace.asRelativePath(path, false);
}

function absolute(path: string): string {
  const folder = workspaceFolder();
  return isAbsolute(path) || folder === undefined ? path : join(folder, path);
}

const tableFilter = (): Record<string, string[]> => ({
  [vscode.l10n.t('Tables')]: [...tableExtensions],
});

const dialogues: Readonly<Record<Exclude<PathField, 'out'>, () => vscode.OpenDialogOptions>> = {
  reports: () => ({ filters: tableFilter() }),
  metadata: () => ({ filters: tableFilter() }),
  labels: () => ({ filters: tableFilter() }),
  exclude: () => ({ canSelectMany: true, filters: { [vscode.l10n.t('Lists')]: ['txt', 'csv'] } }),
  images: () => ({ canSelectFiles: false, canSelectFolders: true }),
  embeddings: () => ({ canSelectFiles: false, canSelectFolders: true }),
};

/** Asks for a file or folder, from where the field or the reports table points; empty where none was chosen. */
async function browse(field: PathField, form: BuildForm): Promise<string[]> {
  const present = form[field];
  const start = typeof present === 'string' ? present : (present?.at(0) ?? form.reports);
  const defaultUri =
    start === undefined
      ? vscode.workspace.workspaceFolders?.[0].uri
      : vscode.Uri.file(absolute(start));
  const at = defaultUri && { defaultUri };
  if (field === 'out') {
    const filters = { [vscode.l10n.t('Question files')]: ['jsonl'] };
    const chosen = await vscode.window.showSaveDialog({ ...at, filters });
    const path = chosen?.fsPath.replace(/(\.mcqa)?(\.jsonl)?$/i, questionFileSuffix);
    return path === undefined ? [] : [shown(path)];
  }
  const chosen = await vscode.window.showOpenDialog({ ...at, ...dialogues[field]() });
  return (chosen ?? []).map(({ fsPath }) => shown(fsPath));
}
