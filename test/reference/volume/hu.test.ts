import assert from 'node:assert/strict';
import { inWords } from '../../../src/core/sentence';
import { judgeHu } from '../../../src/core/volume/hu';
import type { HuKind } from '../../../src/core/volume/hu';
import { readVolume } from '../../../src/core/volume/read';
import { needShared } from '../../shared';

const scaled = { slope: 1, intercept: -1024 };
const stored = { slope: 1, intercept: 0 };

describe('the judgement on HU of real scans', () => {
  const chest = ['LungDx_A0001_s2.nii.gz', 'LungDx_A0001_s3.nii.gz', 'cip_ct-64.nii.gz'];
  const others = ['totalseg_example_ct.nii.gz', 'totalseg_aorta_ct_cropped.nii.gz'];

  it('believes scans in HU', async function () {
    const folder = needShared(this, 'data', 'ct');
    for (const name of [...chest, ...others]) {
      const { header, voxels } = await readVolume(`${folder}/${name}`);
      const source = header.intercept === 0 ? 'stored' : 'slope_intercept';
      assert.deepEqual(judgeHu(voxels, header), { source, kind: 'hounsfield' }, name);
    }
  });

  it('believes HU stored in 8 bits, and says how coarse they are', async function () {
    const folder = needShared(this, 'data', 'ct');
    const name = 'niivue_shear_headCT_uint8_slope7.nii.gz';
    const { header, voxels } = await readVolume(`${folder}/${name}`);
    const { source, kind, note } = judgeHu(voxels, header);
    assert.deepEqual([source, kind], ['slope_intercept', 'eight_bit']);
    assert.ok(note);
    assert.match(inWords(note), /about 7.11 HU apart/);
  });

  it('names what was done to the same scans', async function () {
    const folder = needShared(this, 'data', 'ct');
    for (const name of [...chest, ...others]) {
      const { voxels: all } = await readVolume(`${folder}/${name}`);
      const stride = Math.ceil(all.length / 2 ** 19) | 1;
      const count = Math.floor(all.length / stride);
      const voxels = Float32Array.from({ length: count }, (_, at) => all[at * stride]);
      for (const [kind, header, change] of changes) {
        const judgement = judgeHu(voxels.map(change), header);
        assert.equal(judgement.kind, kind, `${name}: ${change.toString()}`);
        assert.equal(judgement.source === 'uncertain', kind !== 'clipped', name);
      }
    }
  });
});

const changes: readonly [HuKind, typeof scaled, (hu: number) => number][] = [
  ['rescaled_twice', scaled, (hu) => hu - 1024],
  ['rescaled_twice', scaled, (hu) => hu - 8192],
  ['raw_stored', stored, (hu) => hu + 1024],
  ['raw_stored', stored, (hu) => hu + 8192],
  ['clipped', stored, (hu) => cut(hu, -1000, 200)],
  ['clipped', stored, (hu) => cut(hu, -1024, 600)],
  ['eight_bit', stored, (hu) => Math.round((cut(hu, -1350, 150) + 1350) * (255 / 1500))],
  ['eight_bit', stored, (hu) => Math.round((cut(hu, -160, 240) + 160) * (255 / 400))],
  ['normalised', stored, (hu) => cut(hu, -1000, 1000) / 1000],
  ['normalised', stored, (hu) => (cut(hu, -1000, 400) + 1000) / 1400],
];

function cut(hu: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, hu));
}
