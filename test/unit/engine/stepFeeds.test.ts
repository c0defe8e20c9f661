import assert from 'node:assert/strict';
import { stepInputs } from '../../../src/networks';
import type { AnsweredQuestion } from '../../../src/engine/questions';
import { fillArrays } from '../../../src/engine/stepFeeds';
import type { FeedSources } from '../../../src/engine/stepFeeds';

interface Option {
  readonly text: string;
  readonly source?: string;
}

/** A question on the scan of a patient whose first option is the true one. */
function questionOf(patient: number, truth: string, distractor: Option): AnsweredQuestion {
  const imagePath = `train_${patient}_a_1.nii.gz`;
  const texts = [truth, distractor.text];
  const options = [
    { text: truth, label: 1 },
    { ...distractor, label: 0 },
  ] as const;
  const record = { image_path: imagePath, options };
  return {
    ...{ id: `q${patient}`, line: 1, imagePath, imageFound: true, texts, truth: 0, hash: '' },
    record,
    metadata: [patient / 10, 0],
    findings: [1, -1, 0],
  };
}

/** Scans 1 and 2 say the same; the second patient's distractor is a report of the first. */
const questions = [
  questionOf(1, 'No nodule.', { text: 'A nodule.', source: 'train_9_a_1' }),
  questionOf(2, 'no NODULE', { text: 'Emphysema.', source: 'train_1_b_1' }),
  questionOf(3, 'Effusion.', { text: 'effusion, large' }),
];

const sources = (features: Record<string, number[]> = {}): FeedSources =>
  ({
    tokens: 2,
    features: new Map(
      Object.entries(features).map(([text, states]) => [text, Float32Array.from(states)]),
    ),
  }) as unknown as FeedSources;

async function filled(name: string, length: number, features = {}): Promise<number[]> {
  const arrays = { [name]: new Float32Array(length).fill(NaN) };
  await fillArrays(arrays, questions, sources(features));
  return [...arrays[name]];
}

describe('the inputs of a step', () => {
  it('leave out true texts of the batch that are no negatives', async () => {
    assert.deepEqual(await filled(stepInputs.allowedPairs, 9), [1, 0, 1, 0, 1, 1, 1, 1, 1]);
  });

  it('leave out options of the batch of the same patient or text, but never own ones', async () => {
    const rows = await filled(stepInputs.allowedPairs, 18);
    assert.deepEqual(rows.slice(0, 6), [1, 1, 0, 0, 1, 1]);
    assert.deepEqual(rows.slice(6, 12), [0, 1, 1, 1, 1, 1]);
    assert.deepEqual(rows.slice(12), [1, 1, 1, 1, 1, 1]);
  });

  it('hold metadata and findings', async () => {
    assert.deepEqual(
      (await filled(stepInputs.metadata, 6)).map((number) => Math.round(10 * number)),
      [1, 0, 2, 0, 3, 0],
    );
    assert.deepEqual(await filled(stepInputs.findings, 9), [1, -1, 0, 1, -1, 0, 1, -1, 0]);
  });

  it('hold the cached states of all tokens, with the mask they come with', async () => {
    // Two numbers a token, two tokens a text at most.
    const texts = questions.flatMap((question) => question.texts);
    const features = Object.fromEntries(
      texts.map((text, i) => [text, i % 2 === 0 ? [i, i, i, i] : [i, i]]),
    );
    const arrays = {
      [stepInputs.textFeatures]: new Float32Array(24).fill(NaN),
      [stepInputs.mask]: new Int32Array(12).fill(7),
    };
    await fillArrays(arrays, questions, sources(features));
    assert.deepEqual([...arrays[stepInputs.textFeatures]].slice(0, 8), [0, 0, 0, 0, 1, 1, 0, 0]);
    assert.deepEqual([...arrays[stepInputs.mask]], [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0]);
  });
});
