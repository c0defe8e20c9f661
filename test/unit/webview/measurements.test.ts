import assert from 'node:assert/strict';
import type { Plane } from '../../../src/core/volume/types';
import { Geometry } from '../../../src/webview/preview/geometry';
import {
  MeasurementList,
  type KeptMeasurement,
} from '../../../src/webview/preview/measurementList';
import {
  areaMm2,
  lengthMm,
  regionStatistics,
  type Measurement,
  type MeasurementKind,
} from '../../../src/webview/preview/measurements';
import { huOf, pictureOf, type ShownPicture } from '../../../src/webview/preview/pictureSource';
import { fieldOf } from '../volume/field';
import { phantom } from '../volume/phantom';

const scan = phantom([12, 10, 8], (x, y, z) => ((x * 31 + y * 57 + z * 13) % 97) - 40, [0.5, 2, 3]);
const field = fieldOf(scan, { type: 'int16', slope: 2, intercept: -1024 });
const geometry = new Geometry(scan.header);

function pictureIn(plane: Plane, index: number): ShownPicture {
  const picture = pictureOf(field, plane, index, { projection: 'maximum', slices: 1 }, false);
  assert.ok(picture);
  return picture;
}

function measured(
  kind: MeasurementKind,
  plane: Plane,
  index: number,
  [fromAcross, fromDown]: readonly [number, number],
  [toAcross, toDown]: readonly [number, number],
): Measurement {
  return {
    kind,
    plane,
    index,
    from: { across: fromAcross, down: fromDown },
    to: { across: toAcross, down: toDown },
  };
}

/** HU of the voxels (across, down) of a slice for which `isInside` holds, from the volume itself. */
function voxelsWhere(
  plane: Plane,
  index: number,
  isInside: (across: number, down: number) => boolean,
): number[] {
  const [nx, ny] = scan.header.shape;
  const axes = { axial: [0, 1, 2], coronal: [0, 2, 1], sagittal: [1, 2, 0] }[plane];
  const found: number[] = [];
  scan.voxels.forEach((value, at) => {
    const place = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    if (place[axes[2]] === index && isInside(place[axes[0]], place[axes[1]])) {
      found.push(2 * value - 1024);
    }
  });
  return found;
}

function assertStatistics(measurement: Measurement, hu: readonly number[]): void {
  const statistics = regionStatistics(measurement, pictureIn(measurement.plane, measurement.index));
  assert.ok(statistics && hu.length > 1);
  const mean = hu.reduce((sum, value) => sum + value, 0) / hu.length;
  const variance = hu.reduce((sum, value) => sum + (value - mean) ** 2, 0) / hu.length;
  assert.equal(statistics.pixels, hu.length);
  assert.ok(Math.abs(statistics.mean - mean) < 1e-9);
  assert.ok(Math.abs(statistics.standardDeviation - Math.sqrt(variance)) < 1e-9);
  assert.deepEqual([statistics.min, statistics.max], [Math.min(...hu), Math.max(...hu)]);
}

