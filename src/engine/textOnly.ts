import { throwIfCancelled, UserError } from '../core/errors';
import { softmax } from '../core/metrics/ranking';
import { yieldToEvents } from '../core/progress';
import { readSafetensors, writeSafetensors } from './safetensors';

/*
 * The baseline that answers without looking: a linear model on the words of an option, trained on
 * the training questions. If it beats chance on held-out questions, the distractors give themselves
 * away, and a high top-1 does not show that the image was read (in natural language inference this
 * is the "hypothesis only" baseline: Poliak et al., *SEM 2018; Gururangan et al., NAACL 2018).
 *
 * A baseline of its own is the honest choice: blinding the trained network (feeding it a mean image)
 * tells what that network leans on, not what the texts give away. Nothing of the questions that are
 * evaluated is used to fit it.
 */

export const textOnlyMethod =
  'linear model on the words of each option, fit on the training questions without images';

/** One question as the baseline sees it: token ids of each option, and which is true. */
export interface TextQuestion {
  readonly options: readonly Int32Array[];
  readonly truth: number;
}

/** Questions used to fit it; more do not change a linear model much. */
const maxQuestions = 5000;
const iterations = 60;
/** AdaGrad's step (Duchi et al. 2011): rare words get large steps, common ones small. */
const stepSize = 0.3;
/** L2 penalty per question: keeps words seen once from deciding. */
const penalty = 1e-3;

/**
 * Fits the weights by full-batch AdaGrad on the softmax cross-entropy over options, where an option's
 * logit is the sum of the weights of its distinct tokens divided by the root of their number.
 * @returns one weight per token id
 */
export async function fitTextOnly(
  questions: readonly TextQuestion[],
  vocabularySize: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const bags = questions.slice(0, maxQuestions).map(({ options, truth }) => ({
    options: options.map(distinct),
    truth,
  }));
  const weights = new Float32Array(vocabularySize);
  const squares = new Float32Array(vocabularySize);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gradient = weights.map((weight) => weight * penalty);
    for (const { options, truth } of bags) {
      softmax(options.map((option) => bagLogit(weights, option))).forEach((probability, i) => {
        const share =
          (probability - (i === truth ? 1 : 0)) / bags.length / Math.sqrt(options[i].length);
        for (const token of options[i]) {
          gradient[token] += share;
        }
      });
    }
    gradient.forEach((value, token) => {
      if (value !== 0) {
        squares[token] += value * value;
        weights[token] -= (stepSize * value) / Math.sqrt(squares[token]);
      }
    });
    await yieldToEvents();
    throwIfCancelled(signal);
  }
  return weights;
}

/** The baseline's logit of an option. */
export function textOnlyLogit(weights: Float32Array, tokens: Int32Array): number {
  return bagLogit(weights, distinct(tokens));
}

export async function saveTextOnly(path: string, weights: Float32Array): Promise<void> {
  await writeSafetensors(path, {
    tensors: new Map([['weight', { shape: [weights.length], data: weights }]]),
    metadata: { format: 'ct-mcqa-text-only-1', method: textOnlyMethod },
  });
}

/** @throws UserError `text-only-missing` */
export async function loadTextOnly(path: string): Promise<Float32Array> {
  const content = await readSafetensors(path).catch((error: unknown) => {
    throw missing(path, error);
  });
  const weights = content.tensors.get('weight')?.data;
  if (!(weights instanceof Float32Array)) {
    throw missing(path);
  }
  return weights;
}

function missing(path: string, cause?: unknown): UserError {
  return new UserError(
    'text-only-missing',
    `The run has no text-only baseline: ${path} is missing or damaged.`,
    'Train the run again.',
    cause,
  );
}

function distinct(tokens: Int32Array): Int32Array {
  return Int32Array.from(new Set(tokens));
}

function bagLogit(weights: Float32Array, bag: Int32Array): number {
  let sum = 0;
  for (const token of bag) {
    sum += weights[token];
  }
  return sum / Math.sqrt(bag.length);
}
