import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inverseAffine, productOf, worldOf } from '../../../src/core/volume/affine';
import type { Affine } from '../../../src/core/volume/types';

const number = fc.double({ min: -3, max: 3, noNaN: true });
const row = fc.tuple(number, number, number, number);
const anyAffine = fc.tuple(row, row, row).map((rows): Affine => [...rows, [0, 0, 0, 1]]);
const anyPlace = fc.tuple(number, number, number);

function near(values: readonly number[], expected: readonly number[], slack = 1e-9): void {
  values.forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) <= slack, `${values.join()}, not ${expected.join()}`);
  });
}

describe('Affines', () => {
  it('go one after the other in their product', () => {
    fc.assert(
      fc.property(anyAffine, anyAffine, anyPlace, (first, second, place) => {
        near(worldOf(productOf(first, second), place), worldOf(first, worldOf(second, place)));
      }),
    );
  });

  it('come back by their inverse', () => {
    // Columns that lean on each other by less than their length cannot be singular.
    const leaning = fc.double({ min: -0.3, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(fc.array(leaning, { minLength: 12, maxLength: 12 }), anyPlace, (by, place) => {
        const affine: Affine = [
          [1 + by[0], by[1], by[2], 10 * by[3]],
          [by[4], -1 + by[5], by[6], 10 * by[7]],
          [by[8], by[9], 1 + by[10], 10 * by[11]],
          [0, 0, 0, 1],
        ];
        near(worldOf(inverseAffine(affine), worldOf(affine, place)), place, 1e-6);
        near(worldOf(affine, worldOf(inverseAffine(affine), place)), place, 1e-6);
      }),
    );
  });

  it('have no inverse where they are singular, and say so in every value', () => {
    const flat: Affine = [
      [1, 0, 0, 5],
      [0, 1, 0, 5],
      [0, 0, 0, 5],
      [0, 0, 0, 1],
    ];
    const values = inverseAffine(flat).slice(0, 3).flat();
    assert.ok(!values.some(Number.isFinite));
  });
});
