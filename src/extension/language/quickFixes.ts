import * as vscode from 'vscode';
import type { LintFinding } from '../../core/dataset/lint';
import { commandIds } from '../ids';
import { findingWords, rangeOf } from './findingDiagnostics';
import type { LintService } from './lintService';

/** Offers what the rules know to do about their findings. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  constructor(private readonly lint: LintService) {}

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const findings = this.lint.findingsOf(document.uri);
    return diagnostics.flatMap((diagnostic) => {
      const finding = findings.find(
        (each) => codeOf(diagnostic) === each.code && rangeOf(each.range).isEqual(diagnostic.range),
      );
      return finding === undefined
        ? []
        : [
            ...actionFor(document, diagnostic, finding),
            ...mappingFor(document, diagnostic, finding),
          ];
    });
  }
}

function actionFor(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  finding: LintFinding,
): vscode.CodeAction[] {
  const { fix } = finding;
  if (fix === undefined) {
    return [];
  }
  // Where the text is another by now, the fix would change the wrong characters.
  if (document.getText(rangeOf(fix.range)) !== fix.was) {
    return [];
  }
  const action = new vscode.CodeAction(
    findingWords(fix.title, finding.values),
    vscode.CodeActionKind.QuickFix,
  );
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, rangeOf(fix.range), fix.text);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return [action];
}

/** Rules about images that are elsewhere: missing, outside the roots, named as on another machine. */
const mendedByMapping: ReadonlySet<string> = new Set(['MCQ402', 'MCQ403', 'MCQ404', 'MCQ405']);

/** For all images at once: the folder that they are in is named in the side file. */
function mappingFor(
  { uri }: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  { code }: LintFinding,
): vscode.CodeAction[] {
  if (!mendedByMapping.has(code)) {
    return [];
  }
  const title = vscode.l10n.t('Map a folder of images…');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command: commandIds.mapImageRoot, arguments: [uri] };
  action.diagnostics = [diagnostic];
  return [action];
}

function codeOf({ code }: vscode.Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}
