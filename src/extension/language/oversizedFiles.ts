import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { longestEditable } from '../../core/dataset/editorLimit';
import { DisposableList, type DisposableLike } from '../disposables';
import { commandIds } from '../ids';
import { isQuestionFile } from './questionFiles';

/**
 * Says so when a question file is opened that is too long for the editor to hand on: without a word
 * it would look as if nothing were wrong in it.
 */
export function watchForOversizedFiles(): DisposableLike {
  const told = new Set<string>();
  const held = new DisposableList();
  const look = (tabs: readonly vscode.Tab[]): void => {
    for (const { input } of tabs) {
      if (input instanceof vscode.TabInputText && isQuestionFile(input.uri)) {
        void tellIfOversized(input.uri, told);
      }
    }
  };
  held.add(
    vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
      look(opened);
    }),
  );
  look(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs));
  return held;
}

async function tellIfOversized(uri: vscode.Uri, told: Set<string>): Promise<void> {
  const size = await stat(uri.fsPath).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size <= longestEditable || told.has(uri.toString())) {
    return;
  }
  told.add(uri.toString());
  const check = vscode.l10n.t('Check File');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      '{0} is over 50 MB: the editor shows it, but it is not checked while you edit, and answers are not shown on it.',
      basename(uri.fsPath),
    ),
    check,
  );
  if (chosen === check) {
    await vscode.commands.executeCommand(commandIds.lintFile, uri);
  }
}
