import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linearScale, niceTicks, wholeTicks } from '../../../src/webview/shared/scale';
import { nearestIndex, smoothed, thinned } from '../../../src/webview/run/series';

describe('Scales of the run page', () => {
  it('map there and back', () => {
    const scale = linearScale([0, 200], [50, 450]);
    assert.deepEqual([scale.at(0), scale.at(100), scale.at(200)], [50, 250, 450]);
    assert.equal(scale.valueAt(scale.at(37)), 37);
    assert.equal(linearScale([3, 3], [0, 10]).at(3), 0);
  });

  it('have round ticks without rounding dust', () => {
    assert.deepEqual(niceTicks(0, 1, 4), [0, 0.5, 1]);
    assert.deepEqual(niceTicks(0, 0.3, 3), [0, 0.1, 0.2, 0.3]);
    assert.deepEqual(niceTicks(0, 1.38, 4), [0, 0.5, 1, 1.5]);
    assert.deepEqual(niceTicks(0, 96, 5), [0, 20, 40, 60, 80, 100]);
    assert.deepEqual(niceTicks(-12, 7, 4), [-15, -10, -5, 0, 5, 10]);
    assert.deepEqual(wholeTicks(0, 2, 5), [0, 1, 2]);
  });

  it('have few ticks that enclose any range', () => {
    const ends = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(ends, ends, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(high - low > 1e-6);
        const ticks = niceTicks(low, high, 5);
        const slack = 1e-6 * (high - low) + 1e-9 * Math.max(Math.abs(low), Math.abs(high));
        assert.ok(ticks[0] <= low + slack && ticks[ticks.length - 1] >= high - slack);
        assert.ok(ticks.length >= 2 && ticks.length <= 8, `${ticks.length} ticks`);
      }),
      { seed: 1 },
    );
  });
});

describe('Series of the run page', () => {
  const points = (values: readonly number[]) => values.map((value, i) => ({ step: i + 1, value }));

  it('smooth without a bias to zero at the start', () => {
    const constant = smoothed(points([5, 5, 5, 5]), 10);
    constant.forEach(({ value }) => {
      assert.ok(Math.abs(value - 5) < 1e-12);
    });
    const [first, second] = smoothed(points([1, 3]), 2);
    assert.equal(first.value, 1);
    // weights exp(-1/2) : 1
    const weight = Math.exp(-0.5);
    assert.ok(Math.abs(second.value - (weight + 3) / (weight + 1)) < 1e-12);
  });

  it('are thinned without losing a spike or an end', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 500));
    values[4321] = 50;
    values[8765] = -50;
    const kept = thinned(points(values), 800);
    assert.ok(kept.length <= 810, `${kept.length} points`);
    const steps = kept.map(({ step }) => step);
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b),
    );
    assert.deepEqual([steps[0], steps.at(-1)], [1, 10_000]);
    assert.ok(steps.includes(4322) && steps.includes(8766));
    const few = points([1, 2, 3]);
    assert.equal(thinned(few, 10), few);
  });

  it('know the point nearest to a step', () => {
    const logged = [1, 10, 20].map((step) => ({ step, value: 0 }));
    const found = [-5, 1, 5, 6, 14, 16, 99].map((step) => nearestIndex(logged, step));
    assert.deepEqual(found, [0, 0, 0, 1, 1, 2, 2]);
    assert.equal(nearestIndex(logged, Infinity), 2);
    assert.equal(nearestIndex([], 3), -1);
  });
});
