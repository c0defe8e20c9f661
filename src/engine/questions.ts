import { UserError } from '../core/errors';
import { readDataset } from '../core/dataset/readDataset';
import type { Dataset, DatasetQuestion, ReadDatasetOptions } from '../core/dataset/readDataset';
import { predictedOption } from '../core/metrics/ranking';
import type { LongWork } from '../core/progress';
import { cosine, vectorOf } from './embedder';
import type { Embedder } from './embedder';
import type { TextEncoder } from './texts';
import type { NeededVolume, VolumeStore } from './volumeStore';

/** A question that can be learnt from or measured on: several options, one of them true. */
export type AnsweredQuestion = DatasetQuestion & { readonly truth: number };

/** How many lines a message names. */
const namedLines = 5;

/** The questions of a file, all of which must be answerable. @throws UserError `dataset-unanswered` */
export async function readAnsweredQuestions(
  path: string,
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
  return { dataset, questions: dataset.questions.filter(isAnswered) };
}

function isAnswered(question: DatasetQuestion): question is AnsweredQuestion {
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

/** What a model and its inputs need to answer questions. */
export interface AnsweringParts {
  readonly embedder: Embedder;
  readonly encoder: TextEncoder;
  readonly store: VolumeStore;
}

/** The logits of each question's options; each volume and each text passes the network once. */
export async function answerQuestions(
  { embedder, encoder, store }: AnsweringParts,
  questions: readonly Pick<DatasetQuestion, 'imagePath' | 'texts'>[],
  work: LongWork,
): Promise<number[][]> {
  const images = await embedder.embedVolumes(
    questions.map(({ imagePath }) => imagePath),
    store,
    work,
  );
  const texts = await embedder.embedTexts(
    questions.flatMap((question) => question.texts),
    encoder,
    work,
  );
  const scale = embedder.logitScale;
  return questions.map((question) =>
    question.texts.map(
      (text) => scale * cosine(vectorOf(images, question.imagePath), vectorOf(texts, text)),
    ),
  );
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
