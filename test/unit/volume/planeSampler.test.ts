import assert from 'node:assert/strict';
import { worldOf } from '../../../src/core/volume/affine';
import { displayGrid } from '../../../src/core/volume/displayGrid';
import { reorient } from '../../../src/core/volume/orientation';
import { samplePlane } from '../../../src/core/volume/planeSampler';
import { slabRange, type Projection } from '../../../src/core/volume/slab';
import { extractSlice, planeLayouts, planes } from '../../../src/core/volume/slices';
import type { Affine, Plane, Volume } from '../../../src/core/volume/types';
import { nearestArrived, type VoxelField } from '../../../src/core/volume/voxelField';
import { fieldOf, shownValues } from './field';
import { allAxisCodes, headerOf, phantom } from './phantom';

const scan = phantom([5, 4, 3], (x, y, z) => x + 10 * y + 100 * z, [1, 2, 3]);

/** Turned about all axes: none of it lies along the world's. */
const oblique: Affine = [
  [-1.4, 0.5, 0.3, 12],
  [-0.4, -1.9, 0.5, -40],
  [-0.2, 0.6, 2.6, 100],
  [0, 0, 0, 1],
];

/** A volume whose values are `of` the world. */
function inWorld(
  shape: readonly [number, number, number],
  affine: Affine,
  of: (world: readonly number[]) => number,
): Volume {
  const [ni, nj, nk] = shape;
  const voxels = Float32Array.from({ length: ni * nj * nk }, (_, at) =>
    of(worldOf(affine, [at % ni, Math.floor(at / ni) % nj, Math.floor(at / (ni * nj))])),
  );
  return { header: headerOf(shape, affine), voxels, huSource: 'stored' };
}

function countOf({ grid }: VoxelField, plane: Plane): number {
  return grid.shape[planeLayouts[plane].through];
}

/** The place of the grid that a pixel shows. */
function placeOf(
  { grid }: VoxelField,
  plane: Plane,
  index: number,
  at: number,
): [number, number, number] {
  const { across, down, through, upsideDown } = planeLayouts[plane];
  const [width, height] = [grid.shape[across], grid.shape[down]];
  const row = Math.floor(at / width);
  const place: [number, number, number] = [0, 0, 0];
  place[across] = at % width;
  place[down] = upsideDown ? height - 1 - row : row;
  place[through] = index;
  return place;
}

describe('Planes of a volume along the patient', () => {
  it('are its slices, in every storage order', () => {
    for (const codes of allAxisCodes) {
      const stored = reorient(scan, codes);
      const field = fieldOf(stored, { type: 'int16', slope: 1, intercept: 0 });
      for (const plane of planes) {
        for (let index = 0; index < countOf(field, plane); index++) {
          const { width, height, values, missing } = samplePlane(field, plane, index);
          const slice = extractSlice(stored, plane, index);
          assert.deepEqual([width, height], [slice.width, slice.height]);
          assert.ok(values instanceof Int16Array);
          assert.deepEqual([...values], [...slice.hu]);
          assert.equal(missing, undefined);
        }
      }
    }
  });

  it('show nothing where slices have not arrived', () => {
    for (const codes of allAxisCodes) {
      const stored = reorient(scan, codes);
      const whole = fieldOf(stored);
      const arrived = Uint8Array.from({ length: stored.header.shape[2] }, (_, k) => k % 2);
      const field = { ...whole, arrived };
      for (const plane of planes) {
        for (let index = 0; index < countOf(field, plane); index++) {
          const picture = samplePlane(field, plane, index);
          const expected = extractSlice(stored, plane, index).hu;
          shownValues(picture).forEach((value, at) => {
            const [, , k] = worldOf(field.grid.toStorage, placeOf(field, plane, index, at));
            assert.equal(value, arrived[k] === 1 ? expected[at] : NaN);
          });
        }
      }
    }
  });

  it('are drawn at the nearest slice that has arrived', () => {
    for (const [codes, arrivedK, expected] of [
      ['LPS', [0, 1, 0, 0, 0, 1], [1, 1, 1, 1, 5, 5]],
      // Slice 0 is at the feet, where k ends.
      ['LPI', [0, 1, 0, 0, 0, 1], [0, 0, 0, 4, 4, 4]],
    ] as const) {
      const tall = reorient(
        phantom([2, 2, 6], () => 0),
        codes,
      );
      const field = { ...fieldOf(tall), arrived: Uint8Array.from(arrivedK) };
      const nearest = [0, 1, 2, 3, 4, 5].map((index) => nearestArrived(field, 'axial', index));
      assert.deepEqual(nearest, expected);
      // A plane that k lies in has something of every slice that arrived.
      assert.equal(nearestArrived(field, 'coronal', 1), 1);
      const nothing = { ...field, arrived: new Uint8Array(6) };
      for (const plane of planes) {
        assert.equal(nearestArrived(nothing, plane, 1), undefined);
        assert.equal(nearestArrived(fieldOf(tall), plane, 1), 1);
      }
    }
  });
});

