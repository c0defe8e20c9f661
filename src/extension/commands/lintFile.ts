import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LintFinding } from '../../core/dataset/lint';
import type { LongWork } from '../../core/progress';
import { isCancellation } from '../failures';
import { questionFileSuffix } from '../ids';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { chooseQuestionFile } from './choose';

/** Checks a question file of any size, open or not, and shows what is wrong in the Problems view. */
export async function lintFileCommand(services: Services, file?: unknown): Promise<number> {
  const uri = await chooseQuestionFile(file, vscode.l10n.t('Check which question file?'));
  const name = basename(uri.fsPath);
  const findings = await withProgress(vscode.l10n.t('Checking {0}', name), (work) =>
    checkSaved(services, uri, work),
  );
  await tellFindings(name, findings);
  return findings.length;
}

/**
 * Checks every question file of the workspace, one after another, and shows all that is wrong. A
 * file that cannot be checked is named, and does not keep the others from being checked.
 */
export async function lintWorkspaceCommand(services: Services): Promise<number> {
  const files = (await vscode.workspace.findFiles(`**/*${questionFileSuffix}`)).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
  const findings: LintFinding[] = [];
  const failed: string[] = [];
  await services.lint.forgetDeleted();
  await withProgress(vscode.l10n.t('Checking question files'), async (work) => {
    for (const [index, uri] of files.entries()) {
      try {
        const part = partOf(work, basename(uri.fsPath), index, files.length);
        findings.push(...(await checkSaved(services, uri, part)));
      } catch (error) {
        if (work.signal?.aborted === true) {
          throw error;
        }
        // A file that was closed meanwhile is no failure.
        if (!isCancellation(error)) {
          services.log.error(error instanceof Error ? error : String(error));
          failed.push(basename(uri.fsPath));
        }
      }
    }
  });
  tellFailed(failed);
  await tellFindings(vscode.l10n.t('{0} question files', files.length - failed.length), findings);
  return findings.length;
}

/** Checks a file as it stands in the editor, if it is open there: it is saved first. */
async function checkSaved(
  { lint }: Services,
  uri: vscode.Uri,
  work: LongWork,
): Promise<readonly LintFinding[]> {
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open?.isDirty === true) {
    await open.save();
  }
  return lint.checkFile(uri, work);
}

/** The work on one of several files: how far it is stands behind the file's name. */
function partOf(
  { onProgress, signal }: LongWork,
  stage: string,
  done: number,
  total: number,
): LongWork {
  const report = (share?: number): void => {
    onProgress?.({
      stage,
      done,
      total,
      ...(share !== undefined && { detail: `${Math.floor(100 * share)} %` }),
    });
  };
  report();
  return {
    ...(signal && { signal }),
    onProgress: (progress) => {
      report(progress.total ? Math.min(1, progress.done / progress.total) : undefined);
    },
  };
}

/** So many names fit in a notification. */
const mostNamed = 3;

function tellFailed(names: readonly string[]): void {
  if (names.length > 0) {
    const named = names.slice(0, mostNamed).join(', ');
    const text = names.length > mostNamed ? `${named}, …` : named;
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        '{0} question files cannot be checked ({1}); the log says why.',
        names.length,
        text,
      ),
    );
  }
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
