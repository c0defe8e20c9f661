import type { HuWindow } from '../../core/volume/types';
import type { EncodedVoxels } from '../../core/volume/voxelEncoding';
import { windowToGray } from '../../core/volume/windows';

/** Windows narrower than this show noise only. */
const narrowestWindow = 1;

/** HU = value * slope + intercept. */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

const plain: Scaling = { slope: 1, intercept: 0 };

/** Every value of the types of up to 16 bits, in the order of its bits. */
const allValues = {
  Uint8Array: (bits: number) => bits & 0xff,
  Int8Array: (bits: number) => (bits << 24) >> 24,
  Uint16Array: (bits: number) => bits,
  Int16Array: (bits: number) => (bits << 16) >> 16,
} as const;

/**
 * Turns values into pixels of one window. Those of up to 16 bits go through a table of all 65,536
 * values, which is made once and serves every slice.
 */
export class Windowing {
  private readonly tables = new Map<string, Uint32Array>();

  constructor(readonly window: HuWindow) {}

  /**
   * Writes one opaque grey RGBA pixel a value into `pixels`, which has room for them; a transparent
   * one where `missing` is 1.
   */
  paint(
    values: EncodedVoxels,
    pixels: Uint32Array,
    scaling: Scaling = plain,
    missing?: Uint8Array,
  ): void {
    if (values instanceof Float32Array) {
      pixels.set(pixelsOf(windowToGray(huOf(values, scaling), this.window)));
    } else {
      const table = this.tableFor(values, scaling);
      for (let i = 0; i < values.length; i++) {
        pixels[i] = table[values[i] & 0xffff];
      }
    }
    if (missing !== undefined) {
      for (let i = 0; i < missing.length; i++) {
        pixels[i] = missing[i] === 1 ? 0 : pixels[i];
      }
    }
  }

  private tableFor(
    values: Exclude<EncodedVoxels, Float32Array>,
    { slope, intercept }: Scaling,
  ): Uint32Array {
    const type = values.constructor.name as keyof typeof allValues;
    const key = `${type} ${slope} ${intercept}`;
    const known = this.tables.get(key);
    if (known !== undefined) {
      return known;
    }
    const hu = new Float32Array(0x10000);
    const valueOf = allValues[type];
    for (let bits = 0; bits < hu.length; bits++) {
      hu[bits] = valueOf(bits) * slope + intercept;
    }
    const table = pixelsOf(windowToGray(hu, this.window));
    this.tables.set(key, table);
    return table;
  }
}

function huOf(values: Float32Array, { slope, intercept }: Scaling): Float32Array {
  return slope === 1 && intercept === 0 ? values : values.map((value) => value * slope + intercept);
}

/** The bytes R, G, B, A of each pixel read as one little-endian number, as every browser stores it. */
function pixelsOf(gray: Uint8Array): Uint32Array {
  const pixels = new Uint32Array(gray.length);
  for (let i = 0; i < gray.length; i++) {
    pixels[i] = 0xff000000 | (gray[i] * 0x010101);
  }
  return pixels;
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
