import assert from 'node:assert/strict';
import { inWords, type Sentence } from '../../../src/core/sentence';
import fc from 'fast-check';
import { Random } from '../../../src/core/random';
import { describeVolume } from '../../../src/core/volume/describe';
import { HuSampler, judgeHu } from '../../../src/core/volume/hu';
import type { HuKind, ScalingHeader } from '../../../src/core/volume/hu';
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

/** Kind and source that values are judged to have. */
function judged(voxels: Float32Array, header: ScalingHeader = stored): string[] {
  const { kind, source } = judgeHu(voxels, header);
  return [kind, source];
}

/** Cut off at the ends of a range. */
function clipped(low: number, high: number): Float32Array {
  return chest().map((hu) => Math.min(high, Math.max(low, hu)));
}

/** A window as a picture of 8 bits shows it. */
function picture(low: number, high: number): Float32Array {
  return clipped(low, high).map((hu) => Math.round(((hu - low) / (high - low)) * 255));
}

function words(said: Sentence | undefined): string {
  return said === undefined ? '' : inWords(said);
}

describe('judgeHu', () => {
  it('believes air near -1000 and tissue near 0, padding set aside', () => {
    for (const voxels of [chest(), padded(-1024), padded(-2000), padded(-3024), padded(-32768)]) {
      assert.deepEqual(judgeHu(voxels, stored), { source: 'stored', kind: 'hounsfield' });
      assert.deepEqual(judgeHu(voxels, scaled), { source: 'slope_intercept', kind: 'hounsfield' });
    }
  });

  it('sees that slope and intercept were applied twice', () => {
    for (const voxels of [chest(-1024), padded(-2000, -1024), chest(-8192)]) {
      const { source, kind, note, reason } = judgeHu(voxels, scaled);
      assert.deepEqual([source, kind], ['uncertain', 'rescaled_twice']);
      assert.match(words(note), /twice/);
      assert.match(words(reason), /^\d+ % of voxels below -1150 HU; lowest -\d+$/);
    }
  });

  it('sees that an intercept is missing, and which', () => {
    for (const intercept of [-1024, -8192]) {
      const { source, kind, note, remedy } = judgeHu(chest(-intercept), stored);
      assert.deepEqual([source, kind], ['uncertain', 'raw_stored']);
      assert.match(words(note), new RegExp(`about ${intercept} is probably missing`));
      assert.equal(remedy?.rescale, 'csv');
    }
  });

  it('says which choice of slope and intercept makes HU of them', () => {
    const remedies: [ScalingHeader, number, string | undefined][] = [
      // The file holds HU, its header lists an intercept all the same.
      [scaled, -1024, 'none'],
      // The table's intercept on a file of HU; the choice "none" on a file of stored values.
      [{ ...scaled, fileScaling: { slope: 1, intercept: 0 } }, -1024, 'auto'],
      [{ ...stored, fileScaling: { slope: 1, intercept: -1024 } }, 1024, 'auto'],
      // Twice in the file itself: no choice helps.
      [stored, -1024, undefined],
    ];
    for (const [header, shift, choice] of remedies) {
      assert.equal(judgeHu(chest(shift), header).remedy?.rescale, choice);
    }
  });

  it('names the range that values were clipped to, and believes what is left', () => {
    for (const [low, high, said] of [
      [-1000, 200, /^Clipped to \[-1000, 200\] HU/],
      // Scanners themselves store nothing below -1024.
      [-1024, 400, /400\]? HU/],
    ] as const) {
      const { source, kind, note } = judgeHu(clipped(low, high), stored);
      assert.deepEqual([source, kind], ['stored', 'clipped']);
      assert.match(words(note), said);
    }
    // Nothing of it lies above.
    assert.deepEqual(judged(clipped(-1000, 1000)), ['hounsfield', 'stored']);
    assert.deepEqual(judged(clipped(-900, 3000)), ['clipped', 'stored']);
    assert.deepEqual(judged(clipped(-160, 240)), ['clipped', 'uncertain']);
  });

  it('tells pictures of 8 bits, coarse HU and normalised values', () => {
    assert.deepEqual(judged(picture(-1350, 150)), ['eight_bit', 'uncertain']);
    assert.deepEqual(judged(picture(-160, 240)), ['eight_bit', 'uncertain']);
    const coarse = picture(-1350, 500).map((gray) => -1350 + (gray / 255) * 1850);
    assert.deepEqual(judged(coarse), ['eight_bit', 'stored']);
    const normalisations = [
      (hu: number) => Math.max(-1, Math.min(1, hu / 1000)),
      (hu: number) => (Math.max(-1000, Math.min(400, hu)) + 1000) / 1400,
      (hu: number) => (hu + 500) / 450,
    ];
    for (const normalise of normalisations) {
      assert.deepEqual(judged(chest().map(normalise)), ['normalised', 'uncertain']);
    }
  });

  it('doubts what shows no chest', () => {
    const kinds: [Float32Array, HuKind][] = [
      [new Float32Array(0), 'none_finite'],
      [new Float32Array(100).fill(NaN), 'none_finite'],
      [new Float32Array(100).fill(-1000), 'constant'],
      [Float32Array.from({ length: 100 }, (_, at) => at % 5), 'labels'],
      [chest().map((hu, at) => (at % 100 === 0 ? -3500 - at : hu)), 'too_low'],
      [chest().map((hu) => Math.abs(hu) % 200), 'eight_bit'],
      [chest().map((hu) => 2000 + Math.abs(hu)), 'not_chest_ct'],
      [chest().map((hu) => (hu < -600 ? 0 : hu)), 'not_chest_ct'],
    ];
    for (const [voxels, kind] of kinds) {
      const { note, reason, remedy, ...rest } = judgeHu(voxels, stored);
      assert.deepEqual(rest, { source: 'uncertain', kind });
      assert.ok(note && reason && remedy?.text);
    }
  });
});

