import { resolve } from 'node:path';
import { reportText } from '../core/dataset/optionText';
import { readDataset } from '../core/dataset/readDataset';
import { readReports } from '../core/dataset/tables';
import { volumeStem } from '../core/dataset/volumeName';
import { UserError } from '../core/errors';
import { softmax } from '../core/metrics/ranking';
import type { LongWork } from '../core/progress';
import type { ScoredText, ScoreOptions, ScoreResult } from '../core/run';
import { mergePredictions, prediction, predictionHeader } from './predictionFile';
import { answerQuestions } from './questions';
import { openRun } from './run';
import type { Run } from './run';
import { explainStorageError } from './storageErrors';

/** A text to score, and what is known of it. */
type Candidate = Pick<ScoredText, 'label' | 'text' | 'truth'>;

interface ScoredCandidates {
  readonly candidates: readonly Candidate[];
  readonly logits: readonly number[];
  readonly predictions?: string;
}

/**
 * Ranks texts for one volume: the options of its questions in a data set, or all reports of a table.
 * @throws UserError `volume-without-questions`, those of `openRun` and of reading the files
 */
export async function scoreVolume(options: ScoreOptions, work: LongWork): Promise<ScoreResult> {
  const run = await openRun(options.run, options);
  try {
    const { texts } = options;
    const { candidates, logits, predictions } =
      texts.kind === 'dataset'
        ? await scoreQuestions(run, options, texts, work)
        : await scoreReports(run, options.volume, texts.path, work);
    const probabilities = softmax(logits);
    const ranking = candidates
      .map((candidate, i) => ({
        ...candidate,
        logit: logits[i],
        probability: probabilities[i],
      }))
      .sort((a, b) => b.logit - a.logit);
    return {
      volume: options.volume,
      run: run.folder.path,
      texts: ranking.length,
      ranking: ranking.slice(0, options.top),
      ...(predictions !== undefined && { predictions }),
      modelHash: run.modelHash,
      preprocessing: run.description.preprocessing,
      text: run.description.text,
    };
  } catch (error) {
    throw explainStorageError(error, options.run);
  } finally {
    await run.dispose();
  }
}

/** The logits of `texts` for one volume, and their softmax. */
export async function scoreTexts(
  run: Run,
  volume: string,
  texts: readonly string[],
  work: LongWork,
): Promise<{ readonly logits: readonly number[]; readonly probabilities: readonly number[] }> {
  await run.encoder.prepare(texts, work);
  const [logits] = await answerQuestions(run, [{ imagePath: volume, texts: [...texts] }], work);
  return { logits, probabilities: softmax(logits) };
}

async function scoreQuestions(
  run: Run,
  { volume, imageRoots }: ScoreOptions,
  { path, predictions }: { readonly path: string; readonly predictions?: string },
  work: LongWork,
): Promise<ScoredCandidates> {
  const dataset = await readDataset(path, work, { ...(imageRoots && { imageRoots }) });
  const questions = dataset.questions.filter(
    ({ imagePath }) => resolve(imagePath) === resolve(volume),
  );
  if (questions.length === 0) {
    throw new UserError(
      'volume-without-questions',
      `${path} has no question about ${volume}.`,
      'Choose another data set, or rank the rows of a reports table.',
    );
  }
  await run.encoder.prepare(
    questions.flatMap(({ texts }) => texts),
    work,
  );
  const answers = await answerQuestions(run, questions, work);
  if (predictions !== undefined) {
    const rows = questions.map((question, i) => prediction(question, answers[i]));
    await mergePredictions(predictions, predictionHeader(run, path), rows);
  }
  return {
    candidates: questions.flatMap(({ id, texts, truth }) =>
      texts.map((text, option) => ({
        label: `${id} ${optionLetter(option)}`,
        text,
        ...(truth !== null && { truth: option === truth }),
      })),
    ),
    logits: answers.flat(),
    ...(predictions !== undefined && { predictions }),
  };
}

async function scoreReports(
  run: Run,
  volume: string,
  path: string,
  work: LongWork,
): Promise<ScoredCandidates> {
  const own = volumeStem(volume);
  const rows = await readReports(path, work);
  const isListed = rows.some((row) => row.volume === own);
  const candidates = rows
    .map((row) => ({
      label: row.volume,
      text: reportText(row, run.description.textMode),
      ...(isListed && { truth: row.volume === own }),
    }))
    .filter(({ text }) => text !== '');
  const { logits } = await scoreTexts(
    run,
    volume,
    candidates.map(({ text }) => text),
    work,
  );
  return { candidates, logits };
}

/** A, B, ... Z, then 27, 28, ... */
function optionLetter(option: number): string {
  return option < 26 ? String.fromCodePoint(65 + option) : String(option + 1);
}
