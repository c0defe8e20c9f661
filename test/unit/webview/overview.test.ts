import assert from 'node:assert/strict';
import type { Distribution } from '../../../src/core/dataset/overviewResult';
import type { OverviewStrings } from '../../../src/protocol/overview';
import { chartOf } from '../../../src/webview/overview/chartModel';

const strings = {
  distributions: { position: 'Position', length: 'Length', kind: 'Kinds' },
  series: {
    true: 'true',
    distractors: 'others',
    options: 'options',
    hard: 'difficult',
    easy: 'simple',
  },
  values: { hard: 'difficult' },
  special: { missing: 'not given', other: 'all others' },
  value: 'Value',
  share: 'Share',
  expected: 'by chance',
  expectedRange: '{0} to {1} by chance',
} as unknown as OverviewStrings;

describe('Charts of the overview', () => {
  it('compare series of different size by their shares', () => {
    const length: Distribution = {
      name: 'length',
      series: ['true', 'distractors'],
      rows: [
        { name: '0–9', counts: [5, 10] },
        { name: '≥ 10', counts: [5, 30] },
      ],
    };
    const chart = chartOf(length, strings);
    assert.equal(chart.form, 'columns');
    assert.deepEqual(
      chart.groups.map(({ bars }) => bars.map(({ value }) => value)),
      [
        [0.5, 0.25],
        [0.5, 0.75],
      ],
    );
    assert.equal(chart.format(0.25), '25 %');
    assert.deepEqual(chart.heads, ['Value', 'true', 'Share', 'others', 'Share']);
    assert.deepEqual(chart.rows[1], ['≥ 10', '5', '50.0 %', '30', '75.0 %']);
  });

  it('name values in the words of the user, and say what is not given', () => {
    const kinds: Distribution = {
      name: 'kind',
      series: ['options'],
      rows: [
        { name: 'hard', counts: [3] },
        { name: 'odd one', counts: [1] },
        { name: '', special: 'missing', counts: [0] },
      ],
    };
    const chart = chartOf(kinds, strings);
    assert.equal(chart.form, 'bars');
    assert.deepEqual(
      chart.groups.map(({ name }) => name),
      ['difficult', 'odd one', 'not given'],
    );
    assert.equal(chart.groups[0].bars[0].label, 'difficult, options: 3 (75.0 %)');
    assert.equal(chart.groups[0].bars[0].value, 3);
  });

  it('show what chance would give', () => {
    const expected = { value: 2.5, low: 0, high: 5.25 };
    const position: Distribution = {
      name: 'position',
      series: ['true'],
      rows: [{ name: '1', counts: [4], expected }],
    };
    const chart = chartOf(position, strings);
    assert.deepEqual(chart.rows, [['1', '4', '100.0 %', '2.5 (0–5.3)']]);
    assert.deepEqual(chart.groups[0].bars[0].expected, expected);
    assert.match(chart.groups[0].bars[0].label, /0 to 5\.3 by chance$/);
  });

  it('leave what has no place in an order out of the columns, but not out of the table', () => {
    const age: Distribution = {
      name: 'age',
      series: ['questions'],
      rows: [
        { name: '60', counts: [2] },
        { name: '', special: 'missing', counts: [7] },
      ],
    };
    const { groups, note, rows } = chartOf(age, strings);
    assert.deepEqual(
      groups.map(({ name }) => name),
      ['60'],
    );
    assert.equal(note, 'not given: 7');
    assert.equal(rows.length, 2);
  });

  it('stand the likeness of distractors side by side, by kind', () => {
    const difficulty: Distribution = {
      name: 'difficulty',
      series: ['hard', 'easy'],
      rows: [
        { name: '0.0–0.1', counts: [0, 4] },
        { name: '0.8–0.9', counts: [5, 0] },
      ],
    };
    const chart = chartOf(difficulty, strings);
    assert.equal(chart.form, 'columns');
    assert.deepEqual(chart.series, ['difficult', 'simple']);
    assert.equal(chart.groups[0].bars[1].label, '0.0–0.1, simple: 4 (100.0 %)');
  });

  it('are drawn of nothing, too', () => {
    const none: Distribution = { name: 'kind', series: ['options'], rows: [] };
    assert.deepEqual(chartOf(none, strings).groups, []);
  });
});
