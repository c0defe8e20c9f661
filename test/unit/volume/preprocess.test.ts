import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CancelledError, UserError } from '../../../src/core/errors';
import { reorient } from '../../../src/core/volume/orientation';
import { preprocess, profileFingerprint } from '../../../src/core/volume/preprocess';
import type { PreprocessingProfile } from '../../../src/core/volume/profile';
import { linearWeights, resizePicture, smoothWeights } from '../../../src/core/volume/resample';
import { Random } from '../../../src/core/random';
import { allAxisCodes, phantom } from './phantom';

type Profile<K> = Extract<PreprocessingProfile, { kind: K }>;

const fit = (size: Profile<'fit'>['size']): Profile<'fit'> => ({
  kind: 'fit',
  name: 'fit',
  orientation: 'LPS',
  size,
  clipHu: [-1000, 600],
});
const ctclip = (clip: Profile<'ctclip'>['clip']): Profile<'ctclip'> => ({
  kind: 'ctclip',
  name: 'ctclip',
  clip,
});

const random = Random.fromSeed(7);
const noise = phantom([9, 8, 7], () => random.between(-1500, 1500), [0.75, 0.75, 1.5]);

describe('resampling weights', () => {
  const axes = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }));

  it('sum to one, stay inside and lie about the place of their output', () => {
    fc.assert(
      fc.property(
        axes,
        fc.constantFrom(smoothWeights, linearWeights),
        ([inputs, outputs], make) => {
          const axis = make(inputs, outputs);
          for (let o = 0; o < outputs; o++) {
            const run = axis.weights.subarray(o * axis.taps, o * axis.taps + axis.count[o]);
            assert.ok(Math.abs(run.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-5);
            assert.ok(axis.first[o] >= 0 && axis.first[o] + axis.count[o] <= inputs);
            assert.ok(o === 0 || axis.first[o] >= axis.first[o - 1]);
            const centre = run.reduce((sum, weight, t) => sum + weight * (axis.first[o] + t), 0);
            const reach = Math.max(1, inputs / outputs);
            const expected = ((o + 0.5) * inputs) / outputs - 0.5;
            if (expected >= reach && expected <= inputs - 1 - reach) {
              // Sampled at a broken step a triangle is not quite balanced.
              const slack = make === smoothWeights && inputs > outputs ? 0.1 * reach : 1e-3;
              assert.ok(Math.abs(centre - expected) < slack);
            }
          }
        },
      ),
    );
  });

  it('count every input equally when shrinking by a whole factor', () => {
    const axis = smoothWeights(64, 16);
    const parts = new Float64Array(64);
    for (let o = 2; o < 14; o++) {
      for (let t = 0; t < axis.count[o]; t++) {
        parts[axis.first[o] + t] += axis.weights[o * axis.taps + t];
      }
    }
    parts.subarray(16, 48).forEach((part) => {
      assert.ok(Math.abs(part - 0.25) < 1e-6);
    });
  });

  it('are the same for enlarging, smooth or linear', () => {
    const pixels = Float32Array.of(1, 5, 2, 8);
    const row = [1, 2, 4, 4.25, 2.75, 3.5, 6.5, 8];
    assert.deepEqual([...resizePicture(pixels, [4, 1], [8, 1])], row);
    assert.deepEqual([...linearWeights(4, 8).first], [0, 0, 0, 1, 1, 2, 2, 2]);
  });
});

describe("the default model's profile", () => {
  it('maps HU linearly where the size fits, axes (z, y, x)', async () => {
    const { data, shape } = await preprocess(noise, fit([7, 8, 9]));
    assert.deepEqual(shape, [1, 7, 8, 9]);
    noise.voxels.forEach((hu, at) => {
      const expected = Math.max(-1, Math.min(1, (hu + 1000) / 800 - 1));
      assert.ok(Math.abs(data[at] - expected) < 1e-6);
    });
  });

  it('does not depend on how the volume is stored', async () => {
    const { data } = await preprocess(noise, fit([4, 6, 5]));
    for (const codes of allAxisCodes) {
      const turned = await preprocess(reorient(noise, codes), fit([4, 6, 5]));
      turned.data.forEach((value, at) => {
        assert.ok(Math.abs(value - data[at]) < 1e-5);
      });
    }
  });

  it('keeps thin findings when it shrinks', async () => {
    for (let bright = 8; bright < 56; bright++) {
      const thin = phantom([64, 1, 1], (x) => (x === bright ? 600 : -1000));
      const { data } = await preprocess(thin, fit([1, 1, 16]));
      const sum = data.reduce((total, value) => total + (value + 1) / 2, 0);
      assert.ok(Math.abs(sum - 0.25) < 1e-5, `column ${bright} leaves ${sum}`);
    }
  });

  it('takes NaN and padding for air, and stays within [-1, 1]', async () => {
    const odd = phantom([4, 4, 4], (x) => [NaN, -3024, Infinity, -Infinity][x]);
    const { data } = await preprocess(odd, fit([4, 4, 4]));
    assert.deepEqual([...data.subarray(0, 4)], [-1, -1, 1, -1]);
    const resized = await preprocess(odd, fit([3, 7, 5]));
    assert.ok(resized.data.every((value) => value >= -1 && value <= 1));
  });
});

