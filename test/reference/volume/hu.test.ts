import assert from 'node:assert/strict';
import { judgeHu } from '../../../src/core/volume/hu';
import { readVolume } from '../../../src/core/volume/read';
import { needShared } from '../../shared';

describe('the judgement on HU of real scans', () => {
  const chest = ['LungDx_A0001_s2.nii.gz', 'LungDx_A0001_s3.nii.gz', 'cip_ct-64.nii.gz'];

  it('believes scans in HU', async function () {
    const folder = needShared(this, 'data', 'ct');
    const sources = await Promise.all(
      chest.map(async (name) => (await readVolume(`${folder}/${name}`)).huSource),
    );
    assert.deepEqual(sources, ['slope_intercept', 'slope_intercept', 'stored']);
  });

  it('doubts the same scans rescaled twice, or not at all', async function () {
    const folder = needShared(this, 'data', 'ct');
    for (const name of chest) {
      const { voxels } = await readVolume(`${folder}/${name}`);
      const twice = judgeHu(
        voxels.map((hu) => hu - 1024),
        { slope: 1, intercept: -1024 },
      );
      assert.equal(twice.source, 'uncertain');
      assert.match(twice.note ?? '', /twice/);
      const raw = judgeHu(
        voxels.map((hu) => hu + 1024),
        { slope: 1, intercept: 0 },
      );
      assert.equal(raw.source, 'uncertain');
      assert.match(raw.note ?? '', /intercept .* missing/);
    }
  });
});
