import assert from 'node:assert/strict';
import { displayGrid } from '../../../src/core/volume/displayGrid';
import { reorient } from '../../../src/core/volume/orientation';
import { samplePlane } from '../../../src/core/volume/planeSampler';
import { planes } from '../../../src/core/volume/slices';
import type { Volume } from '../../../src/core/volume/types';
import { heatColour, labelColour, pixelOf } from '../../../src/webview/preview/colours';
import {
  overlayKind,
  overlayMeets,
  overlayPicture,
  strongestOf,
  tintOf,
  type Overlay,
} from '../../../src/webview/preview/overlays';
import type { ShownPicture } from '../../../src/webview/preview/pictureSource';
import { fieldOf, shownValues } from '../volume/field';
import { headerOf, phantom } from '../volume/phantom';

const scan = phantom([8, 6, 4], (x, y, z) => x + 10 * y + 100 * z, [1, 2, 3]);
const grid = displayGrid(scan.header);

function overlayOf(volume: Volume, kind: Overlay['kind'], intercept = 0): Overlay {
  const encoding = { type: 'float32', slope: 1, intercept } as const;
  const { affine } = volume.header;
  return { name: 'overlay', kind, field: fieldOf(volume, encoding), affine, strongest: 100 };
}

function shown(index: number, plane: ShownPicture['plane'] = 'axial'): ShownPicture {
  return { ...samplePlane(fieldOf(scan), plane, index), slope: 1, intercept: 0, isCoarse: false };
}

describe('An overlay', () => {
  it('lies where it is in the world, however it is stored', () => {
    for (const codes of ['LPS', 'RAS', 'SRA', 'AIL']) {
      for (const kind of ['labels', 'heat'] as const) {
        const overlay = overlayOf(reorient(scan, codes), kind);
        for (const plane of planes) {
          const { values, missing } = overlayPicture(overlay, grid, shown(2, plane));
          assert.equal(missing, undefined);
          const expected = samplePlane(fieldOf(scan), plane, 2).values;
          Array.from(values).forEach((value, at) => {
            assert.ok(Math.abs(value - expected[at]) < 1e-3);
          });
        }
      }
    }
  });

  it('is seen where its box meets that of the volume', () => {
    const own = overlayOf(scan, 'labels');
    const moved = (mm: number): Overlay => ({
      ...own,
      affine: own.affine.map((row, r) =>
        row.map((part, c) => part + (r === 0 && c === 3 ? mm : 0)),
      ),
    });
    assert.equal(overlayMeets(own, grid), true);
    assert.equal(overlayMeets(moved(7), grid), true);
    assert.equal(overlayMeets(moved(9), grid), false);
    const flat = own.affine.map((row, r) => (r === 2 ? [0, 0, 0, 0] : row));
    assert.equal(overlayMeets({ ...own, affine: flat }, grid), false);
  });

  it('of another grid is drawn between its voxels, its labels never', () => {
    // One voxel of it is two by one by one of the scan, from the scan's corner on.
    const header = headerOf(
      [4, 6, 4],
      [
        [-2, 0, 0, 9.5],
        [0, -2, 0, 20],
        [0, 0, 3, -30],
        [0, 0, 0, 1],
      ],
    );
    const voxels = Float32Array.from({ length: 96 }, (_, at) => 10 * (at % 4));
    const coarse: Volume = { header, voxels, huSource: 'stored' };
    const row = (kind: Overlay['kind']): number[] =>
      shownValues(overlayPicture(overlayOf(coarse, kind), grid, shown(1))).slice(0, 8);
    assert.deepEqual(row('heat'), [0, 2.5, 7.5, 12.5, 17.5, 22.5, 27.5, 30]);
    assert.deepEqual(row('labels'), [0, 0, 10, 10, 20, 20, 30, 30]);
  });

  it('leaves the rest of the picture alone', () => {
    const left = phantom([2, 6, 4], () => 3, [1, 2, 3]);
    const picture = shown(1);
    const pixels = new Uint32Array(picture.values.length).fill(1);
    tintOf(overlayOf(left, 'labels'), grid)(picture, pixels);
    const colour = labelColour(3);
    assert.ok(colour);
    const inside = pixelOf(colour, 255);
    assert.deepEqual([...pixels.subarray(0, 4)], [inside, inside, 0, 0]);
  });

  it('is painted by its values, slope and intercept applied', () => {
    const map = phantom([8, 6, 4], (x) => (x - 4) * 25, [1, 2, 3]);
    const picture = shown(1);
    const pixels = new Uint32Array(picture.values.length);
    tintOf(overlayOf(map, 'heat'), grid)(picture, pixels);
    assert.deepEqual(
      [...pixels.subarray(0, 8)],
      [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75].map(heatColour),
    );
    tintOf(overlayOf(map, 'heat', 25), grid)(picture, pixels);
    assert.equal(pixels[3], heatColour(0));
  });

  it('is of labels where it stores whole numbers', () => {
    const plain = { slope: 1, intercept: 0 };
    for (const dtype of ['uint8', 'int16', 'int32', 'int64']) {
      assert.equal(overlayKind({ dtype, ...plain }), 'labels', dtype);
    }
    for (const dtype of ['float32', 'float64']) {
      assert.equal(overlayKind({ dtype, ...plain }), 'heat', dtype);
    }
    assert.equal(overlayKind({ dtype: 'uint8', slope: 1 / 255, intercept: 0 }), 'heat');
    assert.deepEqual([strongestOf(-7, 3), strongestOf(0, 0), strongestOf(null, null)], [7, 1, 1]);
  });
});

describe('Colours of overlays', () => {
  const bytes = (pixel: number): number[] => [...new Uint8Array(Uint32Array.of(pixel).buffer)];

  it('are red, green, blue and opacity in the order of a canvas', () => {
    assert.deepEqual(bytes(pixelOf([1, 2, 3], 255)), [1, 2, 3, 255]);
    assert.deepEqual(bytes(pixelOf([255, 254, 253], 128)), [255, 254, 253, 128]);
  });

  it('tell the first twelve labels apart, and give none to what is no label', () => {
    const labels = Array.from({ length: 12 }, (_, at) => labelColour(at + 1));
    assert.equal(new Set(labels).size, 12);
    assert.ok(!labels.includes(undefined));
    assert.equal(labelColour(13), labelColour(1));
    assert.deepEqual([0, -1, 0.4, NaN].map(labelColour), [
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of a map grow with its values, for and against in two hues', () => {
    assert.equal(bytes(heatColour(0))[3], 0);
    assert.equal(bytes(heatColour(NaN))[3], 0);
    assert.deepEqual(
      [0.5, 1, 7].map((share) => bytes(heatColour(share))[3]),
      [128, 255, 255],
    );
    const [red, , blue] = bytes(heatColour(1));
    const [redAgainst, , blueAgainst] = bytes(heatColour(-1));
    assert.ok(red > blue && blueAgainst > redAgainst);
  });
});
