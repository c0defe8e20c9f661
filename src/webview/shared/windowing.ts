import type { HuWindow } from '../../core/volume/types';
import { windowToGray } from '../../core/volume/windows';

/** Windows narrower than this show noise only. */
const narrowestWindow = 1;

/** Every value of 16 bits, in the order of its bits. */
function allInt16(): Float32Array {
  return Float32Array.from({ length: 65536 }, (_, bits) => (bits << 16) >> 16);
}

/**
 * Turns HU into pixels of one window. 16-bit slices go through a table of all 65,536 values, which
 * is made once and serves every slice.
 */
export class Windowing {
  private table: Uint32Array | undefined;

  constructor(readonly window: HuWindow) {}

  /** Writes one opaque grey RGBA pixel a value into `pixels`, which has room for them. */
  paint(hu: Int16Array | Float32Array, pixels: Uint32Array): void {
    if (hu instanceof Int16Array) {
      this.table ??= pixelsOf(windowToGray(allInt16(), this.window));
      const { table } = this;
      for (let i = 0; i < hu.length; i++) {
        pixels[i] = table[hu[i] & 0xffff];
      }
    } else {
      pixels.set(pixelsOf(windowToGray(hu, this.window)));
    }
  }
}

/** The bytes R, G, B, A of each pixel read as one little-endian number, as every browser stores it. */
function pixelsOf(gray: Uint8Array): Uint32Array {
  return Uint32Array.from(gray, (value) => (0xff000000 | (value * 0x010101)) >>> 0);
}

/**
 * The window after a drag by (right, up) CSS pixels: sideways the width, up and down the level, in
 * steps that grow with the width, so that a wide window does not need a long way.
 */
export function draggedWindow(start: HuWindow, right: number, up: number): HuWindow {
  const step = Math.max(start.width / 300, 0.5);
  return {
    level: Math.round(start.level + up * step),
    width: Math.max(narrowestWindow, Math.round(start.width + right * step)),
  };
}

/** A window over all values of a volume, for values that are not HU. */
export function fullRangeWindow(min: number | null, max: number | null): HuWindow {
  const [low, high] = [min ?? 0, max ?? 1];
  return { level: (low + high) / 2, width: high > low ? high - low : 1 };
}
