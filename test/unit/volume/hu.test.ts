import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import { describeVolume } from '../../../src/core/volume/describe';
import { judgeHu } from '../../../src/core/volume/hu';
import { phantom } from './phantom';

const stored = { slope: 1, intercept: 0 };
const scaled = { slope: 1, intercept: -1024 };

/** Air, lung, soft tissue and bone in about the shares of a chest, with noise. */
function chest(shift = 0): Float32Array {
  const random = Random.fromSeed(1);
  const tissues = [-1000, -1000, -1000, -850, -850, -100, 40, 40, 40, 500];
  return Float32Array.from(
    { length: 5000 },
    () => Math.max(-1024, random.pick(tissues) + 20 * random.normal()) + shift,
  );
}

/** The same with a tenth of it outside the field of view. */
function padded(padding: number, shift = 0): Float32Array {
  return chest(shift).map((hu, at) => (at % 10 === 0 ? padding + shift : hu));
}

describe('judgeHu', () => {
  it('believes air near -1000 and tissue near 0, padding set aside', () => {
    for (const voxels of [chest(), padded(-1024), padded(-2000), padded(-3024), padded(-32768)]) {
      assert.deepEqual(judgeHu(voxels, stored), { source: 'stored' });
      assert.deepEqual(judgeHu(voxels, scaled), { source: 'slope_intercept' });
    }
  });

  it('sees that slope and intercept were applied twice', () => {
    for (const voxels of [chest(-1024), padded(-2000, -1024)]) {
      const { source, note } = judgeHu(voxels, scaled);
      assert.equal(source, 'uncertain');
      assert.match(note ?? '', /twice/);
    }
  });

  it('sees that an intercept is missing', () => {
    const { source, note } = judgeHu(chest(1024), stored);
    assert.equal(source, 'uncertain');
    assert.match(note ?? '', /missing/);
  });

  it('doubts what shows no chest', () => {
    const empty = new Float32Array(0);
    const flat = new Float32Array(100).fill(-1000);
    const nothing = new Float32Array(100).fill(NaN);
    const labels = Float32Array.from({ length: 100 }, (_, at) => at % 5);
    const low = chest().map((hu, at) => (at % 100 === 0 ? -3500 - at : hu));
    for (const voxels of [empty, flat, nothing, labels, low]) {
      const { source, note } = judgeHu(voxels, stored);
      assert.equal(source, 'uncertain');
      assert.ok(note);
    }
  });
});

describe('describeVolume', () => {
  it('tells range, place and doubts in the words of the command line', () => {
    const values = [-1000, -1000, -900, 40, 60, NaN, 700, Infinity];
    const info = describeVolume(phantom([2, 2, 2], (x, y, z) => values[x + 2 * y + 4 * z]));
    assert.deepEqual([info.min, info.max, info.hu_source], [-1000, 700, 'stored']);
    assert.deepEqual([info.shape, info.axcodes], [[2, 2, 2], 'LPS']);
    assert.equal(info.note, '2 voxels are NaN or infinite.');
  });

  it('notes what deserves a second look', () => {
    const scan = phantom([2, 2, 2], (x) => (x === 0 ? -1000 : 40));
    const noteOf = (header: Partial<typeof scan.header>): string =>
      describeVolume({ ...scan, header: { ...scan.header, ...header } }).note ?? '';
    assert.equal(noteOf({}), '');
    assert.match(noteOf({ frames: 3 }), /3 frames/);
    assert.match(noteOf({ axcodes: '???' }), /singular/);
    assert.match(noteOf({ spacingMm: [1, 1, 2] }), /disagree/);
    assert.match(noteOf({ spacingMm: [0.001, 1, 1] }), /other units/);
  });
});
