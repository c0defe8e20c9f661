import assert from 'node:assert/strict';
import fc from 'fast-check';
import { worldOf } from '../../../src/core/volume/affine';
import { axisCodes } from '../../../src/core/volume/orientation';
import { extractSlice, planeLayouts, sliceCount } from '../../../src/core/volume/slices';
import type { Volume, VolumeHeader } from '../../../src/core/volume/types';
import { planes } from '../../../src/core/volume/slices';
import { fittedSize, Geometry } from '../../../src/webview/preview/geometry';
import { keyAction } from '../../../src/webview/preview/keys';

/** A header with the given affine rows; the fields that geometry does not read are plain. */
function headerWith(
  shape: readonly [number, number, number],
  affine: readonly (readonly number[])[],
): VolumeHeader {
  const spacing = (axis: number): number =>
    Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]);
  return {
    format: 'nifti1',
    littleEndian: true,
    shape,
    frames: 1,
    spacingMm: [spacing(0), spacing(1), spacing(2)],
    affine,
    axcodes: axisCodes(affine),
    dtype: 'int16',
    slope: 1,
    intercept: 0,
    dataOffset: 352,
  };
}

const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Headers of every storage order. */
const anyHeader = fc
  .record({
    order: fc.constantFrom(...permutations),
    signs: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(1, -1))),
    shape: fc.tuple(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    ),
  })
  .map(({ order, signs, shape }) =>
    headerWith(shape, [
      ...[0, 1, 2].map((row) => [
        ...[0, 1, 2].map((axis) => (order[axis] === row ? signs[axis] * (axis + 0.5) : 0)),
        10 * row,
      ]),
      [0, 0, 0, 1],
    ]),
  );

/** Where a voxel stands in memory. */
function storageNumber(
  { shape }: VolumeHeader,
  [i, j, k]: readonly [number, number, number],
): number {
  return i + shape[0] * (j + shape[1] * k);
}

/** Every voxel holds its {@link storageNumber}. */
function numberedVolume(header: VolumeHeader): Volume {
  const [ni, nj, nk] = header.shape;
  return {
    header,
    voxels: Float32Array.from({ length: ni * nj * nk }, (_, at) => at),
    huSource: 'stored',
  };
}

describe('Geometry of the preview', () => {
  it('names the voxel that a pixel of a slice shows, in every storage order', () => {
    fc.assert(
      fc.property(anyHeader, fc.nat(), fc.nat(), fc.nat(), (header, a, b, c) => {
        const geometry = new Geometry(header);
        const numbered = numberedVolume(header);
        for (const plane of planes) {
          const { columns, rows } = geometry.picture(plane);
          const count = sliceCount(header, plane);
          const [index, column, row] = [a % count, b % columns, c % rows];
          const position = geometry.positionAt(plane, index, { column, row });
          const slice = extractSlice(numbered, plane, index);
          const { ijk, worldMm } = geometry.voxel(position);
          assert.equal(slice.hu[row * slice.width + column], storageNumber(header, ijk));
          assert.deepEqual(worldMm, worldOf(header.affine, ijk));
          assert.equal(geometry.sliceIndex(plane, position), index);
          assert.deepEqual(geometry.pixelOf(plane, position), { column, row });
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('moves inside the volume only', () => {
    const geometry = new Geometry(
      headerWith(
        [4, 5, 6],
        [
          [-1, 0, 0, 0],
          [0, -1, 0, 0],
          [0, 0, 1, 0],
          [0, 0, 0, 1],
        ],
      ),
    );
    assert.deepEqual(geometry.centre(), [2, 2, 3]);
    assert.deepEqual(geometry.moved([2, 2, 3], 2, -Infinity), [2, 2, 0]);
    assert.deepEqual(geometry.moved([2, 2, 3], 1, 100), [2, 4, 3]);
    assert.deepEqual(geometry.positionAt('axial', 3, { column: -7, row: 99 }), [0, 4, 3]);
  });

  it('marks no sides where the affine does not say', () => {
    const flat = headerWith(
      [4, 4, 4],
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 1],
      ],
    );
    assert.equal(new Geometry(flat).knowsSides, false);
  });

  it('fits a picture at its true proportions', () => {
    const picture = { columns: 512, rows: 64, pixelMm: [0.8, 5] as const };
    const { width, height } = fittedSize(picture, { width: 300, height: 500 });
    assert.equal(width, 300);
    assert.ok(Math.abs(width / height - (512 * 0.8) / (64 * 5)) < 1e-9);
  });
});

describe('Keys of the preview', () => {
  const press = (key: string, shiftKey = false) => keyAction({ key, shiftKey }, 'coronal');

  it('move through the stack, and with Shift in the picture', () => {
    assert.deepEqual(press('ArrowUp'), { kind: 'slice', by: 1 });
    assert.deepEqual(press('PageDown'), { kind: 'slice', by: -10 });
    assert.deepEqual(press('End'), { kind: 'end', last: true });
    // Up in a coronal picture is superior: z grows.
    assert.deepEqual(press('ArrowUp', true), { kind: 'move', axis: 2, by: 1 });
    assert.deepEqual(press('ArrowRight', true), { kind: 'move', axis: 0, by: 1 });
    assert.equal(planeLayouts.coronal.across, 0);
  });

  it('choose windows; letters in either case; others are not ours', () => {
    assert.deepEqual(press('3'), { kind: 'window', preset: 2 });
    assert.deepEqual(press('C', true), { kind: 'centre' });
    assert.equal(press('Tab'), undefined);
    assert.equal(press('5'), undefined);
    assert.equal(press('toString'), undefined);
  });
});
