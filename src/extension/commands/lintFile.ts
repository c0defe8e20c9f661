import { basename } from 'node:path';
import * as vscode from 'vscode';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { chooseQuestionFile } from './choose';

/** Checks a question file of any size, open or not, and shows what is wrong in the Problems view. */
export async function lintFileCommand(services: Services, file?: unknown): Promise<number> {
  const uri = await chooseQuestionFile(file, vscode.l10n.t('Check which question file?'));
  const name = basename(uri.fsPath);
  const findings = await withProgress(vscode.l10n.t('Checking {0}', name), (work) =>
    services.lint.checkFile(uri, work),
  );
  if (findings.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0}: nothing is wrong.', name));
  } else {
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        '{0}: errors: {1}, other findings: {2}.',
        name,
        errors,
        findings.length - errors,
      ),
    );
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
  return findings.length;
}