describe('Planes of an oblique volume', () => {
  const ramp = (world: readonly number[]): number =>
    2 * world[0] - 3 * world[1] + 0.5 * world[2] + 7;
  const shape = [14, 12, 10] as const;

  it('show what grows evenly through the world without a fault, and nothing outside', () => {
    for (const codes of ['LPS', 'RAS', 'SPL', 'AIR']) {
      const field = fieldOf(reorient(inWorld(shape, oblique, ramp), codes));
      assert.equal(field.grid.isAligned, false);
      const seen = { inside: 0, outside: 0 };
      for (const plane of planes) {
        for (let index = 0; index < countOf(field, plane); index++) {
          shownValues(samplePlane(field, plane, index)).forEach((value, at) => {
            const place = placeOf(field, plane, index, at);
            const stored = worldOf(field.grid.toStorage, place);
            const beyond = Math.max(
              ...stored.map((where, axis) => Math.max(-where, where - field.shape[axis] + 1)),
            );
            if (beyond <= 0) {
              const expected = ramp(worldOf(field.grid.toWorld, place));
              assert.ok(Math.abs(value - expected) < 1e-3, `${value}, not ${expected}`);
              seen.inside++;
            } else if (Math.abs(beyond - 0.5) > 1e-9) {
              // The half voxel beyond its centre belongs to a voxel.
              assert.equal(Number.isNaN(value), beyond > 0.5);
              seen.outside += beyond > 0.5 ? 1 : 0;
            }
          });
        }
      }
      assert.ok(seen.inside > 1000 && seen.outside > 1000);
    }
  });

  it('hold what is beyond the centres of the outermost voxels as these have it', () => {
    // One voxel on a grid of quarters: half of its size on either side of its centre.
    const single = phantom([1, 1, 1], () => 42, [2, 2, 2]);
    const grid = {
      ...displayGrid(single.header),
      shape: [7, 1, 1] as const,
      toStorage: [
        [0.25, 0, 0, -0.75],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      isAligned: false,
    };
    const picture = samplePlane({ ...fieldOf(single), grid }, 'axial', 0);
    assert.deepEqual(shownValues(picture), [NaN, 42, 42, 42, 42, 42, NaN]);
  });

  it('give labels of the nearest voxel and none between them', () => {
    const labels = inWorld(shape, oblique, (world) => Math.floor(Math.abs(world[0] + world[1])));
    const known = new Set(labels.voxels);
    const own = fieldOf(labels);
    // Along the stored axes in other steps, as the grid of another volume may be; partly outside.
    const finer = {
      ...own.grid,
      shape: [2 * shape[1], 3 * shape[2], shape[0]] as const,
      toStorage: [
        [0, 0, -1.1, shape[0]],
        [0.6, 0, 0, -0.7],
        [0, 0.4, 0, 0.1],
        [0, 0, 0, 1],
      ],
    };
    for (const grid of [own.grid, finer]) {
      const field = { ...own, grid, takesNearest: true };
      for (const plane of planes) {
        const index = countOf(field, plane) >> 1;
        shownValues(samplePlane(field, plane, index)).forEach((value, at) => {
          const where = worldOf(grid.toStorage, placeOf(field, plane, index, at));
          const isInside = where.every((part, axis) => part >= -0.5 && part <= shape[axis] - 0.5);
          const [i, j, k] = where.map((part, axis) =>
            Math.min(shape[axis] - 1, Math.max(0, Math.round(part))),
          );
          const nearest = labels.voxels[i + shape[0] * (j + shape[1] * k)];
          assert.equal(value, isInside ? nearest : NaN);
          assert.ok(!isInside || known.has(value));
        });
      }
    }
  });

  it('show nothing that leans on a slice that has not arrived', () => {
    const whole = fieldOf(inWorld(shape, oblique, ramp));
    const arrived = new Uint8Array(shape[2]).fill(1, 4);
    for (const takesNearest of [false, true]) {
      const all = { ...whole, takesNearest };
      const field = { ...all, arrived };
      const index = countOf(field, 'coronal') >> 1;
      const expected = shownValues(samplePlane(all, 'coronal', index));
      shownValues(samplePlane(field, 'coronal', index)).forEach((value, at) => {
        const [, , k] = worldOf(field.grid.toStorage, placeOf(field, 'coronal', index, at));
        const isThere = takesNearest ? Math.round(k) >= 4 : Math.floor(k) >= 4;
        assert.equal(value, isThere ? expected[at] : NaN);
      });
      assert.equal(nearestArrived(field, 'coronal', 3), 3);
    }
  });

  it('do not see an infinite neighbour of a place that is a voxel', () => {
    const { header } = phantom([3, 1, 1], () => 0);
    const volume: Volume = {
      header,
      voxels: Float32Array.of(1, Infinity, 2),
      huSource: 'stored',
    };
    const aligned = fieldOf(volume);
    const field = { ...aligned, grid: { ...aligned.grid, isAligned: false } };
    assert.deepEqual([...samplePlane(field, 'axial', 0).values], [1, Infinity, 2]);
  });
});

describe('Slabs', () => {
  it('lie around the slice they are asked for, inside the volume', () => {
    assert.deepEqual(slabRange(5, 1, 10), [5, 5]);
    assert.deepEqual(slabRange(5, 2, 10), [5, 6]);
    assert.deepEqual(slabRange(5, 5, 10), [3, 7]);
    assert.deepEqual(slabRange(0, 5, 10), [0, 2]);
    assert.deepEqual(slabRange(9, 4, 10), [8, 9]);
    assert.deepEqual(slabRange(4, 99, 10), [0, 9]);
  });

  const noise = phantom([6, 5, 7], (x, y, z) => ((x * 31 + y * 17 + z * 57) % 83) - 40);
  const naive: Readonly<Record<Projection, (values: readonly number[]) => number>> = {
    maximum: (values) => Math.max(...values),
    minimum: (values) => Math.min(...values),
    mean: (values) => Math.fround(values.reduce((sum, value) => sum + value, 0) / values.length),
  };

  for (const projection of ['maximum', 'minimum', 'mean'] as const) {
    it(`show the ${projection} of their slices in HU, also of a negative slope`, () => {
      for (const [slope, codes] of [
        [1, 'LPS'],
        [-1, 'LPS'],
        [2, 'SRA'],
      ] as const) {
        const volume = reorient(noise, codes);
        const field = fieldOf(volume, { type: 'int16', slope, intercept: -9 });
        for (const plane of planes) {
          for (const [index, slices] of [
            [2, 3],
            [0, 4],
            [3, 99],
          ]) {
            const [first, last] = slabRange(index, slices, countOf(field, plane));
            const layers = Array.from(
              { length: last - first + 1 },
              (_, n) => extractSlice(volume, plane, first + n).hu,
            );
            const picture = samplePlane(field, plane, index, { projection, slices });
            assert.equal(picture.index, index);
            assert.equal(picture.missing, undefined);
            const hu = Array.from(picture.values, (value) => value * slope - 9);
            hu.forEach((value, at) => {
              const expected = naive[projection](layers.map((layer) => layer[at] * slope - 9));
              assert.ok(Math.abs(value - expected) < 1e-4, `${value}, not ${expected}`);
            });
          }
        }
      }
    });
  }

  it('leave out what has not arrived, and what is outside', () => {
    const arrived = Uint8Array.of(0, 1, 0, 0, 1, 1, 0);
    const field = { ...fieldOf(noise), arrived };
    const there = (z: number): number[] => [...extractSlice(noise, 'axial', z).hu];
    const pairs = there(4).map((value, at) => [value, there(5)[at]]);
    const slab = (projection: Projection, index: number, slices: number): number[] =>
      shownValues(samplePlane(field, 'axial', index, { projection, slices }));
    assert.deepEqual(
      slab('maximum', 5, 5),
      pairs.map((pair) => Math.max(...pair)),
    );
    assert.deepEqual(
      slab('minimum', 3, 7),
      there(4).map((_, at) => Math.min(there(1)[at], ...pairs[at])),
    );
    assert.deepEqual(
      slab('mean', 5, 3),
      pairs.map(([a, b]) => Math.fround((a + b) / 2)),
    );
    // One that nothing has arrived of.
    for (const projection of ['maximum', 'minimum', 'mean'] as const) {
      assert.ok(slab(projection, 2, 2).every(Number.isNaN));
    }
  });

  it('are not blinded by a voxel that is no number', () => {
    const { header } = phantom([1, 1, 3], () => 0);
    for (const voxels of [
      Float32Array.of(NaN, 3, 5),
      Float32Array.of(3, NaN, 5),
      Float32Array.of(5, 3, NaN),
    ]) {
      const field = fieldOf({ header, voxels, huSource: 'stored' });
      const of = (projection: Projection): number[] => [
        ...samplePlane(field, 'axial', 1, { projection, slices: 3 }).values,
      ];
      assert.deepEqual([of('maximum'), of('minimum')], [[5], [3]]);
    }
  });

  it('of an oblique volume are made of its resampled slices', () => {
    const field = fieldOf(inWorld([14, 12, 10], oblique, ([x, y, z]) => x * y - z));
    const index = countOf(field, 'sagittal') >> 1;
    const layers = [index - 1, index, index + 1].map((slice) =>
      shownValues(samplePlane(field, 'sagittal', slice)),
    );
    const slab = shownValues(
      samplePlane(field, 'sagittal', index, { projection: 'maximum', slices: 3 }),
    );
    slab.forEach((value, at) => {
      const there = layers.map((layer) => layer[at]).filter((one) => !Number.isNaN(one));
      assert.equal(value, there.length === 0 ? NaN : Math.max(...there));
    });
    assert.ok(slab.some(Number.isNaN) && !slab.every(Number.isNaN));
  });
});
