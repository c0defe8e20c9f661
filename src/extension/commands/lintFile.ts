import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LintFinding } from '../../core/dataset/lint';
import { questionFileSuffix } from '../ids';
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
  await tellFindings(name, findings);
  return findings.length;
}

/** Checks every question file of the workspace, one after another, and shows all that is wrong. */
export async function lintWorkspaceCommand(services: Services): Promise<number> {
  const files = (await vscode.workspace.findFiles(`**/*${questionFileSuffix}`)).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  const findings: LintFinding[] = [];
  await withProgress(vscode.l10n.t('Checking question files'), async ({ signal, onProgress }) => {
    for (const [index, uri] of files.entries()) {
      const stage = basename(uri.fsPath);
      onProgress?.({ stage, done: index, total: files.length });
      findings.push(...(await services.lint.checkFile(uri, { ...(signal && { signal }) })));
    }
  });
  await tellFindings(vscode.l10n.t('{0} question files', files.length), findings);
  return findings.length;
}

async function tellFindings(what: string, findings: readonly LintFinding[]): Promise<void> {
  if (findings.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('{0}: nothing is wrong.', what));
    return;
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  void vscode.window.showWarningMessage(
    vscode.l10n.t('{0}: errors: {1}, other findings: {2}.', what, errors, findings.length - errors),
  );
  await vscode.commands.executeCommand('workbench.actions.view.problems');
}
