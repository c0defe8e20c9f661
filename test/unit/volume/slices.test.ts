import assert from 'node:assert/strict';
import { PNG } from 'pngjs';
import { UserError } from '../../../src/core/errors';
import { reorient } from '../../../src/core/volume/orientation';
import { encodePng, renderPreview } from '../../../src/core/volume/pictures';
import { extractSlice, sliceCount } from '../../../src/core/volume/slices';
import type { Plane } from '../../../src/core/volume/types';
import { huWindows, parseWindow, windowToGray } from '../../../src/core/volume/windows';
import { allAxisCodes, phantom } from './phantom';

/** x runs to the patient's left, y to the back, z to the head. */
const scan = phantom([5, 4, 3], (x, y, z) => x + 10 * y + 100 * z, [1, 2, 3]);
const planes: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

describe('extractSlice', () => {
  it('shows axial slices from below, the front up', () => {
    const slice = extractSlice(scan, 'axial', 2);
    assert.deepEqual([slice.width, slice.height, slice.pixelMm], [5, 4, [1, 2]]);
    assert.deepEqual([...slice.hu.subarray(0, 6)], [200, 201, 202, 203, 204, 210]);
  });

  it('shows coronal slices from the front, the head up', () => {
    const slice = extractSlice(scan, 'coronal', 1);
    assert.deepEqual([slice.width, slice.height, slice.pixelMm], [5, 3, [1, 3]]);
    assert.deepEqual([...slice.hu.subarray(0, 6)], [210, 211, 212, 213, 214, 110]);
  });

  it("shows sagittal slices from the patient's left, the head up", () => {
    const slice = extractSlice(scan, 'sagittal', 3);
    assert.deepEqual([slice.width, slice.height, slice.pixelMm], [4, 3, [2, 3]]);
    assert.deepEqual([...slice.hu.subarray(0, 5)], [203, 213, 223, 233, 103]);
  });

  it('shows the same however the volume is stored', () => {
    for (const codes of allAxisCodes) {
      const stored = reorient(scan, codes);
      for (const plane of planes) {
        const count = sliceCount(stored.header, plane);
        assert.equal(count, sliceCount(scan.header, plane));
        for (let index = 0; index < count; index++) {
          assert.deepEqual(extractSlice(stored, plane, index), extractSlice(scan, plane, index));
        }
      }
    }
  });

  it('refuses slices that are not there', () => {
    for (const index of [-1, 3, 0.5, NaN]) {
      assert.throws(() => extractSlice(scan, 'axial', index), RangeError);
    }
  });
});

describe('display windows', () => {
  it('map their range to black and white', () => {
    const hu = Float32Array.of(-2000, -160, 39.9, 240, 9999, NaN, Infinity);
    assert.deepEqual([...windowToGray(hu, huWindows.soft)], [0, 0, 127, 255, 255, 0, 255]);
  });

  it('are named or written as level and width', () => {
    assert.equal(parseWindow('Lung'), huWindows.lung);
    assert.deepEqual(parseWindow(' -500, 1400'), { level: -500, width: 1400 });
    for (const text of ['', 'liver', '40', '40,', ',400', '40,0', '40,-1', '1,2,3', 'toString']) {
      assert.throws(() => parseWindow(text), UserError, text);
    }
  });
});

describe('renderPreview', () => {
  it('draws three planes to one scale in a PNG that decodes to the same greys', () => {
    const picture = renderPreview(scan, { level: 100, width: 200 });
    // Planes of 5 x 8, 5 x 9 and 8 x 9 mm at 1 mm a pixel, 8 pixels between them.
    assert.deepEqual([picture.width, picture.height], [5 + 8 + 5 + 8 + 8, 9]);
    const decoded = PNG.sync.read(Buffer.from(encodePng(picture)));
    assert.deepEqual([decoded.width, decoded.height], [picture.width, picture.height]);
    assert.deepEqual(
      picture.gray,
      Uint8Array.from({ length: picture.gray.length }, (_, at) => decoded.data[4 * at]),
    );
    const between = picture.gray.filter((_, at) => at % picture.width === 7);
    assert.ok(between.every((gray) => gray === 0));
    assert.ok(picture.gray.some((gray) => gray > 0));
  });

  it('keeps large volumes within 512 pixels a side', () => {
    const large = phantom([600, 2, 2], () => 0, [1, 400, 1]);
    const { width, height } = renderPreview(large, huWindows.lung);
    assert.ok(height <= 512 && width <= 3 * 512 + 2 * 8);
  });
});
