import * as vscode from 'vscode';
import type { FindingValues, LintFinding, Severity } from '../../core/dataset/lint';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

/** Values that are words of ours, not the user's: they have a translation too. */
const translatedValues = new Set(['what', 'expected', 'which', 'language', 'other', 'usual']);

/** A finding as the Problems view shows it, its code a link to the page on the rules. */
export function toDiagnostic(finding: LintFinding, rulesPage: vscode.Uri): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    rangeOf(finding.range),
    findingText(finding),
    severities[finding.severity],
  );
  diagnostic.source = 'ct-mcqa';
  diagnostic.code = { value: finding.code, target: rulesPage.with({ fragment: finding.code }) };
  return diagnostic;
}

/** Message and remedy in the language of the editor. */
function findingText({ template, values, remedy }: LintFinding): string {
  const message = findingWords(template, values);
  return remedy === undefined ? message : `${message} ${findingWords(remedy, values)}`;
}

/** A template of a rule in the language of the editor, filled in. */
export function findingWords(template: string, values: FindingValues): string {
  return vscode.l10n.t(template, translateValues(values));
}

export function rangeOf({ start, end }: LintFinding['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function translateValues(values: FindingValues): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' && translatedValues.has(name) ? vscode.l10n.t(value) : value,
    ]),
  );
}