describe('Measurements', () => {
  it('tell distances and areas in mm, whatever the shape of the voxels', () => {
    const across = measured('distance', 'axial', 0, [1, 1], [7, 1]);
    assert.equal(lengthMm(across, geometry), 3);
    assert.equal(
      lengthMm(measured('distance', 'axial', 0, [4, 4], [0, 1]), geometry),
      Math.hypot(2, 6),
    );
    assert.equal(lengthMm(measured('distance', 'sagittal', 0, [0, 0], [2, 1]), geometry), 5);
    assert.equal(areaMm2(measured('rectangle', 'coronal', 0, [6, 3], [2, 1]), geometry), 12);
    assert.equal(areaMm2(measured('ellipse', 'coronal', 0, [2, 1], [6, 3]), geometry), 3 * Math.PI);
  });

  it('tell the HU of the voxels whose centres are in a rectangle, drawn from any corner', () => {
    for (const [plane, index] of [
      ['axial', 5],
      ['coronal', 3],
      ['sagittal', 7],
    ] as const) {
      const hu = voxelsWhere(plane, index, (a, d) => a >= 1.5 && a <= 5 && d >= 2 && d <= 4.9);
      for (const [from, to] of [
        [
          [1.5, 2],
          [5, 4.9],
        ],
        [
          [5, 2],
          [1.5, 4.9],
        ],
        [
          [5, 4.9],
          [1.5, 2],
        ],
      ] as const) {
        assertStatistics(measured('rectangle', plane, index, from, to), hu);
      }
    }
  });

  it('tell the HU of the voxels whose centres are in an ellipse', () => {
    for (const [plane, index] of [
      ['axial', 5],
      ['coronal', 3],
      ['sagittal', 7],
    ] as const) {
      const hu = voxelsWhere(
        plane,
        index,
        (a, d) => ((a - 4.5) / 3.5) ** 2 + ((d - 4) / 2) ** 2 <= 1,
      );
      assertStatistics(measured('ellipse', plane, index, [1, 2], [8, 6]), hu);
    }
  });

  it('count what of a region lies in the picture', () => {
    assertStatistics(
      measured('rectangle', 'axial', 2, [-3, -0.2], [1, 99]),
      voxelsWhere('axial', 2, (a) => a <= 1),
    );
    for (const [from, to] of [
      [
        [-4, -4],
        [-1, 5],
      ],
      [
        [-4, -4],
        [5, -1],
      ],
      [
        [12, 0],
        [20, 5],
      ],
      [
        [0, 9.1],
        [5, 9.9],
      ],
      // Between the voxels.
      [
        [1.2, 1.2],
        [1.8, 5],
      ],
    ] as const) {
      for (const kind of ['rectangle', 'ellipse'] as const) {
        assert.equal(
          regionStatistics(measured(kind, 'axial', 2, from, to), pictureIn('axial', 2)),
          null,
        );
      }
    }
  });

  it('leave out what is missing or no number', () => {
    const picture: ShownPicture = {
      plane: 'axial',
      index: 0,
      width: 4,
      height: 1,
      values: Float32Array.of(5, NaN, 9, 7),
      missing: Uint8Array.of(0, 0, 1, 0),
      slope: 1,
      intercept: 0,
      isCoarse: false,
    };
    const region = measured('rectangle', 'axial', 0, [0, 0], [3, 0]);
    const expected = { pixels: 2, mean: 6, standardDeviation: 1, min: 5, max: 7 };
    assert.deepEqual(regionStatistics(region, picture), expected);
    assert.equal(huOf(picture, 2), undefined);
  });

  it('are the same in a mirrored picture, between the same points of the screen', () => {
    const mirrored = new Geometry(scan.header, 'neurological');
    for (const plane of ['axial', 'coronal', 'sagittal'] as const) {
      const { columns } = geometry.picture(plane);
      const region = measured('rectangle', plane, 4, [1, 2], [5.5, 6]);
      const onScreen = [region.from, region.to].map((point) => geometry.picturePoint(plane, point));
      const flipped = onScreen.map(({ x, y }) => ({
        x: mirrored.isMirrored(plane) ? columns - x : x,
        y,
      }));
      const [from, to] = flipped.map((point) => mirrored.planePoint(plane, point));
      assert.deepEqual({ from, to }, { from: region.from, to: region.to });
      assert.equal(lengthMm(region, geometry), lengthMm({ ...region, from, to }, mirrored));
    }
  });
});

describe('The list of measurements', () => {
  function underTest(first: readonly KeptMeasurement[] = []) {
    const changes: (readonly Measurement[])[] = [];
    const list = new MeasurementList(first, (all) => changes.push(all));
    return { list, changes };
  }
  const line = { ...measured('distance', 'axial', 3, [1, 1], [5, 1]), grid: '' };

  it('shows what is being drawn, and keeps it once it is done', () => {
    const { list, changes } = underTest();
    const short = { ...line, to: { across: 3, down: 1 } };
    list.draw(short, false);
    assert.deepEqual([changes.at(-1), list.all], [[short], []]);
    list.draw(line, true);
    assert.deepEqual([changes.at(-1), list.all], [[line], [line]]);
  });

  it('takes a click for no measurement', () => {
    const { list, changes } = underTest([line]);
    const click = { ...line, to: { across: 1.2, down: 1.2 } };
    list.draw(click, false);
    list.draw(click, true);
    assert.deepEqual([changes.at(-1), list.all], [[line], [line]]);
  });

  it('is written with the keyboard: one end, then the other in the same picture', () => {
    const { list } = underTest();
    assert.equal(list.mark('distance', 'axial', 3, line.from), undefined);
    // The same place again is no other end.
    assert.equal(list.mark('distance', 'axial', 3, line.from), undefined);
    assert.deepEqual(list.mark('distance', 'axial', 3, line.to), line);
    assert.deepEqual(list.all, [line]);
    // Another slice, another plane, another kind: a new beginning.
    assert.equal(list.mark('distance', 'axial', 3, line.from), undefined);
    assert.equal(list.mark('distance', 'axial', 4, line.from), undefined);
    assert.equal(list.mark('distance', 'coronal', 4, line.from), undefined);
    assert.equal(list.mark('ellipse', 'coronal', 4, line.from), undefined);
    list.abandon();
    assert.equal(list.mark('ellipse', 'coronal', 4, line.to), undefined);
    assert.deepEqual(list.all, [line]);
  });

  it('shows those of the volume that is looked at, and forgets the last of them', () => {
    const { list, changes } = underTest([line]);
    list.showGrid('model');
    assert.deepEqual([changes.at(-1), list.all], [[], [line]]);
    list.removeLast();
    assert.deepEqual(list.all, [line]);
    list.draw(line, true);
    assert.deepEqual(changes.at(-1), [{ ...line, grid: 'model' }]);
    list.showGrid('');
    assert.deepEqual(changes.at(-1), [line]);
    list.removeLast();
    assert.deepEqual([changes.at(-1), list.all], [[], [{ ...line, grid: 'model' }]]);
  });

  it('forgets the last', () => {
    const other = { ...line, index: 5 };
    const { list, changes } = underTest([line, other]);
    list.removeLast();
    assert.deepEqual([changes.at(-1), list.all], [[line], [line]]);
    list.removeLast();
    list.removeLast();
    assert.deepEqual(list.all, []);
  });
});
