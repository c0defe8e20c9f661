import assert from 'node:assert/strict';
import type { ScoreGroup } from '../../../src/protocol/scores';
import { matches, rankingText, truePlace } from '../../../src/webview/scores/ranking';
import { clock, decimal, fill, fixed, percent } from '../../../src/webview/shared/format';

describe('Words and numbers of the pages', () => {
  it('fill places by number', () => {
    assert.equal(fill('{1} of {0}, {0}', 7, 'x'), 'x of 7, 7');
    assert.equal(fill('{0} {1}', 'only'), 'only {1}');
    // A value that looks like a place is no place.
    assert.equal(fill('{0} {1}', '{1}', 2), '{1} 2');
  });

  it('show decimals with a real minus and no negative zero', () => {
    assert.deepEqual([decimal(-1.5, 3), decimal(2, 3), decimal(0.12345, 2)], ['−1.5', '2', '0.12']);
    assert.deepEqual([fixed(-0.04, 1), fixed(-12.34, 1), fixed(3, 2)], ['0.0', '−12.3', '3.00']);
  });

  it('never show a little as nothing, or nearly all as all', () => {
    assert.deepEqual(
      [0, 0.00001, 0.1234, 0.99999, 1].map((share) => percent(share)),
      ['0.0 %', '<0.1 %', '12.3 %', '>99.9 %', '100.0 %'],
    );
  });

  it('show time as a clock', () => {
    assert.deepEqual([0, 59.6, 145, 3725].map(clock), ['0:00', '1:00', '2:25', '1:02:05']);
  });
});

describe('A ranking', () => {
  const group: ScoreGroup = {
    title: 'q1',
    entries: [
      { label: 'B', text: 'Two\nlines\tand a tab', logit: 2, probability: 0.8, truth: false },
      { label: 'A', text: 'Nodule, left', logit: 1, probability: 0.2, truth: true },
    ],
  };

  it('knows the place of the true text', () => {
    assert.equal(truePlace(group), 2);
    assert.equal(truePlace({ title: '', entries: [] }), undefined);
  });

  it('is filtered by all words, in text or label', () => {
    const found = (query: string): string[] =>
      group.entries.filter((entry) => matches(entry, query)).map(({ label }) => label);
    assert.deepEqual(
      [found('LEFT nod'), found('b'), found(''), found('left tab')],
      [['A'], ['B', 'A'].filter((label) => label === 'B'), ['B', 'A'], []],
    );
  });

  it('is copied as rows of a table', () => {
    assert.deepEqual(rankingText(group).split('\n'), [
      'rank\tprobability\tlogit\ttrue\tlabel\ttext',
      '1\t0.8\t2\t0\tB\tTwo lines and a tab',
      '2\t0.2\t1\t1\tA\tNodule, left',
    ]);
  });
});