describe("CT-CLIP's profile", () => {
  /** A voxel of CT-CLIP's tensor computed one by one, from the description in its code. */
  function expected(
    z: number,
    i: number,
    j: number,
    spacing: { z: number; xy: number },
    rescale: (hu: number) => number,
  ): number {
    const [ni, nj, nk] = noise.header.shape;
    const along = (out: number, inputs: number, factor: number, kept: number): number[] => {
      const outputs = Math.trunc(inputs * factor);
      const place =
        out - ((kept - Math.min(outputs, kept)) >> 1) + (Math.max(0, outputs - kept) >> 1);
      if (place < 0 || place >= outputs) {
        return [];
      }
      const at = Math.max(0, ((place + 0.5) * inputs) / outputs - 0.5);
      const low = Math.floor(at);
      return [low, Math.min(low + 1, inputs - 1), at - low];
    };
    const axes = [
      along(i, ni, spacing.xy / 0.75, 480),
      along(j, nj, spacing.xy / 0.75, 480),
      along(z, nk, spacing.z / 1.5, 240),
    ];
    if (axes.some((axis) => axis.length === 0)) {
      return -1;
    }
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const side = [corner & 1, (corner >> 1) & 1, corner >> 2];
      const [vi, vj, vk] = axes.map((axis, n) => axis[side[n]]);
      const weight = axes.reduce((w, axis, n) => w * (side[n] ? axis[2] : 1 - axis[2]), 1);
      sum += weight * rescale(noise.voxels[vi + ni * (vj + nj * vk)]);
    }
    return Math.max(-1, Math.min(1, sum / 1000));
  }

  const clipped = (hu: number): number => Math.max(-1000, Math.min(1000, hu));

  for (const clip of ['before_resampling', 'after_resampling'] as const) {
    it(`crops, pads and interpolates, clipping ${clip.replace('_', ' ')}`, async () => {
      const scan = { slope: 0.5, intercept: -200, xySpacingMm: 60, zSpacingMm: 20 };
      const { data, shape } = await preprocess(noise, ctclip(clip), scan);
      assert.deepEqual(shape, [1, 240, 480, 480]);
      const rescale = (hu: number): number =>
        clip === 'before_resampling' ? clipped(0.5 * hu - 200) : 0.5 * hu - 200;
      const places = Random.fromSeed(3);
      for (let n = 0; n < 4000; n++) {
        const [z, i, j] = [places.index(240), places.index(480), places.index(480)];
        const value = expected(z, i, j, { z: 20, xy: 60 }, rescale);
        assert.ok(Math.abs(data[(z * 480 + i) * 480 + j] - value) < 1e-5);
      }
    });
  }

  it('refuses a spacing that leaves nothing', async () => {
    await assert.rejects(
      preprocess(noise, ctclip('before_resampling'), { zSpacingMm: 0.01 }),
      (error) => error instanceof UserError && error.code === 'volume-too-thin',
    );
  });
});

describe('preprocess', () => {
  it('reports progress and stops between slices when cancelled', async () => {
    for (const profile of [fit([8, 8, 8]), ctclip('before_resampling')]) {
      const controller = new AbortController();
      let reports = 0;
      const onProgress = (): void => {
        reports++;
        controller.abort();
      };
      const work = { onProgress, signal: controller.signal };
      await assert.rejects(preprocess(noise, profile, {}, work), CancelledError);
      assert.equal(reports, 1);
    }
  });
});

describe('profileFingerprint', () => {
  it('changes with the meaning and with nothing else', () => {
    const base = fit([32, 64, 64]);
    const same = JSON.parse(
      '{"clipHu":[-1000,600],"size":[32,64,64],"orientation":"LPS","kind":"fit","name":"other"}',
    ) as PreprocessingProfile;
    assert.equal(profileFingerprint(base), profileFingerprint(same));
    const others: PreprocessingProfile[] = [
      fit([32, 64, 65]),
      { ...base, clipHu: [-1000, 601] },
      ctclip('before_resampling'),
      ctclip('after_resampling'),
    ];
    const all = [base, ...others].map((profile) => profileFingerprint(profile));
    assert.equal(new Set(all).size, all.length);
    all.forEach((fingerprint) => {
      assert.match(fingerprint, /^[0-9a-f]{16}$/);
    });
  });
});
