import assert from 'node:assert/strict';
import { huWindows, windowToGray } from '../../../src/core/volume/windows';
import { draggedWindow, fullRangeWindow, Windowing } from '../../../src/webview/shared/windowing';

/** The four bytes of each pixel. */
function painted(windowing: Windowing, hu: Int16Array | Float32Array): number[][] {
  const pixels = new Uint32Array(hu.length);
  windowing.paint(hu, pixels);
  const bytes = new Uint8Array(pixels.buffer);
  return Array.from(hu, (_, i) => [...bytes.subarray(4 * i, 4 * i + 4)]);
}

describe('Windowing', () => {
  it('paints known greys: black at the lower end, white at the upper, grey between', () => {
    const windowing = new Windowing({ level: 100, width: 200 });
    assert.deepEqual(painted(windowing, Int16Array.of(-5, 0, 120, 200, 3000)), [
      [0, 0, 0, 255],
      [0, 0, 0, 255],
      [153, 153, 153, 255],
      [255, 255, 255, 255],
      [255, 255, 255, 255],
    ]);
  });

  it('gives 16-bit and float slices the same pixels, those of `ct-mcqa preview`', () => {
    const hu = Float32Array.from({ length: 65536 }, (_, i) => i - 32768);
    for (const window of Object.values(huWindows)) {
      const windowing = new Windowing(window);
      const floats = painted(windowing, hu);
      assert.deepEqual(painted(windowing, Int16Array.from(hu)), floats);
      assert.deepEqual(
        floats.map(([red]) => red),
        [...windowToGray(hu, window)],
      );
    }
  });

  it('paints NaN black', () => {
    assert.deepEqual(painted(new Windowing({ level: 0, width: 10 }), Float32Array.of(NaN)), [
      [0, 0, 0, 255],
    ]);
  });
});

describe('draggedWindow', () => {
  it('changes the width sideways, the level up and down, never below a width of 1', () => {
    const start = { level: 40, width: 600 };
    assert.deepEqual(draggedWindow(start, 50, 0), { level: 40, width: 700 });
    assert.deepEqual(draggedWindow(start, 0, -10), { level: 20, width: 600 });
    assert.equal(draggedWindow(start, -9999, 0).width, 1);
  });
});

describe('fullRangeWindow', () => {
  it('spans all values, also of constant or empty volumes', () => {
    assert.deepEqual(fullRangeWindow(0, 255), { level: 127.5, width: 255 });
    assert.deepEqual(fullRangeWindow(7, 7), { level: 7, width: 1 });
    assert.deepEqual(fullRangeWindow(null, null), { level: 0.5, width: 1 });
  });
});
