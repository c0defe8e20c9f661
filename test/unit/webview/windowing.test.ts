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

  it('gives every type of up to 16 bits the pixels of its HU', () => {
    const ends = { Uint8Array: [0, 255], Int8Array: [-128, 127], Uint16Array: [0, 65535] };
    for (const type of [Uint8Array, Int8Array, Uint16Array]) {
      const [low, high] = ends[type.name as keyof typeof ends];
      const values = new type(Array.from({ length: high - low + 1 }, (_, at) => low + at));
      for (const scaling of [
        { slope: 1, intercept: 0 },
        { slope: 0.3629564, intercept: -1024 },
        { slope: -7, intercept: 0.5 },
      ]) {
        const { slope, intercept } = scaling;
        const hu = Float32Array.from(values, (value) => value * slope + intercept);
        const windowing = new Windowing({ level: 20, width: 700 });
        const [pixels, expected] = [new Uint32Array(values.length), new Uint32Array(values.length)];
        windowing.paint(values, pixels, scaling);
        windowing.paint(hu, expected);
        assert.deepEqual(pixels, expected);
        // Stored floats with a slope of their own.
        windowing.paint(Float32Array.from(values), pixels, scaling);
        assert.deepEqual(pixels, expected);
      }
    }
  });

  it('keeps the tables of two volumes in one window apart', () => {
    const windowing = new Windowing({ level: 100, width: 200 });
    const pixels = new Uint32Array(1);
    const grey = (intercept: number): number => {
      windowing.paint(Int16Array.of(50), pixels, { slope: 1, intercept });
      return pixels[0] & 0xff;
    };
    assert.deepEqual([grey(0), grey(100), grey(0)], [64, 191, 64]);
  });

  it('leaves what is missing transparent', () => {
    for (const values of [Int16Array.of(100, 100, 100), Float32Array.of(100, NaN, 100)]) {
      const pixels = new Uint32Array(3).fill(7);
      const windowing = new Windowing({ level: 0, width: 100 });
      windowing.paint(values, pixels, undefined, Uint8Array.of(0, 1, 0));
      assert.deepEqual([...pixels], [0xffffffff, 0, 0xffffffff]);
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
