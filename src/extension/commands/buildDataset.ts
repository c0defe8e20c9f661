import * as vscode from 'vscode';
import type { Services } from '../services';
import { showBuildPage } from '../views';

/** Opens the page that builds question files, for a reports table where one is given. */
export function buildDatasetCommand(services: Services, given?: unknown): Promise<void> {
  showBuildPage(services, given instanceof vscode.Uri ? given : undefined);
  return Promise.resolve();
}
