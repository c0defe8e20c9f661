import { stepInputs } from '../networks';
import type { BatchLoader } from './batchLoader';
import { vectorOf } from './embedder';
import type { Vectors } from './embedder';
import type { AnsweredQuestion } from './questions';
import type { TextEncoder } from './texts';
import type { StepArrays } from './trainingRunner';

/** What the arrays of a step are filled from. */
export interface FeedSources {
  /** Has the volumes of the batches to come. */
  readonly volumes: Pick<BatchLoader, 'next'>;
  readonly encoder: TextEncoder;
  /** Length of a token row. */
  readonly tokens: number;
  /** Ready-made text states, where the step reads them; else empty. */
  readonly features: Vectors;
}

/** Writes what one input of a step needs of the questions of a batch into its array. */
type Feed = (
  arrays: StepArrays,
  questions: readonly AnsweredQuestion[],
  sources: FeedSources,
) => Promise<void> | void;

/** One entry for each data input that a training step can have. */
const feeds: Readonly<Record<string, Feed>> = {
  [stepInputs.volume]: (arrays, questions, { volumes }) =>
    volumes.next(questions, arrays[stepInputs.volume] as Float32Array),
  [stepInputs.label]: (arrays, questions) => {
    arrays[stepInputs.label].set(questions.map(({ truth }) => truth));
  },
  // Writes the mask too: both come of one look at the text.
  [stepInputs.ids]: (arrays, questions, { encoder, tokens }) => {
    const ids = arrays[stepInputs.ids] as Int32Array;
    const mask = arrays[stepInputs.mask] as Int32Array;
    optionTexts(questions).forEach((text, row) => {
      encoder.fillRow(text, row, tokens, ids, mask);
    });
  },
  [stepInputs.mask]: () => undefined,
  [stepInputs.textFeatures]: (arrays, questions, { features }) => {
    optionTexts(questions).forEach((text, row) => {
      const vector = vectorOf(features, text);
      arrays[stepInputs.textFeatures].set(vector, row * vector.length);
    });
  },
};

/** Fills the arrays of a step with a batch. */
export async function fillArrays(
  arrays: StepArrays,
  questions: readonly AnsweredQuestion[],
  sources: FeedSources,
): Promise<void> {
  for (const name of Object.keys(arrays)) {
    await feeds[name](arrays, questions, sources);
  }
}

/** The texts of all options, row by row of [B, K]. */
function optionTexts(questions: readonly AnsweredQuestion[]): string[] {
  return questions.flatMap(({ texts }) => texts);
}
