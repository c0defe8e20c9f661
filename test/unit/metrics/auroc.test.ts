import assert from 'node:assert/strict';
import fc from 'fast-check';
import { auroc } from '../../../src/core/metrics/auroc';

type Case = [score: number, label: 0 | 1];
const cases = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom<0 | 1>(0, 1)));
const of = (some: readonly Case[]): number | undefined =>
  auroc(
    some.map(([score]) => score),
    some.map(([, label]) => label),
  );

describe('the area under the ROC curve', () => {
  it('is the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(cases, (some) => {
        const positives = some.filter(([, label]) => label === 1);
        const negatives = some.filter(([, label]) => label === 0);
        let sum = 0;
        for (const [high] of positives) {
          for (const [low] of negatives) {
            sum += high > low ? 1 : high === low ? 0.5 : 0;
          }
        }
        const pairs = positives.length * negatives.length;
        const found = of(some);
        assert.ok(pairs === 0 ? found === undefined : Math.abs(found! - sum / pairs) < 1e-12);
      }),
    );
  });
});
