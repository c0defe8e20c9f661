import { basename } from 'node:path';
import * as vscode from 'vscode';
import { sideFilePath } from '../../../core/dataset/sideFile';
import type { Progress } from '../../../core/progress';
import type { OverviewHost, OverviewPage, OverviewPlace } from '../../../protocol/overview';
import { DisposableList } from '../../disposables';
import { viewTypes } from '../../ids';
import { stageName } from '../../longWork';
import type { Services } from '../../services';
import { onFileChange } from '../../watchFile';
import { answerNull } from '../answerNull';
import { connectPage, pageIcon } from '../webviewPage';
import { KeptResult } from './keptResult';
import { filesIdentity } from './overviewFiles';
import { overviewStrings } from './overviewStrings';

/** One page a set of files, by their paths. */
const openPages = new Map<string, vscode.WebviewPanel>();

/** Shows what question files hold, in numbers; they are read by the worker, however large. */
export function openOverview(services: Services, files: readonly vscode.Uri[]): void {
  const paths = files.map(({ fsPath }) => fsPath);
  const key = JSON.stringify(paths);
  const shown = openPages.get(key);
  if (shown === undefined) {
    openPages.set(key, createPage(services, paths, key));
  } else {
    shown.reveal();
  }
}

function createPage(
  services: Services,
  paths: readonly string[],
  key: string,
): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(
    viewTypes.overview,
    vscode.l10n.t('Overview: {0}', paths.map((path) => basename(path)).join(', ')),
    vscode.ViewColumn.Active,
    { enableFindWidget: true },
  );
  panel.iconPath = pageIcon(services.extensionUri, 'overview');
  const held = new DisposableList();
  const overview = new KeptResult(
    () => filesIdentity(paths),
    (signal) => {
      const onProgress = ({ stage, ...amount }: Progress): void => {
        channel.notify('progress', { ...amount, stage: stageName(stage) });
      };
      return services.workers.request('dataset/overview', { paths }, { signal, onProgress });
    },
  );
  const { channel, subscription } = connectPage<OverviewHost, OverviewPage>(
    panel.webview,
    services.extensionUri,
    'overview',
    { title: panel.title, strings: overviewStrings() },
    {
      calls: {
        describe: (_, signal) => overview.get(signal),
        reveal: answerNull(services, ({ file, line }: OverviewPlace) => reveal(paths[file], line)),
      },
      notices: {},
    },
  );
  held.add(subscription);
  held.add(
    panel.onDidChangeViewState(() => {
      if (!panel.visible) {
        channel.abandon(); // the page is gone until its tab comes back
      }
    }),
  );
  for (const path of paths.flatMap((each) => [each, sideFilePath(each)])) {
    held.add(
      onFileChange(vscode.Uri.file(path), () => {
        channel.notify('changed', null);
      }),
    );
  }
  panel.onDidDispose(() => {
    openPages.delete(key);
    channel.close();
    held.dispose();
  });
  return panel;
}

/** Opens a question file at a line (1-based), beside the page. */
async function reveal(path: string, line: number): Promise<void> {
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), {
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(start, start),
  });
}
