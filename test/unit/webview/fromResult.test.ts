import assert from 'node:assert/strict';
import type { ScoreResult } from '../../../src/core/run';
import { scoresView } from '../../../src/extension/views/scores/fromResult';

const result: ScoreResult = {
  volume: '/data/train_1_a_1.nii.gz',
  run: '/runs/first',
  texts: 4,
  modelHash: 'm',
  preprocessing: 'p',
  text: 't',
  ranking: [
    { label: 'q10 A', text: 'one', logit: 2, probability: 0.6, truth: true },
    { label: 'q9 B', text: 'two', logit: 1, probability: 0.25, truth: false },
    { label: 'q9 A', text: 'three', logit: 1, probability: 0.1, truth: true },
    { label: 'q10 B', text: 'four', logit: 0, probability: 0.05, truth: false },
  ],
};

describe('A result of the worker in the scores panel', () => {
  it('is one ranking where the texts belong together', () => {
    const { groups, volume, run } = scoresView(result, { title: 'reports.csv' });
    assert.deepEqual([volume, run], ['train_1_a_1.nii.gz', 'first']);
    assert.deepEqual(groups, [{ title: 'reports.csv', texts: 4, entries: result.ranking }]);
  });

  it('is a ranking a question, with probabilities among its own options', () => {
    const { groups } = scoresView(result, {
      title: 'set.mcqa.jsonl',
      questionOf: (label) => label.split(' ')[0],
      placeOf: (label) => ({ path: '/set', line: Number(label.slice(1, -2)) }),
    });
    assert.deepEqual(
      groups.map(({ title, place, entries }) => [
        title,
        place?.line,
        entries.map(({ label }) => label),
      ]),
      [
        ['q9', 9, ['B', 'A']],
        ['q10', 10, ['A', 'B']],
      ],
    );
    assert.deepEqual(
      groups[0].entries.map(({ probability }) => probability),
      [0.5, 0.5],
    );
    const odds = groups[1].entries[0].probability / groups[1].entries[1].probability;
    assert.ok(Math.abs(odds - Math.exp(2)) < 1e-9);
  });
});
