import * as vscode from 'vscode';
import { UserError } from '../core/errors';

/** Throws unless the workspace is trusted: models and their settings may come from it. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(
      'workspace-untrusted',
      vscode.l10n.t('Models are not run in a workspace that is not trusted.'),
      vscode.l10n.t('Trust it with "Workspaces: Manage Workspace Trust".'),
    );
  }
}
