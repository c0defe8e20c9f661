import assert from 'node:assert/strict';
import fc from 'fast-check';
import { planQuestions } from '../../../src/core/dataset/planQuestions';
import type { PlannedQuestion, Source } from '../../../src/core/dataset/planQuestions';
import { result } from './fixtures';

const findings = ['Cardiomegaly', 'Emphysema', 'Lung nodule'];

/** A scan a patient; `labels` has 1 shown, 0 not shown, 2 not known for each finding. */
function sourceOf(labels: readonly number[], index: number): Source {
  const volume = `train_${index + 1}_a_1`;
  const named = (value: number): string[] => findings.filter((_, i) => labels[i] === value);
  return {
    report: { volume, clinicalInformation: '', technique: '', findings: '', impression: '' },
    patient: `train_${index + 1}`,
    imagePath: `${volume}.nii.gz`,
    labels: { positive: named(1), negative: named(0) },
  };
}

function planned(
  sources: readonly Source[],
  questionsPerVolume: number,
  prompts?: 'statement' | 'question' | 'mixed',
): readonly PlannedQuestion[] {
  const settings = { mode: 'yes_no', options: 2, questionsPerVolume, seed: 3 } as const;
  return result(planQuestions(sources, { ...settings, ...(prompts && { prompts }) })).parts[0]
    .questions;
}

const shownAndNot = [sourceOf([1, 0, 0], 0), sourceOf([0, 1, 0], 1)];

describe('yes/no questions', () => {
  const corpora = fc.array(
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
    {
      maxLength: 30,
    },
  );

  it('are true to the labels, and neither finding nor wording tells the answer', () => {
    fc.assert(
      fc.property(corpora, fc.integer({ min: 1, max: 3 }), (labels, perVolume) => {
        const sources = [...labels, [1, 0, 0], [0, 1, 0]].map(sourceOf);
        const questions = planned(sources, perVolume);
        const balance = new Map<string, number>();
        for (const { source, options } of questions) {
          const [truth] = options.filter(({ isTrue }) => isTrue);
          const [finding] = /^.*(?= is (not )?present\.$)/.exec(truth.text)!;
          const isThere = !truth.text.includes(' not ');
          assert.equal(options.length, 2);
          assert.ok(source.labels![isThere ? 'positive' : 'negative'].includes(finding));
          balance.set(finding, (balance.get(finding) ?? 0) + (isThere ? 1 : -1));
        }
        assert.ok([...balance.values()].every((difference) => difference === 0));
        const asked = questions.map(({ source, options }) =>
          [source.imagePath, ...options.map(({ text }) => text.replace(' not', ''))].join(),
        );
        assert.equal(new Set(asked).size, asked.length, 'a finding is asked twice of a scan');
        for (const { imagePath } of sources) {
          const own = questions.filter(({ source }) => source.imagePath === imagePath);
          assert.ok(own.length <= perVolume);
        }
      }),
    );
  });

  it('can be put as questions, and in both forms', () => {
    const texts = planned(shownAndNot, 1, 'question').flatMap(({ options }) =>
      options.map(({ text }) => text),
    );
    assert.equal(texts.length, 4);
    assert.ok(
      texts.every((text) =>
        /^Does this scan show (cardiomegaly|emphysema)\? (Yes|No)\.$/.test(text),
      ),
    );
    const many = Array.from({ length: 20 }, (_, i) => sourceOf([i % 2, 0, 0], i));
    const forms = planned(many, 1, 'mixed').map(({ options }) =>
      options[0].text.startsWith('Does'),
    );
    assert.deepEqual(new Set(forms), new Set([true, false]));
  });

  it('need scans that show a finding and scans that do not', () => {
    assert.throws(() => planned([sourceOf([1, 2, 2], 0), sourceOf([1, 2, 2], 1)], 1), {
      code: 'build-no-questions',
    });
  });
});
