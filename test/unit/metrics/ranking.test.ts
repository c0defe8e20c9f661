import assert from 'node:assert/strict';

import fc from 'fast-check';

import {
  clusteredInterval,
  mean,
  predictedOption,
  recallCredit,
  reciprocalRank,
  softmax,
  wilsonInterval,
} from '../../../src/core/metrics/ranking';
import { Random } from '../../../src/core/random';

describe('ranking metrics', () => {
  it('credits the true option by its rank', () => {
    const logits = [0.1, 0.9, 0.5, 0.2];
    assert.equal(recallCredit(logits, 1, 1), 1);
    assert.equal(recallCredit(logits, 2, 1), 0);
    assert.equal(recallCredit(logits, 2, 2), 1);
    assert.equal(reciprocalRank(logits, 0), 1 / 4);
  });

  it('gives chance to a model that cannot tell the options apart', () => {
    for (const truth of [0, 1, 2, 3]) {
      assert.equal(recallCredit([7, 7, 7, 7], truth, 1), 1 / 4);
      assert.equal(recallCredit([7, 7, 7, 7], truth, 2), 1 / 2);
    }
    assert.equal(reciprocalRank([7, 7], 1), 0.75);
  });

  it('gives a NaN logit no credit', () => {
    assert.equal(recallCredit([NaN, 1, 2], 0, 3), 0);
  });

  it('averages over every order of ties, in any order of options', () => {
    const tiedLogits = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(tiedLogits, fc.nat(), fc.nat(), (logits, place, k) => {
        const truth = place % logits.length;
        const moved = [logits[truth], ...logits.filter((_, i) => i !== truth)];
        assert.equal(recallCredit(logits, truth, k % 7), recallCredit(moved, 0, k % 7));
        assert.equal(reciprocalRank(logits, truth), reciprocalRank(moved, 0));
      }),
    );
  });

  it('predicts the first of the highest logits', () => {
    assert.equal(predictedOption([1, 3, 3, 2]), 1);
  });

  it('turns large logits into probabilities', () => {
    assert.deepEqual(softmax([1000, 1000]), [0.5, 0.5]);
    assert.ok(softmax([0, 1000])[1] === 1);
  });
});

describe('confidence intervals', () => {
  it("equals Wilson's published example", () => {
    // 81 of 263: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    const [low, high] = wilsonInterval(81 / 263, 263);
    assert.ok(Math.abs(low - 0.2553) < 5e-5 && Math.abs(high - 0.3662) < 5e-5);
  });

  it('is wider when the same answers come from fewer patients', () => {
    const values = Array.from({ length: 120 }, (_, i) => (Math.floor(i / 10) % 3 === 0 ? 0 : 1));
    const apart = clusteredInterval(
      values,
      values.map((_, i) => `patient ${i}`),
    );
    const together = clusteredInterval(
      values,
      values.map((_, i) => `patient ${Math.floor(i / 10)}`),
    );
    assert.ok(together[1] - together[0] > 1.5 * (apart[1] - apart[0]));
    for (const [low, high] of [apart, together]) {
      assert.ok(low < mean(values) && mean(values) < high);
    }
  });

  it('is not a point when every answer is right', () => {
    const [low, high] = clusteredInterval([1, 1, 1, 1], ['a', 'b', 'c', 'd']);
    assert.ok(low < 0.7 && high === 1);
  });

  it('covers the true proportion about 95 times in 100', () => {
    const random = Random.fromSeed(11);
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const values = Array.from({ length: 80 }, () => (random.chance(0.7) ? 1 : 0));
      const clusters = values.map((_, i) => String(i));
      const [low, high] = clusteredInterval(values, clusters, random, 300);
      covered += low <= 0.7 && 0.7 <= high ? 1 : 0;
    }
    assert.ok(covered >= 178 && covered <= 199, `covered ${covered} of 200`);
  });
});
