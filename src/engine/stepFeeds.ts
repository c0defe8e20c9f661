import { textKey } from '../core/dataset/optionText';
import { questionPatient } from '../core/dataset/record';
import { patientOf } from '../core/dataset/volumeName';
import { stepInputs } from '../networks';
import type { BatchLoader } from './batchLoader';
import { vectorOf } from './embedder';
import type { Vectors } from './embedder';
import type { AnsweredQuestion } from './questions';
import type { TextEncoder } from './texts';
import type { StepArrays } from './stepData';

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
  // Where they are the states of all tokens, the mask comes of them too.
  [stepInputs.textFeatures]: (arrays, questions, { features, tokens }) => {
    const states = arrays[stepInputs.textFeatures];
    const texts = optionTexts(questions);
    const each = states.length / texts.length;
    const mask = Object.hasOwn(arrays, stepInputs.mask) ? arrays[stepInputs.mask] : undefined;
    states.fill(0);
    mask?.fill(0);
    texts.forEach((text, row) => {
      const own = vectorOf(features, text).subarray(0, each);
      states.set(own, row * each);
      mask?.fill(1, row * tokens, row * tokens + (own.length / each) * tokens);
    });
  },
  [stepInputs.metadata]: (arrays, questions) => {
    arrays[stepInputs.metadata].set(questions.flatMap(({ metadata }) => metadata ?? []));
  },
  [stepInputs.findings]: (arrays, questions) => {
    arrays[stepInputs.findings].set(questions.flatMap(({ findings }) => findings ?? []));
  },
  [stepInputs.allowedPairs]: (arrays, questions) => {
    const pairs = arrays[stepInputs.allowedPairs];
    pairs.set(allowedPairs(questions, pairs.length === questions.length ** 2));
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

/** Whose a text of a batch is, and what it says. */
interface TextOrigin {
  /** The question that it is an option of. */
  readonly question: number;
  /** Undefined where the file does not say, or where it is made of a label. */
  readonly patient: string | undefined;
  readonly key: string | undefined;
}

/**
 * Row by row of scans: 1 where a text of the batch is an option of the scan's own question or may be
 * its negative, which is not of the same patient and does not say the same as the true text.
 *
 * @param trueOnly only the true texts of the batch, not all options
 */
function allowedPairs(questions: readonly AnsweredQuestion[], trueOnly: boolean): number[] {
  const options = questions.map((question, index) =>
    question.texts.map((_, option) => originOf(question, index, option)),
  );
  const truths = options.map((own, index) => own[questions[index].truth]);
  const texts = trueOnly ? truths : options.flat();
  return truths.flatMap((scan) =>
    texts.map((text) =>
      Number(
        text.question === scan.question || (text.patient !== scan.patient && text.key !== scan.key),
      ),
    ),
  );
}

function originOf(
  { texts, prompt, truth, record }: AnsweredQuestion,
  question: number,
  option: number,
): TextOrigin {
  const { ref, source = ref } = record.options[option];
  const ofOther = source === undefined ? undefined : patientOf(source);
  const patient = option === truth ? questionPatient(record) : ofOther;
  return { question, patient, key: textKey((prompt?.bareTexts ?? texts)[option]) };
}

/** The texts of all options, row by row of [B, K]. */
function optionTexts(questions: readonly AnsweredQuestion[]): string[] {
  return questions.flatMap(({ texts }) => texts);
}
