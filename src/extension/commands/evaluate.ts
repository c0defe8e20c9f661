import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { EvaluateAnswer, EvaluateResult } from '../../core/run';
import { imageRootsOf } from '../language/surroundings';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { setting } from '../settings';
import { chooseQuestionFile } from './choose';
import { chooseRun, modelsFolder } from './runs';

/** Has a run answer the questions of a file; the answers then stand on the questions. */
export async function evaluate(
  services: Services,
  file?: unknown,
  given?: unknown,
): Promise<EvaluateAnswer> {
  const dataset = await chooseQuestionFile(file, vscode.l10n.t('Evaluate on which questions?'));
  const run = await chooseRun(services, {
    title: vscode.l10n.t('Evaluate which run?'),
    file: dataset,
    given: (given as { run?: unknown } | undefined)?.run,
    readyOnly: true,
  });
  const answer = await withProgress(
    vscode.l10n.t('Evaluating {0} on {1}', run.name, basename(dataset.fsPath)),
    (work) =>
      services.workers.request(
        'evaluate',
        {
          modelsFolder: modelsFolder(services),
          run: run.folder,
          dataset: dataset.fsPath,
          imageRoots: imageRootsOf(dataset),
          device: setting('device', dataset),
        },
        work,
      ),
  );
  services.predictions.noteWritten(answer.predictions);
  void tellResult(dataset, run.name, answer.result);
  return answer;
}

async function tellResult(dataset: vscode.Uri, run: string, result: EvaluateResult): Promise<void> {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const [low, high] = result.top1_ci;
  const open = vscode.l10n.t('Show Questions');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Run {0}: {1} of {2} questions right (95 % interval {3} to {4}; chance {5}; from the texts alone {6}).',
      run,
      percent(result.top1),
      result.questions,
      percent(low),
      percent(high),
      percent(result.chance),
      percent(result.text_only_top1),
    ),
    open,
  );
  if (chosen === open) {
    await vscode.window.showTextDocument(dataset);
  }
}
