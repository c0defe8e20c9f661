import { basename } from 'node:path';
import * as vscode from 'vscode';
import { predictionsPath } from '../../core/dataset/predictions';
import type { ScoreOptions, ScoreResult } from '../../core/run';
import { imageRootsOf } from '../language/surroundings';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { setting } from '../settings';
import { scoresView, showScores } from '../views';
import { choose, chooseTable, chooseVolume } from './choose';
import { linesOfQuestions, mentionsVolume } from './questionsOfVolume';
import { chooseRun, modelsFolder } from './runs';

/** What another command or a test may settle beforehand. */
export interface ScoreArguments {
  readonly run?: string;
  /** A question file or a reports table. */
  readonly texts?: vscode.Uri;
}

/** The texts the panel can show; the rest is in the ranking of the command line. */
const mostShown = 200;

/** Ranks the options of a volume's questions, or the reports of a table, and shows them. */
export async function scoreReports(
  services: Services,
  file?: unknown,
  given?: unknown,
): Promise<ScoreResult> {
  const { run: runGiven, texts: textsGiven }: ScoreArguments = Array.isArray(given)
    ? {}
    : (given ?? {});
  const volume = await chooseVolume(file, vscode.l10n.t('Score reports for which volume?'));
  const run = await chooseRun(services, {
    title: vscode.l10n.t('Score with which run?'),
    file: volume,
    given: runGiven,
    readyOnly: true,
  });
  const texts = asTexts(textsGiven ?? (await chooseTexts(volume)));
  const textsFile = vscode.Uri.file(texts.path);
  const imageRoots = imageRootsOf(textsFile);
  const result = await withProgress(vscode.l10n.t('Scoring {0}', basename(volume.fsPath)), (work) =>
    services.workers.request(
      'score',
      {
        modelsFolder: modelsFolder(services),
        run: run.folder,
        volume: volume.fsPath,
        imageRoots,
        device: setting('device', volume),
        texts,
        top: mostShown,
      },
      work,
    ),
  );
  if (result.predictions !== undefined) {
    services.predictions.noteWritten(result.predictions);
  }
  const lines =
    texts.kind === 'dataset'
      ? await linesOfQuestions(texts.path, volume.fsPath, imageRoots)
      : undefined;
  const view = scoresView(result, {
    title: vscode.workspace.asRelativePath(textsFile),
    runFolder: run.folder,
    ...(result.predictions !== undefined && { predictions: result.predictions }),
    placeOf: (question) => {
      const line = lines?.get(question);
      return line === undefined ? undefined : { path: texts.path, line };
    },
  });
  showScores(services, volume.fsPath, { state: 'ready', view });
  return result;
}

/** What to rank; the answers to questions go into the predictions file beside them. */
function asTexts({ fsPath }: vscode.Uri): ScoreOptions['texts'] {
  return /\.csv$/i.test(fsPath)
    ? { kind: 'reports', path: fsPath }
    : { kind: 'dataset', path: fsPath, predictions: predictionsPath(fsPath) };
}

/** Question files that have questions on the volume, or a reports table. */
async function chooseTexts(volume: vscode.Uri): Promise<vscode.Uri> {
  const items = vscode.workspace
    .findFiles('**/*.mcqa.jsonl', undefined, 200)
    .then(async (files) => {
      const mentions = await Promise.all(
        files.map(({ fsPath }) => mentionsVolume(fsPath, volume.fsPath)),
      );
      return [
        ...files
          .filter((_, index) => mentions[index])
          .map((uri) => ({
            label: `$(checklist) ${vscode.workspace.asRelativePath(uri)}`,
            description: vscode.l10n.t('the options of its questions on this volume'),
            uri: uri,
          })),
        {
          label: `$(table) ${vscode.l10n.t('A reports table…')}`,
          description: vscode.l10n.t('all reports of a CSV file'),
          uri: undefined,
        },
      ];
    });
  const { uri } = await choose(vscode.l10n.t('Rank which texts?'), Promise.resolve(items));
  return uri ?? chooseTable(undefined, vscode.l10n.t('Rank the reports of which table?'));
}
