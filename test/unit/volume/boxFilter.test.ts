import assert from 'node:assert/strict';
import {
  gaussianWeights,
  interpolationWeights,
  resampleBox,
} from '../../../src/core/volume/boxFilter';
import { Random } from '../../../src/core/random';

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

describe('a Gaussian over a box', () => {
  const shape = [7, 4, 9] as const;
  const smooth = (box: Float32Array, deviation: number): Float32Array =>
    resampleBox(box, [
      gaussianWeights(shape[0], deviation),
      gaussianWeights(shape[1], deviation),
      gaussianWeights(shape[2], deviation),
    ]);

  it('keeps the sum, and leaves a constant as it is, up to the borders', () => {
    const random = Random.fromSeed(3);
    const box = Float32Array.from({ length: 7 * 4 * 9 }, () => random.between(-1, 2));
    for (const deviation of [0.5, 1, 2]) {
      assert.ok(Math.abs(sumOf(smooth(box, deviation)) - sumOf(box)) < 1e-3);
      smooth(new Float32Array(box.length).fill(5), deviation).forEach((value) => {
        assert.ok(Math.abs(value - 5) < 1e-5);
      });
    }
  });

  it('spreads a point by its standard deviation along each axis', () => {
    const weights = gaussianWeights(41, 3);
    const row = resampleBox(
      Float32Array.from({ length: 41 }, (_, at) => Number(at === 20)),
      [weights, gaussianWeights(1, 3), gaussianWeights(1, 3)],
    );
    const variance = row.reduce((sum, value, at) => sum + value * (at - 20) ** 2, 0);
    assert.ok(Math.abs(Math.sqrt(variance) - 3) < 0.1);
  });
});

describe('interpolation between places', () => {
  it('has the values at the places, lines between them, and goes on beyond', () => {
    const along = interpolationWeights([1.5, 3.5, 6], 9);
    const one = interpolationWeights([0], 1);
    const row = resampleBox(Float32Array.of(10, 20, 40), [along, one, one]);
    assert.deepEqual([...row], [10, 10, 12.5, 17.5, 24, 32, 40, 40, 40]);
  });

  it('repeats a single value', () => {
    const once = interpolationWeights([2], 5);
    const one = interpolationWeights([0], 1);
    assert.deepEqual([...resampleBox(Float32Array.of(7), [one, once, one])], [7, 7, 7, 7, 7]);
  });
});
