import assert from 'node:assert/strict';
import { worldOf } from '../../../src/core/volume/affine';
import { modelView } from '../../../src/core/volume/modelView';
import { reorient } from '../../../src/core/volume/orientation';
import type { PreprocessingProfile } from '../../../src/core/volume/profile';
import { writeVolume } from '../../../src/core/volume/write';
import { huOf } from './field';
import { phantom } from './phantom';
import { temporaryFolder } from './temporaryFolder';

const profile: PreprocessingProfile = {
  kind: 'fit',
  name: 'fit',
  orientation: 'LPS',
  size: [6, 8, 10],
  clipHu: [-1000, 600],
};

describe('What a model gets of a volume', () => {
  const folder = temporaryFolder();

  async function written(
    codes: string,
    hu: (x: number, y: number, z: number) => number,
  ): Promise<string> {
    const { header, voxels } = reorient(phantom([20, 16, 12], hu, [1, 2, 3]), codes);
    const { shape, spacingMm, affine } = header;
    const path = folder.path('volume.nii.gz');
    await writeVolume(path, { shape, spacingMm, affine, voxels: Int16Array.from(voxels) });
    return path;
  }

  it('is a volume in HU along the patient, where it is in the world, however it is stored', async () => {
    // HU grow evenly to the left, the back and the head, which resampling keeps.
    const hu = (x: number, y: number, z: number): number => 20 * x + 10 * y - 30 * z - 100;
    for (const codes of ['LPS', 'RAS', 'SRA', 'PIL']) {
      const { header, encoding, piece } = await modelView(await written(codes, hu), profile, {});
      assert.deepEqual(header.shape, [10, 8, 6]);
      assert.equal(header.axcodes, 'LPS');
      assert.deepEqual([piece.first, piece.count, piece.voxels.length], [0, 6, 480]);
      const values = huOf(piece.voxels, encoding);
      for (let at = 0; at < values.length; at++) {
        const place = [at % 10, Math.floor(at / 10) % 8, Math.floor(at / 80)] as const;
        // The filter that resamples is cut off at the border.
        if (place.some((index, axis) => index === 0 || index === header.shape[axis] - 1)) {
          continue;
        }
        const [wx, wy, wz] = worldOf(header.affine, place);
        // The phantom's voxels: x = (10 - wx), y = (20 - wy) / 2, z = (wz + 30) / 3.
        const expected = hu(10 - wx, (20 - wy) / 2, (wz + 30) / 3);
        assert.ok(
          Math.abs(values[at] - expected) < 0.05,
          `${codes}: ${values[at]}, not ${expected}`,
        );
      }
    }
  });

  it('has no HU beyond those that the model is given', async () => {
    const path = await written('LPS', (x) => (x < 10 ? -3000 : 3000));
    const { encoding, piece } = await modelView(path, profile, {});
    const values = new Set(huOf(piece.voxels, encoding));
    assert.ok(Math.abs(Math.min(...values) + 1000) < 0.05);
    assert.ok(Math.abs(Math.max(...values) - 600) < 0.05);
  });

  it('follows the slope and intercept that are asked for', async () => {
    const path = await written('LPS', () => 500);
    const rescale = { kind: 'csv', slope: 1, intercept: -1024 } as const;
    const { encoding, piece } = await modelView(path, profile, { rescale });
    assert.ok(huOf(piece.voxels, encoding).every((hu) => Math.abs(hu + 524) < 0.05));
  });
});
