import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  panned,
  pictureBox,
  wholePicture,
  zoomed,
  type PaneView,
} from '../../../src/webview/preview/paneView';

const picture = { columns: 100, rows: 50, pixelMm: [1, 2] as const };
const pane = { width: 300, height: 400 };
const share = fc.double({ min: 0, max: 1, noNaN: true });

/** Where a place of the picture stands in the pane, CSS pixels. */
function onScreen(view: PaneView, at: { x: number; y: number }): [number, number] {
  const { left, top, width, height } = pictureBox(view, picture, pane);
  return [left + at.x * width, top + at.y * height];
}

describe('The part of a picture that a pane shows', () => {
  it('is first the whole picture, in the middle, at true proportions', () => {
    const { left, top, width, height } = pictureBox(wholePicture, picture, pane);
    assert.deepEqual([left, top, width, height], [0, 50, 300, 300]);
  });

  it('keeps the place under the pointer where it is when it is enlarged', () => {
    const factor = fc.double({ min: 1.01, max: 4, noNaN: true });
    fc.assert(
      fc.property(share, share, factor, factor, share, share, (x, y, first, second, px, py) => {
        const before = zoomed(wholePicture, first, { x: px, y: py });
        const after = zoomed(before, second, { x, y });
        onScreen(after, { x, y }).forEach((place, axis) => {
          assert.ok(Math.abs(place - onScreen(before, { x, y })[axis]) < 1e-6);
        });
      }),
    );
  });

  it('is never less than the pane and never larger than 32 times', () => {
    assert.equal(zoomed(zoomed(wholePicture, 1000), 2).zoom, 32);
    const small = zoomed(zoomed(wholePicture, 3, { x: 0.9, y: 0.1 }), 0.1);
    assert.deepEqual(small, wholePicture);
  });

  it('moves with the picture, whose middle stays in sight', () => {
    const view = zoomed(wholePicture, 4);
    const moved = panned(view, 0.1, -0.2);
    const [x, y] = onScreen(moved, { x: 0.5, y: 0.5 });
    // A tenth of the picture's 1200 pixels to the right, a fifth upwards.
    assert.deepEqual([Math.round(x), Math.round(y)], [150 + 120, 200 - 240]);
    assert.deepEqual(panned(view, -9, 9).centre, { x: 1, y: 0 });
    // All of it is in sight already.
    assert.equal(panned(wholePicture, 0.1, 0.1), wholePicture);
  });
});
