import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { taskType } from '../ids';

/**
 * Writes a command of `ct-mcqa` into the workspace's tasks.json, in place of one with the same label,
 * and shows it there.
 *
 * @throws UserError `task-without-workspace`
 */
export async function saveTask(
  label: string,
  [command, ...args]: readonly string[],
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new UserError(
      'task-without-workspace',
      vscode.l10n.t('Tasks are kept in the folder that is open, and none is.'),
      vscode.l10n.t('Open a folder first.'),
    );
  }
  const configuration = vscode.workspace.getConfiguration('tasks', folder.uri);
  const others = configuration.inspect<{ label?: string }[]>('tasks')?.workspaceFolderValue ?? [];
  const task = { label, type: taskType, command, args, problemMatcher: ['$ct-mcqa'] };
  await configuration.update(
    'tasks',
    [...others.filter((other) => other.label !== label), task],
    vscode.ConfigurationTarget.WorkspaceFolder,
  );
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'tasks.json');
  await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.Beside });
}
