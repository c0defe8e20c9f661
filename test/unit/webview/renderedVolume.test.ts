import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CancelledError } from '../../../src/core/errors';
import {
  blockOf,
  renderedVolume,
  type VoxelSource,
} from '../../../src/webview/preview/renderedVolume';

type Triple = readonly [number, number, number];

/** A source that lies in memory as it is seen: x fastest. */
function source(shape: Triple, valueAt: (x: number, y: number, z: number) => number): VoxelSource {
  const [nx, ny] = shape;
  const stored = Float32Array.from({ length: nx * ny * shape[2] }, (_, i) =>
    valueAt(i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))),
  );
  const strides = [1, nx, nx * ny] as const;
  return { shape, spacingMm: [1, 1, 1], stored, start: 0, strides, slope: 1, intercept: 0 };
}

describe('The volume that is rendered', () => {
  it('is the volume itself where that is small', async () => {
    const small = source([3, 2, 2], (x, y, z) => 100 * x + 10 * y + z);
    const rendered = await renderedVolume({ ...small, slope: 2, intercept: -50 });
    assert.deepEqual(rendered.shape, [3, 2, 2]);
    assert.deepEqual(rendered.spacingMm, [1, 1, 1]);
    assert.deepEqual(
      [...rendered.hu],
      [...small.stored].map((value) => 2 * value - 50),
    );
  });

  it('has means over blocks, and over what is left of them at the far ends', async () => {
    const long = source([5, 2, 2], (x) => 2 * x);
    // At most 2 x 2 x 2 voxels, no edge longer than 4.
    const { shape, spacingMm, hu } = await renderedVolume(long, 2);
    assert.deepEqual(blockOf(long, 2), [2, 2, 1]);
    assert.deepEqual(shape, [3, 1, 2]);
    assert.deepEqual(spacingMm, [2, 2, 1]);
    // Means of 0 and 2, of 4 and 6, of 8 alone.
    assert.deepEqual([...hu], [1, 5, 8, 1, 5, 8]);
  });

  it('looks along x to the left, y to the back, z upwards, however the voxels are stored', async () => {
    const valueAt = (x: number, y: number, z: number): number => 100 * x + 10 * y + z;
    const straight = source([4, 3, 2], valueAt);
    // Stored z fastest, x backwards.
    const stored = new Int16Array(24);
    const strides = [-6, 2, 1] as const;
    const start = 18;
    for (let x = 0; x < 4; x++) {
      for (let y = 0; y < 3; y++) {
        for (let z = 0; z < 2; z++) {
          stored[start - 6 * x + 2 * y + z] = valueAt(x, y, z);
        }
      }
    }
    const turned = await renderedVolume({ ...straight, stored, start, strides });
    assert.deepEqual(turned.hu, (await renderedVolume(straight)).hu);
  });

  it('keeps within what CT tells apart, and shows what is no number as air', async () => {
    const odd = [-8192, 30000, NaN, 40];
    const { hu } = await renderedVolume(source([4, 1, 1], (x) => odd[x]));
    assert.deepEqual([...hu], [-1024, 3071, -1024, 40]);
  });

  it('makes the shortest edges of voxels longer first, until all fits', () => {
    // Thick slices of 5 mm keep the detail within them.
    assert.deepEqual(blockOf({ shape: [512, 512, 64], spacingMm: [0.8, 0.8, 5] }, 192), [2, 2, 1]);
    assert.deepEqual(blockOf({ shape: [512, 512, 400], spacingMm: [0.7, 0.7, 1] }, 192), [3, 3, 2]);
    const anyVolume = fc.record({
      shape: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 1, max: 900 }))),
      spacingMm: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.1, max: 10, noNaN: true }))),
    });
    fc.assert(
      fc.property(anyVolume, ({ shape, spacingMm }) => {
        const triple = ([x, y, z]: number[]): Triple => [x, y, z];
        const volume = { shape: triple(shape), spacingMm: triple(spacingMm) };
        const edges = blockOf(volume, 64).map((by, axis) => Math.ceil(shape[axis] / by));
        assert.ok(edges[0] * edges[1] * edges[2] <= 64 ** 3);
        assert.ok(Math.max(...edges) <= 128);
      }),
    );
  });

  it('stops once it is cancelled', async () => {
    const cancelling = new AbortController();
    cancelling.abort();
    const work = renderedVolume(
      source([2, 2, 2], () => 0),
      192,
      cancelling.signal,
    );
    await assert.rejects(work, CancelledError);
  });
});
