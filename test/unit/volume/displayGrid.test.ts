import assert from 'node:assert/strict';
import { worldOf } from '../../../src/core/volume/affine';
import { displayGrid, isOblique } from '../../../src/core/volume/displayGrid';
import { reorient } from '../../../src/core/volume/orientation';
import { sliceCount } from '../../../src/core/volume/slices';
import type { Affine } from '../../../src/core/volume/types';
import { allAxisCodes, headerOf, phantom } from './phantom';

/** A gantry tilted so that the last slice stands `voxels` of 2 mm off the first. */
function tilted(voxels: number): Affine {
  return [
    [-1, 0, 0, 0],
    [0, -2, (2 * voxels) / 9, 0],
    [0, 0, 3, 0],
    [0, 0, 0, 1],
  ];
}

describe('The grid that a volume is shown on', () => {
  const scan = phantom([5, 4, 3], () => 0, [0.5, 1.5, 3]);

  it('is the stored voxels turned to the patient where they lie along the patient', () => {
    for (const codes of allAxisCodes) {
      const { header } = reorient(scan, codes);
      const grid = displayGrid(header);
      assert.equal(grid.isAligned, true);
      assert.deepEqual(grid.shape, [5, 4, 3]);
      assert.deepEqual(grid.spacingMm, [0.5, 1.5, 3]);
      assert.deepEqual(grid.toWorld, scan.header.affine);
      // x to the left, y to the back, z up: the first voxel of the scan, the last.
      for (const place of [
        [0, 0, 0],
        [4, 3, 2],
        [1, 2, 0],
      ] as const) {
        const stored = worldOf(grid.toStorage, place);
        assert.deepEqual(worldOf(header.affine, stored), worldOf(scan.header.affine, place));
      }
    }
  });

  it('is resampled only where an axis leaves the patient by a voxel or more', () => {
    const shape = [6, 8, 10] as const;
    assert.equal(isOblique(headerOf(shape, tilted(0.99))), false);
    assert.equal(displayGrid(headerOf(shape, tilted(0.99))).isAligned, true);
    assert.equal(isOblique(headerOf(shape, tilted(1.01))), true);
    assert.equal(displayGrid(headerOf(shape, tilted(1.01))).isAligned, false);
    // The same tilt over fewer slices is less of a way.
    assert.equal(isOblique(headerOf([6, 8, 5], tilted(1.01))), false);
  });

  it('holds all of an oblique volume, in steps of its own voxels', () => {
    const affine: Affine = [
      [-1.4, 0.5, 0.3, 12],
      [-0.4, -1.9, 0.5, -40],
      [-0.2, 0.6, 2.6, 100],
      [0, 0, 0, 1],
    ];
    const header = headerOf([20, 16, 12], affine);
    for (const codes of allAxisCodes) {
      const turned = reorient(
        { header, voxels: new Float32Array(20 * 16 * 12), huSource: 'stored' },
        codes,
      );
      const grid = displayGrid(turned.header);
      assert.equal(grid.isAligned, false);
      grid.spacingMm.forEach((step, axis) => {
        assert.ok(Math.abs(step - header.spacingMm[axis]) < 1e-9);
      });
      // World runs to the right and the front, the grid to the left and the back.
      assert.ok(grid.toWorld[0][0] < 0 && grid.toWorld[1][1] < 0 && grid.toWorld[2][2] > 0);
      const inGrid = (place: readonly number[]): number[] =>
        [0, 1, 2].map((axis) => (place[axis] - grid.toWorld[axis][3]) / grid.toWorld[axis][axis]);
      for (const i of [0, 19]) {
        for (const j of [0, 15]) {
          for (const k of [0, 11]) {
            inGrid(worldOf(affine, [i, j, k])).forEach((at, axis) => {
              assert.ok(at > -1e-6 && at < grid.shape[axis] - 1 + 2e-3, `${codes} ${axis} ${at}`);
            });
          }
        }
      }
    }
  });

  it('leads from the grid to the same place by way of the storage and at once', () => {
    const header = headerOf(
      [20, 16, 12],
      [
        [-1, 0.4, 0, 3],
        [0.4, 1, 0, 4],
        [0, 0.1, 2, 5],
        [0, 0, 0, 1],
      ],
    );
    const grid = displayGrid(header);
    for (const place of [
      [0, 0, 0],
      [3, 7, 5],
      [21, 1, 11],
    ] as const) {
      const world = worldOf(grid.toWorld, place);
      worldOf(header.affine, worldOf(grid.toStorage, place)).forEach((mm, axis) => {
        assert.ok(Math.abs(mm - world[axis]) < 1e-9);
      });
    }
  });

  it('shows voxel by voxel what an affine says nothing about', () => {
    const flat: Affine = [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ];
    const header = headerOf([4, 3, 2], flat);
    const grid = displayGrid(header);
    assert.equal(grid.isAligned, true);
    assert.deepEqual(grid.shape, [
      sliceCount(header, 'sagittal'),
      sliceCount(header, 'coronal'),
      2,
    ]);
  });

  it('shows voxel by voxel what no place in the world leads back to', () => {
    // Two axes of one direction, to which nibabel gives codes all the same.
    for (const along of [1, 1.0001]) {
      const header = headerOf(
        [4, 3, 2],
        [
          [1, 1, 0, 0],
          [1, along, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ],
      );
      assert.equal(displayGrid({ ...header, axcodes: 'RAS' }).isAligned, true);
    }
  });

  it('takes larger steps where those of the voxels are too many, and still holds everything', () => {
    const thin: Affine = [
      [-0.1, 0, 20, 0],
      [0, -0.1, 30, 0],
      [0, 0, 40, 0],
      [0, 0, 0, 1],
    ];
    for (const spacingMm of [[0.1, 0.1, 54] as const, [1e-6, 1e-6, 1e-6] as const]) {
      const { shape, spacingMm: steps } = displayGrid({
        ...headerOf([40, 30, 20], thin),
        spacingMm,
      });
      assert.deepEqual(shape.slice(0, 2), [1024, 1024]);
      [20 * 19 + 3.9, 30 * 19 + 2.9, 40 * 19].forEach((extent, axis) => {
        assert.ok((shape[axis] - 1) * steps[axis] >= extent - 0.1, `axis ${axis}`);
      });
    }
  });
});
