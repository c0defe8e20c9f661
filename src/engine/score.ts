import { optionLetter } from '../core/dataset/optionLetter';
import { reportText } from '../core/dataset/optionText';
import { readDataset } from '../core/dataset/readDataset';
import type { Dataset } from '../core/dataset/readDataset';
import { suggestSources } from '../core/dataset/suggestSources';
import { readReports } from '../core/dataset/tables';
import { volumeStem } from '../core/dataset/volumeName';
import { UserError } from '../core/errors';
import { softmax } from '../core/metrics/ranking';
import type { LongWork } from '../core/progress';
import type { ScoredText, ScoreOptions, ScoreResult } from '../core/run';
import { isSamePath } from '../core/storage/samePath';
import { mergePredictions, prediction, predictionHeader } from './predictionFile';
import { metadataInputs, questionsFor, textWithoutScan } from './modelQuestions';
import { answerQuestions, lookUpRescale } from './questions';
import { openRun } from './run';
import type { Run } from './run';

/** Texts to rank against each other: the options of a question, or the reports of a table. */
interface Contest {
  readonly question?: string;
  readonly texts: readonly Pick<ScoredText, 'label' | 'text' | 'truth'>[];
  readonly logits: readonly number[];
}

/**
 * Ranks texts for one volume: the options of its questions in a data set, or all reports of a table.
 * @throws UserError `volume-without-questions`, those of `openRun` and of reading the files
 */
export async function scoreVolume(options: ScoreOptions, work: LongWork): Promise<ScoreResult> {
  const run = await openRun(options.run, options);
  try {
    const { texts } = options;
    const contests =
      texts.kind === 'dataset'
        ? await scoreQuestions(run, options, texts, work)
        : [await scoreReports(run, options, texts.path, work)];
    return {
      volume: options.volume,
      run: run.folder.path,
      texts: contests.reduce((sum, contest) => sum + contest.texts.length, 0),
      ranking: contests.flatMap((contest) => rank(contest).slice(0, options.top)),
      ...(texts.kind === 'dataset' &&
        texts.predictions !== undefined && { predictions: texts.predictions }),
      modelHash: run.modelHash,
      preprocessing: run.description.preprocessing,
      text: run.description.text,
    };
  } finally {
    await run.dispose();
  }
}

/** The texts of a contest, best first. */
function rank({ question, texts, logits }: Contest): ScoredText[] {
  const probabilities = softmax(logits);
  return texts
    .map((text, i) => ({
      ...text,
      ...(question !== undefined && { question }),
      logit: logits[i],
      probability: probabilities[i],
    }))
    .sort((a, b) => b.logit - a.logit);
}

/**
 * A question file with the questions about one volume only.
 * @throws UserError `volume-without-questions`, those of `readDataset`
 */
export async function readOwnQuestions(
  path: string,
  volume: string,
  imageRoots: readonly string[] | undefined,
  work: LongWork,
): Promise<Dataset> {
  const dataset = await readDataset(path, work, { ...(imageRoots && { imageRoots }) });
  const questions = dataset.questions.filter(({ imagePath }) => isSamePath(imagePath, volume));
  if (questions.length === 0) {
    throw new UserError(
      'volume-without-questions',
      `${path} has no question about ${volume}.`,
      'Choose another data set, or rank the rows of a reports table.',
    );
  }
  return { ...dataset, questions };
}

async function scoreQuestions(
  run: Run,
  { volume, imageRoots, metadata }: ScoreOptions,
  { path, predictions }: { readonly path: string; readonly predictions?: string },
  work: LongWork,
): Promise<Contest[]> {
  const dataset = await readOwnQuestions(path, volume, imageRoots, work);
  await lookUpRescale(run.store, { dataset }, { metadata }, work);
  const own = dataset.questions;
  const questions = await questionsFor(run.description.preset, dataset, work);
  await run.encoder.prepare(
    questions.flatMap(({ texts }) => texts),
    work,
  );
  const answers = await answerQuestions(run, questions, work);
  if (predictions !== undefined) {
    const rows = questions.map((question, i) => prediction(question, answers[i]));
    await mergePredictions(predictions, predictionHeader(run, path), rows);
  }
  return own.map(({ id, texts, truth }, i) => ({
    question: id,
    texts: texts.map((text, option) => ({
      label: optionLetter(option),
      text,
      ...(truth !== null && { truth: option === truth }),
    })),
    logits: answers[i],
  }));
}

async function scoreReports(
  run: Run,
  { volume, metadata }: ScoreOptions,
  path: string,
  work: LongWork,
): Promise<Contest> {
  await lookUpRescaleBeside(run, { volume, metadata }, path, work);
  const own = volumeStem(volume);
  const rows = await readReports(path, work);
  const isListed = rows.some((row) => row.volume === own);
  const texts = rows
    .map((row) => ({
      label: row.volume,
      text: reportText(row, run.description.textMode),
      ...(isListed && { truth: row.volume === own }),
    }))
    .filter(({ text }) => text !== '');
  const { preset, textMode } = run.description;
  // A table of reports says nothing of the volume: its metadata count as missing.
  const question = {
    imagePath: volume,
    texts: texts.map(({ text }) => textWithoutScan(preset, text, textMode)),
    ...metadataInputs(preset, undefined),
  };
  await run.encoder.prepare(question.texts, work);
  const [logits] = await answerQuestions(run, [question], work);
  return { texts, logits };
}

/** A reports table names no metadata table; the one of the same data set lies beside it. */
async function lookUpRescaleBeside(
  { description, store }: Run,
  { volume, metadata }: Pick<ScoreOptions, 'volume' | 'metadata'>,
  reports: string,
  work: LongWork,
): Promise<void> {
  if (description.rescale === 'csv') {
    const table = metadata ?? (await suggestSources(reports)).metadata;
    await store.lookUpRescale([volume], table, work);
  }
}
