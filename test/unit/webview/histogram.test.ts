import assert from 'node:assert/strict';
import {
  HistogramCounts,
  histogramOf,
  histogramRange,
} from '../../../src/webview/preview/histogram';
import { fieldOf } from '../volume/field';
import { phantom } from '../volume/phantom';

const never = new AbortController().signal;

describe('The histogram', () => {
  it('counts voxels in 256 equal steps of HU, those beyond at the ends', async () => {
    // 0, 1, …, 599 stored: HU -512 to 686.
    const scan = phantom([10, 10, 6], (x, y, z) => x + 10 * y + 100 * z);
    const field = fieldOf(scan, { type: 'int16', slope: 2, intercept: -512 });
    const histogram = await histogramOf(field, [-256, 256], never);
    assert.ok(histogram);
    assert.deepEqual([histogram.min, histogram.max, histogram.counts.length], [-256, 256, 256]);
    // One stored value a step of 2 HU; below -256 are 128 more, from 256 on 216.
    assert.deepEqual([histogram.counts[0], histogram.counts[255]], [1 + 128, 1 + 216]);
    assert.ok(histogram.counts.slice(1, -1).every((count) => count === 1));
  });

  it('leaves out what is no number, and knows of no step where all are the same', async () => {
    const field = fieldOf({
      ...phantom([4, 1, 1], () => 0),
      voxels: Float32Array.of(NaN, 5, 5, Infinity),
    });
    const spread = await histogramOf(field, [0, 10], never);
    assert.equal(spread?.counts[128], 2);
    assert.equal(spread.counts[255], 1);
    assert.equal(
      spread.counts.reduce((sum, count) => sum + count),
      3,
    );
    const same = await histogramOf(fieldOf(phantom([4, 1, 1], () => 7)), [7, 7], never);
    assert.equal(same?.counts[0], 4);
  });

  it('is counted once a volume, and given up for another one', async () => {
    const [first, second] = [3, 7].map((value) => fieldOf(phantom([4, 1, 1], () => value)));
    const histograms = new HistogramCounts();
    const left = histograms.of(first, [0, 10]);
    const counted = histograms.of(second, [0, 10]);
    assert.equal(histograms.of(second, [0, 10]), counted);
    assert.equal(await left, undefined);
    assert.equal((await counted)?.counts[179], 4);
  });

  it('is given up when nobody waits for it', async () => {
    const field = fieldOf(phantom([4, 1, 1], () => 0));
    assert.equal(await histogramOf(field, [0, 1], AbortSignal.abort()), undefined);
  });

  it('spans what CT is made of, and all of anything else', () => {
    assert.deepEqual(histogramRange(-1024, 3071, true), [-1024, 2000]);
    assert.deepEqual(histogramRange(-3024, 1500, true), [-1200, 1500]);
    assert.deepEqual(histogramRange(-3024, 9000, false), [-3024, 9000]);
    assert.deepEqual(histogramRange(null, null, false), [0, 1]);
  });
});
