import { besideSideFile } from '../core/dataset/sideFile';
import { UserError } from '../core/errors';
import { readDataset } from '../core/dataset/readDataset';
import type { Dataset, DatasetQuestion, ReadDatasetOptions } from '../core/dataset/readDataset';
import { predictedOption } from '../core/metrics/ranking';
import type { ModelPreset } from '../core/preset';
import type { LongWork } from '../core/progress';
import { matchers } from './matcher';
import type { Answer, AnsweringParts, AskedQuestion } from './matcher';
import { questionsFor } from './modelQuestions';
import type { ModelInputs } from './modelQuestions';
import type { NeededVolume, VolumeStore } from './volumeStore';

/** A question that can be learnt from or measured on: several options, one of them true. */
export type AnsweredQuestion = DatasetQuestion & ModelInputs & { readonly truth: number };

/** How many lines a message names. */
const namedLines = 5;

/**
 * The questions of a file as a model of the preset reads them; all must be answerable.
 * @throws UserError `dataset-unanswered`, those of `readDataset` and of the labels table
 */
export async function readAnsweredQuestions(
  path: string,
  preset: ModelPreset,
  work: LongWork,
  images: ReadDatasetOptions = {},
): Promise<{ readonly dataset: Dataset; readonly questions: readonly AnsweredQuestion[] }> {
  const dataset = await readDataset(path, work, images);
  const unusable = dataset.questions.filter((question) => !isAnswered(question));
  if (unusable.length > 0 || dataset.questions.length === 0) {
    const lines = unusable.slice(0, namedLines).map(({ line }) => line);
    throw new UserError(
      'dataset-unanswered',
      unusable.length === 0
        ? `${path} has no questions.`
        : `${unusable.length} questions of ${path} have not exactly one true option among several (line ${lines.join(', ')}${unusable.length > lines.length ? ', ...' : ''}).`,
      'Check the file with "ct-mcqa lint" and correct it.',
    );
  }
  const questions = await questionsFor(preset, dataset, work);
  return { dataset, questions: questions.filter(isAnswered) };
}

function isAnswered<Q extends DatasetQuestion>(question: Q): question is Q & { truth: number } {
  return question.truth !== null && question.texts.length > 1;
}

/** Each volume once, with the first question that needs it. */
export function neededVolumes(questions: readonly DatasetQuestion[]): NeededVolume[] {
  const needed = new Map<string, NeededVolume>();
  for (const { imagePath, id } of questions) {
    if (!needed.has(imagePath)) {
      needed.set(imagePath, { path: imagePath, question: id });
    }
  }
  return [...needed.values()];
}

/**
 * Reads slope and intercept of the volumes of a question file, where the store needs them: from
 * `metadata`, or the table that the side file names.
 * @throws UserError as `tableRescales`
 */
export async function lookUpRescale(
  store: VolumeStore,
  { dataset: { path, sideFile, questions } }: { readonly dataset: Dataset },
  { metadata }: { readonly metadata?: string },
  work: LongWork,
): Promise<void> {
  const named =
    sideFile?.metadata === undefined ? undefined : besideSideFile(path, sideFile.metadata);
  const volumes = neededVolumes(questions).map((volume) => volume.path);
  await store.lookUpRescale(volumes, metadata ?? named, work);
}

/** The logits of each question's options; each volume and each text passes the network once. */
export async function answerQuestions(
  parts: AnsweringParts,
  questions: readonly AskedQuestion[],
  work: LongWork,
): Promise<number[][]> {
  return (await answersTo(parts, questions, work)).map(({ logits }) => logits);
}

/** As {@link answerQuestions}, with the logits of the findings where the model classifies. */
export async function answersTo(
  parts: AnsweringParts,
  questions: readonly AskedQuestion[],
  work: LongWork,
): Promise<Answer[]> {
  const answers = new Array<Answer>(questions.length);
  const { kind } = parts.embedder.preset.fusion;
  await matchers[kind](parts, questions, work, (index, answer) => {
    answers[index] = answer;
  });
  return answers;
}

/** Mean cross-entropy and share of right answers. */
export function lossAndAccuracy(
  logits: readonly (readonly number[])[],
  truths: readonly number[],
): { readonly loss: number; readonly accuracy: number } {
  let loss = 0;
  let right = 0;
  logits.forEach((row, question) => {
    const truth = truths[question];
    const highest = Math.max(...row);
    const sum = row.reduce((total, logit) => total + Math.exp(logit - highest), 0);
    loss += Math.log(sum) + highest - row[truth];
    right += predictedOption(row) === truth ? 1 : 0;
  });
  return { loss: loss / logits.length, accuracy: right / logits.length };
}
