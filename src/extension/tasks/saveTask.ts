import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { FolderPaths } from './folderPaths';
import { withTask, type FileCommand } from './taskList';

/**
 * Writes a command that makes a file into the tasks.json of the workspace folder that the file is in,
 * and shows it there.
 *
 * @throws UserError `task-without-workspace`
 */
export async function saveTask(command: FileCommand): Promise<void> {
  const { workspace } = vscode;
  const folder =
    workspace.getWorkspaceFolder(vscode.Uri.file(command.out)) ?? workspace.workspaceFolders?.[0];
  if (folder === undefined) {
    throw new UserError(
      'task-without-workspace',
      vscode.l10n.t('Tasks are kept in the folder that is open, and none is.'),
      vscode.l10n.t('Open a folder first.'),
    );
  }
  const configuration = workspace.getConfiguration('tasks', folder.uri);
  const others = configuration.inspect<{ label?: string }[]>('tasks')?.workspaceFolderValue ?? [];
  await configuration.update(
    'tasks',
    withTask(others, command, new FolderPaths(folder.uri.fsPath)),
    vscode.ConfigurationTarget.WorkspaceFolder,
  );
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'tasks.json');
  await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.Beside });
}
