import assert from 'node:assert/strict';
import fc from 'fast-check';
import { promptedText, textKey } from '../../../src/core/dataset/optionText';
import { patientOf } from '../../../src/core/dataset/volumeName';
import { Random } from '../../../src/core/random';
import { imageKey } from '../../../src/engine/embedder';
import type { ImageRequest } from '../../../src/engine/embedder';
import { mineHardNegatives, withMinedOptions } from '../../../src/engine/hardNegatives';
import type { AnsweringParts } from '../../../src/engine/matcher';
import type { AnsweredQuestion } from '../../../src/engine/questions';
import { tinyPreset } from './tinyCorpus';

/** A vector for a name, the same each time. */
function vectorOf(name: string): Float32Array {
  const random = Random.fromSeed(1, name);
  return Float32Array.from({ length: 3 }, () => random.normal());
}

/** A dual tower that gives every volume and every text some vector. */
const parts = {
  embedder: {
    preset: tinyPreset,
    logitScale: 1,
    embedVolumes: (requests: readonly ImageRequest[]) =>
      Promise.resolve({
        compared: new Map(requests.map((one) => [imageKey(one), vectorOf(one.imagePath)])),
        findings: new Map(),
      }),
    embedTexts: (texts: Iterable<string>) =>
      Promise.resolve(new Map([...texts].map((text) => [text, vectorOf(text)]))),
  },
} as unknown as AnsweringParts;

/** A question on a scan of `patient`; `says` are the numbers of the reports of its options. */
function questionOf(
  index: number,
  patient: number,
  says: readonly number[],
  mode: 'impression' | 'keywords' | 'yes_no',
): AnsweredQuestion {
  const texts = says.map((number) => `${mode} number ${number}.`);
  const imagePath = `train_${patient}_a_${index + 1}.nii.gz`;
  const options = texts.map((text, i) => ({ text, label: i === 0 ? 1 : 0 }) as const);
  return {
    id: `q${index}`,
    line: index + 1,
    imagePath,
    imageFound: true,
    texts,
    truth: 0,
    record: { image_path: imagePath, options, mode, metadata: { age: 20 + index } },
    hash: '',
  };
}

const corpora = fc
  .array(
    fc.record({
      patient: fc.integer({ min: 1, max: 6 }),
      says: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 3 }),
      mode: fc.constantFrom('impression', 'keywords', 'yes_no'),
    }),
    { minLength: 2, maxLength: 24 },
  )
  .map((some) => some.map(({ patient, says, mode }, i) => questionOf(i, patient, says, mode)));

const moment = { settings: {}, seed: 5, round: 0 };

describe('mined distractors', () => {
  it('are the most confusable true texts of other patients that say something else', async () => {
    await fc.assert(
      fc.asyncProperty(corpora, async (questions) => {
        const mined = await mineHardNegatives(parts, questions, moment, {});
        const after = withMinedOptions(questions, mined);
        for (const [index, question] of questions.entries()) {
          const { texts, record } = after[index];
          if (!Object.hasOwn(mined, question.id)) {
            assert.deepEqual(after[index], question);
            continue;
          }
          assert.equal(texts[0], question.texts[0]);
          assert.equal(new Set(texts.map(textKey)).size, texts.length);
          const image = vectorOf(question.imagePath);
          const logit = (text: string): number =>
            vectorOf(text).reduce((sum, value, i) => sum + value * image[i], 0);
          const open = questions.filter(
            (other) =>
              other.record.mode === question.record.mode &&
              patientOf(other.imagePath) !== patientOf(question.imagePath) &&
              other.texts[0] !== question.texts[0],
          );
          const best = [...new Set(open.map((other) => other.texts[0]))].sort(
            (a, b) => logit(b) - logit(a),
          );
          assert.deepEqual(texts.slice(1), best.slice(0, 2));
          assert.notEqual(question.record.mode, 'yes_no');
          record.options.slice(1).forEach(({ source, kind, label, text }, i) => {
            assert.notEqual(patientOf(source!), patientOf(question.imagePath));
            assert.deepEqual([kind, label, text], ['hard', 0, texts[i + 1]]);
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are the same for the same model, seed and round', async () => {
    const questions = Array.from({ length: 9 }, (_, i) =>
      questionOf(i, i, [i, i + 20, i + 40], 'keywords'),
    );
    const half = { settings: { share: 0.5 }, seed: 1, round: 0 };
    const one = await mineHardNegatives(parts, questions, half, {});
    assert.deepEqual(await mineHardNegatives(parts, questions, half, {}), one);
    assert.notDeepEqual(await mineHardNegatives(parts, questions, { ...half, seed: 2 }, {}), one);
    assert.ok(Object.values(one).every((options) => options.length === 1));
    // As a checkpoint keeps them.
    const kept = JSON.parse(JSON.stringify(one)) as typeof one;
    assert.deepEqual(withMinedOptions(questions, kept), withMinedOptions(questions, one));
  });

  it('start with the metadata of the scan in question, not of their own', async () => {
    const template = 'Age: {age}.';
    const questions = Array.from({ length: 6 }, (_, i) => {
      const plain = questionOf(i, i, [i, i + 20, i + 40], 'impression');
      const { metadata } = plain.record;
      const texts = plain.texts.map((text) => promptedText(text, 'impression', metadata, template));
      return { ...plain, texts, prompt: { bareTexts: plain.texts, template } };
    });
    const mined = await mineHardNegatives(parts, questions, moment, {});
    for (const [i, { texts, prompt }] of withMinedOptions(questions, mined).entries()) {
      assert.notDeepEqual(texts, questions[i].texts);
      texts.forEach((text, option) => {
        assert.equal(text, `Age: ${20 + i}. Impression: ${prompt!.bareTexts[option]}`);
      });
    }
  });
});
