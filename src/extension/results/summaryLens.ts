import { basename } from 'node:path';
import * as vscode from 'vscode';
import { predictionsPath } from '../../core/dataset/predictions';
import { commandIds } from '../ids';
import type { Services } from '../services';
import { percent } from './outcome';

/** One line above the first question: whose answers are shown, and how many are right. */
export class SummaryLens implements vscode.CodeLensProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly services: Services) {
    services.disposables.add(this.changed);
    services.disposables.add(
      services.predictions.onDidChange(() => {
        this.changed.fire();
      }),
    );
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const answers = await this.services.predictions.answersFor(document);
    if (answers === undefined) {
      return [];
    }
    const { correct, judged, answered } = answers.counts;
    const title =
      judged === 0
        ? vscode.l10n.t('Run {0} answered {1} questions', answers.run, answered)
        : vscode.l10n.t(
            'Run {0} answered {1} of {2} questions right ({3})',
            answers.run,
            correct,
            judged,
            percent(correct / judged),
          );
    return [
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
        title,
        tooltip: basename(predictionsPath(document.uri.fsPath)),
        command: commandIds.showRun,
        arguments: [answers.run],
      }),
    ];
  }
}
