import * as vscode from 'vscode';
import type { LintFinding, Severity } from '../../core/dataset/lint';
import { formatMessage } from '../../core/dataset/lint';
import { limited, shortened, Tool } from './tool';

interface ValidateInput {
  readonly path: string;
  readonly limit?: number;
}

const usualFindings = 20;
const mostFindings = 100;
const longestMessage = 300;

/** `validate_mcq_dataset`: what the linter finds in a question file. */
export class ValidateDatasetTool extends Tool<ValidateInput> {
  protected question({ path }: ValidateInput): { title: string; message: string } {
    return {
      title: vscode.l10n.t('Check question file'),
      message: vscode.l10n.t('Check the questions in {0}? The file is not changed.', path),
    };
  }

  protected async answer({ path, limit }: ValidateInput, signal: AbortSignal): Promise<string> {
    const dataset = this.file(path, ['.mcqa.jsonl']);
    const findings = await this.services.lint.checkFile(dataset, { signal });
    const listed = limited(limit, usualFindings, mostFindings);
    const count = (severity: Severity): number =>
      findings.filter((finding) => finding.severity === severity).length;
    return JSON.stringify({
      path: vscode.workspace.asRelativePath(dataset),
      errors: count('error'),
      warnings: count('warning'),
      notes: count('info'),
      findings: bySeverity(findings).slice(0, listed).map(forModel),
      ...(findings.length > listed && { not_listed: findings.length - listed }),
    });
  }
}

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first: a short list must not be filled with lesser things. */
function bySeverity(findings: readonly LintFinding[]): LintFinding[] {
  return [...findings].sort((a, b) => order[a.severity] - order[b.severity]);
}

function forModel({ line, severity, code, message, remedy, values }: LintFinding): object {
  return {
    line: line + 1,
    severity,
    code,
    message: shortened(message, longestMessage),
    ...(remedy !== undefined && { remedy: formatMessage(remedy, values) }),
  };
}
