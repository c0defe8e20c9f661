import * as vscode from 'vscode';
import type { FindingValues, LintFinding, Severity } from '../../core/dataset/lint';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Values that are words of ours, not the user's: they have a translation too. */
const translatedValues = new Set(['what', 'expected']);

/** A finding as the Problems view shows it, its code a link to the page on the rules. */
export function toDiagnostic(finding: LintFinding, rulesPage: vscode.Uri): vscode.Diagnostic {
  const { start, end } = finding.range;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(start.line, start.character, end.line, end.character),
    findingText(finding),
    severities[finding.severity],
  );
  diagnostic.source = 'ct-mcqa';
  diagnostic.code = { value: finding.code, target: rulesPage.with({ fragment: finding.code }) };
  return diagnostic;
}

/** Message and remedy in the language of the editor. */
function findingText({ template, values, remedy }: LintFinding): string {
  const translated = translateValues(values);
  const message = vscode.l10n.t(template, translated);
  return remedy === undefined ? message : `${message} ${vscode.l10n.t(remedy, translated)}`;
}

function translateValues(values: FindingValues): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && translatedValues.has(name) ? vscode.l10n.t(value) : value,
    ]),
  );
}
