import type * as vscode from 'vscode';
import type { RescaleRequest } from '../core/dataset/tableRescale';
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
