import type { Random } from '../random';

/** Sum of the four bytes of a random word: mean and standard deviation. */
const byteSum = { mean: 510, deviation: Math.sqrt((4 * (256 ** 2 - 1)) / 12) } as const;

/** What int16 CT files hold: 12 bits from -1024 HU. */
const storedRange = { low: -1024, high: 3071 } as const;

/**
 * What the scanner makes of the patient: noise, then the kernel, then whole HU.
 *
 * @param hu noiseless HU, z slowest, x fastest; not changed
 * @param size voxels along z, y, x
 * @param noiseHu standard deviation of the noise before the kernel
 * @param neighbourWeight see Kernel
 */
export function acquire(
  hu: Float32Array,
  size: readonly [number, number, number],
  noiseHu: number,
  neighbourWeight: number,
  random: Random,
): Int16Array {
  const noisy = addNoise(hu, noiseHu, random);
  const [, ny, nx] = size;
  for (const stride of [1, nx, nx * ny]) {
    filterAlong(noisy, stride, neighbourWeight);
  }
  const stored = new Int16Array(noisy.length);
  for (let at = 0; at < noisy.length; at++) {
    const value = Math.round(noisy[at]);
    stored[at] = Math.min(storedRange.high, Math.max(storedRange.low, value));
  }
  return stored;
}

/** Nearly normal noise: by the central limit theorem four bytes of one random word do. */
function addNoise(hu: Float32Array, deviation: number, random: Random): Float32Array {
  const noisy = new Float32Array(hu.length);
  const factor = deviation / byteSum.deviation;
  for (let at = 0; at < hu.length; at++) {
    const word = random.uint32();
    const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
    noisy[at] = hu[at] + factor * (sum - byteSum.mean);
  }
  return noisy;
}

/**
 * The filter [w, 1 - 2w, w] along the axis of a stride, in place. It runs across row ends, where
 * both neighbours are air at the border of the field.
 */
function filterAlong(values: Float32Array, stride: number, weight: number): void {
  const before = values.slice();
  const centre = 1 - 2 * weight;
  for (let at = stride; at < values.length - stride; at++) {
    values[at] = centre * before[at] + weight * (before[at - stride] + before[at + stride]);
  }
}
