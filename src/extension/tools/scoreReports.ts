import * as vscode from 'vscode';
import { findRun, listRuns, modelsFolder, noRuns } from '../commands/runs';
import { imageRootsOf } from '../language/surroundings';
import { setting } from '../settings';
import { requireTrust } from '../trust';
import { limited, shortened, Tool } from './tool';

interface ScoreInput {
  readonly volume: string;
  readonly texts: string;
  readonly run?: string;
  readonly top?: number;
}

const usualTop = 10;
const mostTop = 50;
const longestText = 200;

/** `score_reports`: ranks texts for a volume; writes nothing. */
export class ScoreReportsTool extends Tool<ScoreInput> {
  protected question({ volume, texts }: ScoreInput): { title: string; message: string } {
    return {
      title: vscode.l10n.t('Score reports'),
      message: vscode.l10n.t('Run a trained model on {0} with the texts of {1}?', volume, texts),
    };
  }

  protected async answer(input: ScoreInput, signal: AbortSignal): Promise<string> {
    requireTrust();
    const volume = this.file(input.volume, ['.nii', '.nii.gz']);
    const texts = this.file(input.texts, ['.mcqa.jsonl', '.csv']);
    const runs = (await listRuns(this.services, volume)).filter(({ ready }) => ready);
    const newest = runs.at(0);
    if (newest === undefined) {
      throw noRuns();
    }
    const run = input.run === undefined ? newest : findRun(runs, input.run);
    const kind = /\.csv$/i.test(texts.path) ? ('reports' as const) : ('dataset' as const);
    const result = await this.services.workers.request(
      'score',
      {
        modelsFolder: modelsFolder(this.services),
        run: run.folder,
        volume: volume.fsPath,
        imageRoots: imageRootsOf(texts),
        device: setting('device', volume),
        texts: { kind, path: texts.fsPath },
        top: limited(input.top, usualTop, mostTop),
      },
      { signal },
    );
    return JSON.stringify({
      volume: vscode.workspace.asRelativePath(volume),
      run: run.name,
      texts: result.texts,
      ranking: result.ranking.map(({ question, label, text, probability, logit, truth }) => ({
        ...(question !== undefined && { question }),
        label,
        probability: Number(probability.toFixed(4)),
        logit: Number(logit.toFixed(3)),
        ...(truth !== undefined && { true_text: truth }),
        text: shortened(text, longestText),
      })),
    });
  }
}