describe('HuSampler', () => {
  const tissues = fc.constantFrom(-3024, -1024, -1000, -850, 0, 40, 200, 1000, 5000);
  const volumes = fc.record({
    stored: fc.array(tissues, { minLength: 1, maxLength: 60 }),
    pieces: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }),
    intercept: fc.constantFrom(0, -1024),
    repeats: fc.constantFrom(1, 7, 5000),
  });

  it('judges a volume in pieces of any size and order as the whole of it', () => {
    fc.assert(
      fc.property(volumes, ({ stored: some, pieces, intercept, repeats }) => {
        const voxels = Int16Array.from({ length: some.length * repeats }, (_, at) =>
          Math.min(some[at % some.length] + (at % 3), 32767),
        );
        const shape = [voxels.length, 1, 1] as const;
        const header = { slope: 1, intercept, shape };
        const sampler = new HuSampler(header, 'stored');
        const starts: [from: number, to: number][] = [];
        for (let from = 0, n = 0; from < voxels.length; n++) {
          const to = Math.min(voxels.length, from + (pieces[n] ?? voxels.length));
          starts.push([from, to]);
          from = to;
        }
        for (const [from, to] of starts.reverse()) {
          sampler.push(voxels.subarray(from, to), from);
        }
        const hu = Float32Array.from(voxels, (value) => value + intercept);
        assert.deepEqual(sampler.judge(), judgeHu(hu, header));
      }),
      { numRuns: 60 },
    );
  });

  it('judges what came so far', () => {
    const voxels = chest();
    const sampler = new HuSampler({ ...stored, shape: [voxels.length, 1, 1] });
    assert.equal(sampler.judge().kind, 'none_finite');
    sampler.push(voxels.subarray(1000, 3000), 1000);
    assert.equal(sampler.judge().kind, 'hounsfield');
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
