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
    { label: 'train_1_a_1', text: 'one', logit: 2, probability: 0.9, truth: true },
    { label: 'train_2_a_1', text: 'two', logit: 0, probability: 0.1, truth: false },
  ],
};

describe('A result of the worker in the scores panel', () => {
  it('is one ranking where the texts are the reports of a table', () => {
    const { groups, volume, run } = scoresView(result, { title: 'reports.csv' });
    assert.deepEqual([volume, run], ['train_1_a_1.nii.gz', 'first']);
    assert.deepEqual(groups, [{ title: 'reports.csv', texts: 4, entries: result.ranking }]);
  });

  it('is a ranking a question where they are options, each leading to its line', () => {
    const option = { text: 'text', logit: 0, probability: 0.5 };
    const ranking = [
      { ...option, question: 'q9', label: 'B' },
      { ...option, question: 'q9', label: 'A' },
      { ...option, question: 'q10', label: 'A' },
      { ...option, question: 'q10', label: 'B' },
    ];
    const { groups } = scoresView(
      { ...result, ranking },
      {
        title: 'set.mcqa.jsonl',
        placeOf: (question) => ({ path: '/set', line: Number(question.slice(1)) }),
      },
    );
    assert.deepEqual(
      groups.map(({ title, place, entries }) => [
        title,
        place?.line,
        entries.map((entry) => [entry.label, entry.place?.line]),
      ]),
      [
        [
          'q9',
          9,
          [
            ['B', 9],
            ['A', 9],
          ],
        ],
        [
          'q10',
          10,
          [
            ['A', 10],
            ['B', 10],
          ],
        ],
      ],
    );
  });
});
