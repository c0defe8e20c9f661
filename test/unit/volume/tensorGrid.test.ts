import assert from 'node:assert/strict';
import { worldOf } from '../../../src/core/volume/affine';
import { axisCodes, reorient } from '../../../src/core/volume/orientation';
import { preprocess } from '../../../src/core/volume/preprocess';
import type { CtclipScanRow, VolumeTensor } from '../../../src/core/volume/preprocess';
import type { PreprocessingProfile } from '../../../src/core/volume/profile';
import { tensorGrid } from '../../../src/core/volume/tensorGrid';
import type { TensorGrid } from '../../../src/core/volume/tensorGrid';
import type { Affine, Volume } from '../../../src/core/volume/types';
import { allAxisCodes, phantom } from './phantom';

type Vector = readonly [number, number, number];

const fit: PreprocessingProfile = {
  kind: 'fit',
  name: 'fit',
  orientation: 'LPS',
  size: [24, 20, 30],
  clipHu: [-1000, 600],
};
const ctclip: PreprocessingProfile = {
  kind: 'ctclip',
  name: 'ctclip',
  clip: 'before_resampling',
};

/** Turned about two axes and sheared by the gantry: no axis of it lies along the world's. */
const oblique: Affine = [
  [-1.4, 0.5, 0.3, 12],
  [-0.4, -1.9, 0.5, -40],
  [-0.2, 0.6, 2.6, 100],
  [0, 0, 0, 1],
];

/** Air with one bright ball, soft at its border, whose centre stands at `place` in world mm. */
function withBall(header: Volume['header'], place: Vector, radiusMm: number): Volume {
  const { shape, affine } = header;
  const voxels = new Float32Array(shape[0] * shape[1] * shape[2]);
  let at = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++) {
        const [x, y, z] = worldOf(affine, [i, j, k]);
        const distance = Math.hypot(x - place[0], y - place[1], z - place[2]) / radiusMm;
        voxels[at++] = -1000 + 1500 * Math.exp(-2 * distance ** 2);
      }
    }
  }
  return { header, voxels, huSource: 'stored' };
}

function headerOf(shape: Vector, affine: Affine): Volume['header'] {
  const spacing = [0, 1, 2].map((c) => Math.hypot(affine[0][c], affine[1][c], affine[2][c]));
  return {
    ...phantom([1, 1, 1], () => 0).header,
    shape,
    affine,
    axcodes: axisCodes(affine),
    spacingMm: [spacing[0], spacing[1], spacing[2]],
  };
}

/** Where the ball is in the tensor, in world mm by the grid: the centre of what is no air. */
function foundPlace({ data }: VolumeTensor, { shape, affine, start, strides }: TensorGrid): Vector {
  const sums = [0, 0, 0, 0];
  // Of a large box some of the voxels tell as much.
  const every = Math.ceil(Math.max(...shape) / 120);
  for (let z = 0; z < shape[2]; z += every) {
    for (let y = 0; y < shape[1]; y += every) {
      for (let x = 0; x < shape[0]; x += every) {
        const weight = data[start + x * strides[0] + y * strides[1] + z * strides[2]] + 1;
        if (weight > 0.01) {
          sums[0] += x * weight;
          sums[1] += y * weight;
          sums[2] += z * weight;
          sums[3] += weight;
        }
      }
    }
  }
  const [x, y, z, weight] = sums;
  return worldOf(affine, [x / weight, y / weight, z / weight]);
}

async function assertFound(
  volume: Volume,
  profile: PreprocessingProfile,
  place: Vector,
  slackMm: number,
  scan: CtclipScanRow = {},
): Promise<void> {
  const grid = tensorGrid(volume.header, profile, scan);
  const found = foundPlace(await preprocess(volume, profile, scan), grid);
  const error = Math.hypot(...found.map((mm, axis) => mm - place[axis]));
  assert.ok(error < slackMm, `${volume.header.axcodes}: found at ${found.join()}, ${error} mm off`);
  // Axes of the grid run to the patient's left, back and head however the volume is stored.
  assert.equal(axisCodes(grid.affine), 'LPS');
}

describe('the grid of a tensor', () => {
  const place: Vector = [-8, -70, 142];
  const header = headerOf([40, 36, 30], oblique);
  const volume = withBall(header, place, 12);

  it('finds a ball of the volume where it is in the world, in every storage order', async () => {
    for (const codes of allAxisCodes) {
      await assertFound(reorient(volume, codes), fit, place, 0.5);
    }
  });

  it('spans the whole volume, outer border to outer border, where the profile fits it', () => {
    const { shape, affine } = tensorGrid(header, fit);
    assert.deepEqual(shape, [30, 20, 24]);
    for (const corner of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const ends = [0, 1, 2].map((axis) => (corner >> axis) & 1);
      const place = (size: Vector): Vector => [
        ends[0] * size[0] - 0.5,
        ends[1] * size[1] - 0.5,
        ends[2] * size[2] - 0.5,
      ];
      const inBox = worldOf(affine, place(shape));
      const stored = worldOf(header.affine, place(header.shape));
      inBox.forEach((mm, axis) => {
        assert.ok(Math.abs(mm - stored[axis]) < 1e-9);
      });
    }
  });

  it('holds the numbers of a fitted tensor in their own order', () => {
    const { start, strides } = tensorGrid(header, fit);
    assert.deepEqual([start, strides], [0, [1, 30, 600]]);
  });

  it("knows CT-CLIP's padding and crop", async () => {
    // Longer than the box along i and k, shorter along j: cropped and padded.
    const large = headerOf(
      [100, 50, 60],
      [
        [-3.9, 0.2, 0, 200],
        [0.3, -3, 0.4, 60],
        [0, 0.5, 6.6, -180],
        [0, 0, 0, 1],
      ],
    );
    const inLung: Vector = [-50, -30, 40];
    const ball = withBall(large, inLung, 24);
    await assertFound(reorient(ball, 'RIA'), ctclip, inLung, 0.5);
    // Spacing of the metadata wins over that of the file, which keeps its place in the world.
    await assertFound(ball, ctclip, inLung, 0.5, { xySpacingMm: 2.1, zSpacingMm: 3.1 });
    assert.deepEqual(tensorGrid(large, ctclip).shape, [480, 480, 240]);
  });
});
