import assert from 'node:assert/strict';
import fc from 'fast-check';
import { worldOf } from '../../../src/core/volume/affine';
import { extractSlice, planeLayouts, planes, sliceCount } from '../../../src/core/volume/slices';
import type { Volume, VolumeHeader } from '../../../src/core/volume/types';
import { fittedSize, Geometry } from '../../../src/webview/preview/geometry';
import { headerOf } from '../volume/phantom';

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
    headerOf(shape, [
      ...[0, 1, 2].map((row) => [
        ...[0, 1, 2].map((axis) => (order[axis] === row ? signs[axis] * (axis + 0.5) : 0)),
        10 * row,
      ]),
      [0, 0, 0, 1],
    ]),
  );

const plainAffine = [
  [-1, 0, 0, 0],
  [0, -1, 0, 0],
  [0, 0, 1, 0],
  [0, 0, 0, 1],
];

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
          assert.deepEqual(geometry.positionOf(geometry.placeOf(position)), position);
          assert.equal(geometry.sliceIndex(plane, position), index);
          assert.deepEqual(geometry.pixelOf(plane, position), { column, row });
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it('moves inside the volume only', () => {
    const geometry = new Geometry(headerOf([4, 5, 6], plainAffine));
    assert.deepEqual(geometry.centre(), [2, 2, 3]);
    assert.deepEqual(geometry.moved([2, 2, 3], 2, -Infinity), [2, 2, 0]);
    assert.deepEqual(geometry.moved([2, 2, 3], 1, 100), [2, 4, 3]);
    assert.deepEqual(geometry.positionAt('axial', 3, { column: -7, row: 99 }), [0, 4, 3]);
  });

  it('finds the points of a picture again, mirrored or not', () => {
    const point = fc.double({ min: -3, max: 12, noNaN: true });
    const convention = fc.constantFrom('radiological' as const, 'neurological' as const);
    fc.assert(
      fc.property(anyHeader, convention, point, point, (header, shown, across, down) => {
        const geometry = new Geometry(header, shown);
        for (const plane of planes) {
          const back = geometry.planePoint(plane, geometry.picturePoint(plane, { across, down }));
          assert.ok(Math.abs(back.across - across) + Math.abs(back.down - down) < 1e-9);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('puts the centre of a voxel into the middle of its pixel, mirrored or not', () => {
    fc.assert(
      fc.property(anyHeader, fc.nat(), fc.nat(), fc.nat(), (header, a, b, c) => {
        for (const convention of ['radiological', 'neurological'] as const) {
          const geometry = new Geometry(header, convention);
          const [nx, ny, nz] = geometry.size;
          const position = [a % nx, b % ny, c % nz] as const;
          for (const plane of planes) {
            const { across, down } = planeLayouts[plane];
            const { column, row } = geometry.pixelOf(plane, position);
            const inPlane = { across: position[across], down: position[down] };
            const { x, y } = geometry.picturePoint(plane, inPlane);
            assert.deepEqual([x, y], [column + 0.5, row + 0.5]);
            const index = geometry.sliceIndex(plane, position);
            assert.deepEqual(geometry.positionAt(plane, index, { column, row }), position);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('mirrors pictures that have a left and a right, where neurologists look at them', () => {
    const header = headerOf([4, 5, 6], plainAffine);
    const [radiological, neurological] = [
      new Geometry(header),
      new Geometry(header, 'neurological'),
    ];
    assert.deepEqual(
      planes.map((plane) => [radiological.isMirrored(plane), neurological.isMirrored(plane)]),
      [
        [false, true],
        [false, true],
        [false, false],
      ],
    );
    // x = 0 is the patient's right: on the left of the picture, or on the right.
    assert.equal(radiological.pixelOf('axial', [0, 0, 0]).column, 0);
    assert.equal(neurological.pixelOf('axial', [0, 0, 0]).column, 3);
  });

  it('takes a place to another volume by the world, or by its share where they do not meet', () => {
    const first = new Geometry(headerOf([10, 10, 10], plainAffine));
    const finer = new Geometry(
      headerOf(
        [40, 40, 40],
        [
          [0.5, 0, 0, -15],
          [0, 0.5, 0, -15],
          [0, 0, -0.5, 10],
          [0, 0, 0, 1],
        ],
      ),
    );
    const place = first.placeOf([3, 4, 5]);
    assert.deepEqual(finer.voxel(finer.positionOf(place)).worldMm, first.voxel([3, 4, 5]).worldMm);
    const elsewhere = new Geometry(
      headerOf(
        [20, 20, 40],
        [
          [-1, 0, 0, 900],
          [0, -1, 0, 900],
          [0, 0, 1, 900],
          [0, 0, 0, 1],
        ],
      ),
    );
    assert.deepEqual(elsewhere.positionOf(place), [7, 9, 22]);
  });

  it('knows no world where the affine is singular, and finds a place nevertheless', () => {
    const flat = new Geometry(
      headerOf(
        [4, 4, 4],
        [
          [-1, 0, 0, 0],
          [0, -1, 0, 0],
          [0, 0, 0, 0],
          [0, 0, 0, 1],
        ],
      ),
    );
    assert.deepEqual(flat.positionOf(flat.placeOf([1, 2, 3])), [1, 2, 3]);
  });

  it('counts on the grid of an oblique volume, and names stored voxels to a tenth', () => {
    const oblique = new Geometry(
      headerOf(
        [20, 16, 12],
        [
          [-1, 0.4, 0, 3],
          [0.4, 1, 0, 4],
          [0, 0.1, 2, 5],
          [0, 0, 0, 1],
        ],
      ),
    );
    assert.deepEqual(oblique.size, oblique.grid.shape);
    const { ijk, worldMm } = oblique.voxel([5, 6, 7]);
    assert.ok(ijk.every((index) => index === Math.round(index * 10) / 10));
    assert.ok(ijk.some((index) => !Number.isInteger(index)));
    assert.deepEqual(worldMm, worldOf(oblique.grid.toWorld, [5, 6, 7]));
    assert.deepEqual(oblique.positionOf(oblique.placeOf([5, 6, 7])), [5, 6, 7]);
    assert.equal(oblique.stepMm('axial'), 2);
  });

  it('marks no sides where the affine does not say', () => {
    const flat = headerOf(
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
