import assert from 'node:assert/strict';
import { profileFingerprint } from '../../../src/core/volume/preprocess';
import type { PreprocessingProfile } from '../../../src/core/volume/profile';
import { openSlices, readVolume, readVolumeHeader } from '../../../src/core/volume/read';
import { rescaleChoices, withRescale } from '../../../src/core/volume/rescale';
import type { Rescale } from '../../../src/core/volume/rescale';
import { niftiGz } from './niftiFile';
import { phantom } from './phantom';
import { temporaryFolder } from './temporaryFolder';

/** HU by choice, of stored 100 and 200 in a file of slope 2 and intercept -1024. */
const choices: readonly [Rescale, readonly number[]][] = [
  [{ kind: 'auto' }, [-824, -624]],
  [{ kind: 'none' }, [100, 200]],
  // In place of the file's, not on top of it.
  [{ kind: 'csv', slope: 3, intercept: -8192 }, [-7892, -7592]],
];

describe('slope and intercept by choice', () => {
  const folder = temporaryFolder();

  it('apply to the stored values, whichever way a volume is read', async () => {
    const bytes = niftiGz({ shape: [2, 1, 1], slope: 2, intercept: -1024, stored: [100, 200] });
    const path = await folder.write('scaled.nii.gz', bytes);
    for (const [rescale, hu] of choices) {
      assert.deepEqual([...(await readVolume(path, { rescale })).voxels], hu);
      const slices: number[] = [];
      for await (const slice of (await openSlices(path, { rescale })).slices((value) => value)) {
        slices.push(...slice);
      }
      assert.deepEqual(slices, hu);
      const { slope, intercept } = await readVolumeHeader(path, { rescale });
      assert.deepEqual([100 * slope + intercept, 200 * slope + intercept], hu);
    }
  });

  it('keep what the file says, so that every choice can follow every other', () => {
    const { header } = phantom([1, 1, 1], () => 0);
    const file = { ...header, slope: 2, intercept: -1024 };
    for (const [first] of choices) {
      for (const [second] of choices) {
        assert.deepEqual(withRescale(withRescale(file, first), second), withRescale(file, second));
      }
    }
    assert.deepEqual(withRescale(file, { kind: 'auto' }), file);
  });

  it('are part of the fingerprint of a preprocessing, except for those of the file', () => {
    const profile: PreprocessingProfile = {
      kind: 'ctclip',
      name: 'any',
      clip: 'before_resampling',
    };
    const prints = rescaleChoices.map((choice) => profileFingerprint(profile, choice));
    assert.equal(new Set(prints).size, rescaleChoices.length);
    // What was trained before there was a choice was trained on what the files say.
    assert.equal(profileFingerprint(profile, 'auto'), profileFingerprint(profile));
  });
});
