import assert from 'node:assert/strict';
import {
  hasDiverged,
  searchedRate,
  suggestedRate,
  withPoint,
  type RatePoint,
} from '../../../src/core/metrics/rateSearch';

const steps = 101;

/** The points of a search in which the loss depends on the decimal logarithm of the rate. */
function searched(loss: (exponent: number) => number): RatePoint[] {
  let points: RatePoint[] = [];
  for (let step = 0; step < steps; step++) {
    const rate = searchedRate(step, steps, 1e-7, 1);
    points = withPoint(points, rate, loss(Math.log10(rate)));
  }
  return points;
}

describe('the search for a learning rate', () => {
  it('goes through the rates exponentially', () => {
    assert.equal(searchedRate(0, steps, 1e-7, 1), 1e-7);
    assert.ok(Math.abs(searchedRate(50, steps, 1e-6, 1) - 1e-3) < 1e-12);
    assert.ok(Math.abs(searchedRate(100, steps, 1e-7, 1) - 1) < 1e-12);
  });

  it('smooths without a bias to 0', () => {
    const points = searched(() => 3);
    assert.ok(points.every(({ smoothedLoss }) => Math.abs(smoothedLoss - 3) < 1e-9));
  });

  it('suggests the rate where the loss falls steepest', () => {
    // A step down at 10^-3, which smoothing sees some points later.
    const rate = suggestedRate(searched((x) => 1 / (1 + Math.exp(4 * (x + 3)))));
    assert.ok(rate !== undefined && rate > 1e-3 && rate < 1e-2, String(rate));
  });

  it('suggests nothing where the loss does not fall', () => {
    assert.equal(suggestedRate(searched(() => 1)), undefined);
    assert.equal(suggestedRate(searched((x) => 8 + x)), undefined);
    assert.equal(suggestedRate([]), undefined);
  });

  it('knows a loss that runs away', () => {
    const calm = searched(() => 1);
    assert.equal(hasDiverged(calm), false);
    assert.equal(hasDiverged(withPoint(calm, 1, 20)), false);
    assert.equal(hasDiverged(withPoint(calm, 1, 60)), true);
    assert.equal(hasDiverged(withPoint(calm, 1, NaN)), true);
  });
});
