import * as vscode from 'vscode';
import { tableExtensions } from '../../../core/dataset/tables';
import type { Progress } from '../../../core/progress';
import type { BuildHost, BuildPage, BuildProgress } from '../../../protocol/build';
import type { BuildRequest } from '../../../protocol/messages';
import type { Handlers } from '../../../protocol/webview';
import { modelsFolder } from '../../commands/runs';
import { DisposableList } from '../../disposables';
import { viewTypes } from '../../ids';
import { stageName } from '../../longWork';
import type { Services } from '../../services';
import { commandLine } from '../../tasks/commandLine';
import { saveTask } from '../../tasks/saveTask';
import { requireTrust } from '../../trust';
import { builderNote, skipReason } from '../valueWords';
import { connectPage, pageIcon } from '../webviewPage';
import { beginning, proposed } from './beginning';
import type { Surroundings } from './beginning';
import { browse } from './browse';
import { buildStrings } from './buildStrings';
import { argumentsIn, optionsOf } from './formOptions';
import { FolderPaths } from '../../tasks/folderPaths';

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
      calls: callsOf(services, reports?.fsPath, (progress) => {
        channel.notify('progress', progress);
      }),
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

/** What the page asks of the host. */
function callsOf(
  services: Services,
  reports: string | undefined,
  tell: (progress: BuildProgress) => void,
): Handlers<BuildHost>['calls'] {
  const paths = new FolderPaths(vscode.workspace.workspaceFolders?.[0].uri.fsPath);
  const request = (form: Parameters<typeof optionsOf>[0], replace: boolean): BuildRequest => ({
    options: { ...optionsOf(form, paths, requireTrust), replace },
    modelsFolder: modelsFolder(services),
  });
  const workOf = (of: BuildProgress['of'], signal: AbortSignal) => ({
    signal,
    onProgress: ({ stage, ...amount }: Progress): void => {
      tell({ ...amount, stage: stageName(stage), of });
    },
  });
  return {
    form: () => beginning(reports, surroundingsOf(services, paths)),
    browse: ({ field, form }) => browse(field, form, paths),
    suggest: ({ reports: path }) => proposed(path, surroundingsOf(services, paths)),
    preview: async (form, signal) => {
      const work = workOf('preview', signal);
      const preview = await services.workers.request(
        'dataset/previewBuild',
        request(form, false),
        work,
      );
      return { ...preview, skipped: inUsersWords(preview.skipped) };
    },
    build: async ({ form, replace }, signal) => {
      const work = workOf('build', signal);
      const built = await services.workers.request('dataset/build', request(form, replace), work);
      return {
        ...built,
        files: built.files.map((file) => ({ ...file, path: paths.shown(file.path) })),
        skipped: inUsersWords(built.skipped),
        notes: built.notes.map(builderNote),
      };
    },
    open: async ({ path }) => {
      await vscode.window.showTextDocument(vscode.Uri.file(paths.absolute(path)), {
        viewColumn: vscode.ViewColumn.Beside,
      });
      return null;
    },
    saveTask: async (form) => {
      await saveTask({
        does: 'Build',
        out: paths.absolute(form.out ?? ''),
        argumentsIn: (folder) => argumentsIn(folder, form, paths),
      });
      return null;
    },
    copyCommand: async (form) => {
      await vscode.env.clipboard.writeText(commandLine(argumentsIn(paths, form, paths)));
      return null;
    },
  };
}

function surroundingsOf(services: Services, paths: FolderPaths): Surroundings {
  return {
    isTrusted: vscode.workspace.isTrusted,
    paths,
    likelyReports,
    suggestSources: (reports) => services.workers.request('dataset/suggest', { reports }),
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

function inUsersWords(
  skipped: readonly { readonly reason: string; readonly count: number }[],
): { reason: string; count: number }[] {
  return skipped.map(({ reason, count }) => ({ reason: skipReason(reason), count }));
}
