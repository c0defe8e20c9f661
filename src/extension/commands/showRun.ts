import * as vscode from 'vscode';
import type { Services } from '../services';
import { showRunFolder } from '../views';
import { chooseRun } from './runs';

/** Shows the page of a run: the one named (by name, folder, or a file in it), or one that is asked for. */
export async function showRun(services: Services, given?: unknown): Promise<void> {
  if (given instanceof vscode.Uri) {
    await showRunFolder(services, given.fsPath);
    return;
  }
  const { folder } = await chooseRun(services, {
    title: vscode.l10n.t('Show which run?'),
    given,
    readyOnly: false,
  });
  await showRunFolder(services, folder);
}
