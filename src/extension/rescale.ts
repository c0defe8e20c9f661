import * as vscode from 'vscode';
import type { RescaleRequest } from '../core/dataset/tableRescale';
import { UserError } from '../core/errors';
import type { RescaleChoice } from '../core/volume/rescale';
import { configurationSection } from './ids';
import { setting } from './settings';

/**
 * Slope and intercept that the user chose for a file.
 *
 * @param dataset the question file that asks about the volume: `csv` takes the table of its side file
 */
export async function rescaleRequestOf(
  scope: vscode.Uri,
  dataset?: vscode.Uri,
): Promise<RescaleRequest> {
  const choice = setting('rescale', scope);
  if (choice !== 'csv' || dataset === undefined) {
    return { choice };
  }
  const { metadataTableOf } = await import('../core/dataset/tableRescale');
  const metadata = await metadataTableOf(dataset.fsPath);
  return { choice, ...(metadata !== undefined && { metadata }) };
}

/** Chooses slope and intercept for the workspace of a volume. @throws UserError `no-workspace` */
export async function setRescale(volume: vscode.Uri, choice: RescaleChoice): Promise<void> {
  if (vscode.workspace.workspaceFolders === undefined) {
    throw new UserError(
      'no-workspace',
      vscode.l10n.t('The choice is kept for a workspace, and none is open.'),
      vscode.l10n.t('Open the folder of the volume, or set ctMcqa.rescale in the user settings.'),
    );
  }
  await vscode.workspace
    .getConfiguration(configurationSection, volume)
    .update('rescale', choice, vscode.ConfigurationTarget.Workspace);
}
