import assert from 'node:assert/strict';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import { questionHash } from '../../../src/core/dataset/predictions';
import type { QuestionPrediction } from '../../../src/core/dataset/prediction';
import { Answers, percent } from '../../../src/extension/results/outcome';

const question = (labels: number[], id?: string, texts = ['one', 'two']): JsonLine =>
  new JsonLine(
    JSON.stringify({
      ...(id === undefined ? {} : { id }),
      image_path: 'a.nii.gz',
      options: texts.map((text, index) => ({ text, label: labels[index] })),
    }),
  );

const prediction = (id: string, predicted: number, truth: number | null): QuestionPrediction => ({
  id,
  question_hash: questionHash('a.nii.gz', ['one', 'two']),
  logits: predicted === 0 ? [1, 0] : [0, 1],
  probabilities: predicted === 0 ? [0.73, 0.27] : [0.27, 0.73],
  predicted,
  truth,
});

const answers = new Answers({
  path: 'set.predictions.jsonl',
  header: {
    kind: 'ct-mcqa-predictions',
    version: 1,
    run: 'first',
    dataset: 'set.mcqa.jsonl',
    model_hash: 'm',
    preprocessing: 'p',
    text: 't',
    created: '2026-01-01T00:00:00Z',
  },
  rows: [prediction('q1', 0, 0), prediction('q2', 1, 0), prediction('line-3', 1, null)],
});

describe('Answers', () => {
  const kindOf = (json: JsonLine, line = 0): string | undefined =>
    answers.outcomeOf(json, line, undefined)?.kind;

  it('judge by the labels of the record as it stands', () => {
    assert.equal(kindOf(question([1, 0], 'q1')), 'correct');
    assert.equal(kindOf(question([0, 1], 'q1')), 'wrong');
    assert.equal(kindOf(question([1, 0], 'q2')), 'wrong');
    assert.equal(kindOf(question([0, 0], 'q1')), 'open');
  });

  it('are stale once a text, their order, or the image changed', () => {
    assert.equal(kindOf(question([1, 0], 'q1', ['one', 'two!'])), 'stale');
    assert.equal(kindOf(question([1, 0], 'q1', ['two', 'one'])), 'stale');
    const elsewhere = question([1, 0], 'q1').text.replace('a.nii.gz', 'b.nii.gz');
    assert.equal(kindOf(new JsonLine(elsewhere)), 'stale');
  });

  it('are stale where an option refers to a table that is gone', () => {
    const text = question([1, 0], 'q1').text.replace('"text":"two"', '"ref":"train_1_a_1"');
    assert.equal(kindOf(new JsonLine(text)), 'stale');
  });

  it('belong to the line where the record has no id', () => {
    assert.equal(kindOf(question([0, 1]), 2), 'correct');
    assert.equal(kindOf(question([0, 1]), 3), undefined);
  });

  it('say nothing about broken lines and unknown questions', () => {
    assert.equal(kindOf(new JsonLine('{')), undefined);
    assert.equal(kindOf(question([1, 0], 'q9')), undefined);
  });

  it('are counted', () => {
    assert.deepEqual(answers.counts, { answered: 3, judged: 2, correct: 1 });
    assert.equal(answers.outcomeOf(question([1, 0], 'q2'), 0, undefined)?.probability, 0.73);
  });
});

it('percent never rounds to certainty or to nothing', () => {
  assert.deepEqual([1, 0.9999, 0.734, 0.004, 0].map(percent), [
    '100 %',
    '>99 %',
    '73 %',
    '<1 %',
    '0 %',
  ]);
});
