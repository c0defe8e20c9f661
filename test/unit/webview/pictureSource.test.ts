import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { CancelledError } from '../../../src/core/errors';
import type { Slab } from '../../../src/core/volume/slab';
import type { Plane } from '../../../src/core/volume/types';
import type { VoxelField } from '../../../src/core/volume/voxelField';
import type { PreviewSlice } from '../../../src/protocol/preview';
import { FineSlices, huOf, isFinal, pictureOf } from '../../../src/webview/preview/pictureSource';
import { fieldOf } from '../volume/field';
import { phantom } from '../volume/phantom';

const one = { projection: 'maximum', slices: 1 } as const;

describe('The picture of a plane', () => {
  const scan = phantom([2, 2, 3], (x, y, z) => x + 10 * y + 100 * z);
  const field = fieldOf(scan, { type: 'int16', slope: 2, intercept: -1024 });

  it('knows the HU of its pixels', () => {
    const picture = pictureOf(field, 'axial', 1, one, false);
    assert.ok(picture);
    assert.deepEqual(
      [0, 1, 2, 3].map((at) => huOf(picture, at)),
      [-824, -822, -804, -802],
    );
    assert.equal(picture.isCoarse, false);
  });

  it('is that of the nearest slice that is there, and nothing before any is', () => {
    const arrived = Uint8Array.of(0, 0, 1);
    assert.equal(pictureOf({ ...field, arrived }, 'axial', 0, one, true)?.index, 2);
    const coronal = pictureOf({ ...field, arrived }, 'coronal', 0, one, false);
    assert.ok(coronal);
    // The head is up: only the first row has arrived.
    assert.deepEqual(
      [0, 1, 2].map((at) => huOf(coronal, at)),
      [-624, -622, undefined],
    );
    const nothing = { ...field, arrived: new Uint8Array(3) };
    assert.equal(pictureOf(nothing, 'axial', 0, one, false), undefined);
  });

  it('is final once nothing that arrives can change it', () => {
    const half = { ...field, arrived: Uint8Array.of(0, 1, 1) };
    const slab = { projection: 'maximum', slices: 3 } as const;
    const finals: [VoxelField, Plane, number, Slab, boolean][] = [
      [half, 'axial', 1, one, true],
      // The nearest slice, until that one comes.
      [half, 'axial', 0, one, false],
      [half, 'coronal', 0, one, false],
      // Nothing is missing in it, and yet a slice is to come.
      [half, 'axial', 1, slab, false],
      [field, 'axial', 1, slab, true],
      [field, 'coronal', 0, one, true],
    ];
    for (const [drawn, plane, index, thickness, expected] of finals) {
      const picture = pictureOf(drawn, plane, index, thickness, false);
      assert.ok(picture);
      assert.equal(isFinal(picture, drawn, index, thickness), expected);
      const coarse = { ...picture, isCoarse: true };
      assert.equal(isFinal(coarse, drawn, index, thickness), false);
    }
  });
});

describe('Slices in full resolution', () => {
  interface Load {
    readonly plane: Plane;
    readonly index: number;
    readonly signal: AbortSignal;
    readonly answer: (slice: PreviewSlice | null) => Promise<void>;
    readonly fail: (error: Error) => Promise<void>;
  }

  function sliceOf({ plane, index }: Pick<Load, 'plane' | 'index'>): PreviewSlice {
    return { plane, index, width: 2, height: 1, hu: Int16Array.of(-5, 7), pixelMm: [1, 1] };
  }

  function underTest() {
    const loads: Load[] = [];
    const shown: string[] = [];
    const errors: unknown[] = [];
    const fine = new FineSlices(
      (plane, index, signal) =>
        new Promise((resolve, reject) => {
          const then = (tell: () => void): Promise<void> => {
            tell();
            return turn();
          };
          loads.push({
            plane,
            index,
            signal,
            answer: (slice) =>
              then(() => {
                resolve(slice);
              }),
            fail: (error) =>
              then(() => {
                reject(error);
              }),
          });
        }),
      (picture) => {
        assert.deepEqual([huOf(picture, 0), huOf(picture, 1), picture.isCoarse], [-5, 7, false]);
        shown.push(`${picture.plane} ${picture.index}`);
      },
      (error) => errors.push(error),
    );
    return { fine, loads, shown, errors };
  }

  it('are those that are wanted now; what a plane left is given up', async () => {
    const { fine, loads, shown, errors } = underTest();
    fine.want('axial', 4);
    fine.want('axial', 4);
    fine.want('coronal', 1);
    fine.want('axial', 5);
    assert.deepEqual(
      loads.map(({ plane, index }) => `${plane} ${index}`),
      ['axial 4', 'coronal 1', 'axial 5'],
    );
    assert.deepEqual(
      loads.map(({ signal }) => signal.aborted),
      [true, false, false],
    );
    await loads[0].fail(new CancelledError());
    await loads[2].answer(sliceOf(loads[2]));
    await loads[1].answer(sliceOf(loads[1]));
    assert.deepEqual([shown, errors], [['axial 5', 'coronal 1'], []]);
  });

  it('are not shown late, also when the plane came back meanwhile', async () => {
    const { fine, loads, shown, errors } = underTest();
    fine.want('axial', 4);
    fine.want('axial', 5);
    fine.want('axial', 4);
    await loads[0].answer(sliceOf(loads[0]));
    await loads[1].fail(new Error('gone'));
    assert.deepEqual([shown, errors], [[], []]);
    await loads[2].answer(sliceOf(loads[2]));
    assert.deepEqual(shown, ['axial 4']);
  });

  it('that are not there yet are wanted anew once all was forgotten', async () => {
    const { fine, loads, shown } = underTest();
    fine.want('axial', 4);
    await loads[0].answer(null);
    fine.want('axial', 4);
    assert.equal(loads.length, 1);
    fine.retry();
    fine.want('axial', 4);
    await loads[1].answer(sliceOf(loads[1]));
    assert.deepEqual(shown, ['axial 4']);
  });

  it('that came last are there again after a slab, or once the whole volume is read', async () => {
    const { fine, loads } = underTest();
    fine.want('axial', 4);
    await loads[0].answer(sliceOf(loads[0]));
    fine.retry();
    fine.want('axial', 4);
    assert.equal(fine.at('axial', 4)?.index, 4);
    assert.deepEqual([fine.at('axial', 5), fine.at('coronal', 4)], [undefined, undefined]);
    assert.equal(loads.length, 1);
    fine.forget();
    assert.equal(fine.at('axial', 4), undefined);
  });

  it('of a volume that was left are not shown in the next', async () => {
    const { fine, loads, shown, errors } = underTest();
    fine.want('axial', 4);
    fine.forget();
    fine.want('axial', 4);
    await loads[0].answer(sliceOf(loads[0]));
    assert.deepEqual(shown, []);
    await loads[1].fail(new Error('gone'));
    assert.match(String(errors), /gone/);
  });
});
