import assert from 'node:assert/strict';
import { worldOf } from '../../../src/core/volume/affine';
import { samplePlane } from '../../../src/core/volume/planeSampler';
import type { VoxelField } from '../../../src/core/volume/voxelField';
import { readVolume } from '../../../src/core/volume/read';
import { extractSlice, planeLayouts, planes, sliceCount } from '../../../src/core/volume/slices';
import type { Affine, Volume } from '../../../src/core/volume/types';
import { openPieces } from '../../../src/core/volume/voxelPieces';
import { displayGrid } from '../../../src/core/volume/displayGrid';
import { Geometry } from '../../../src/webview/preview/geometry';
import { gathered, huOf } from '../../unit/volume/field';
import { needShared } from '../../shared';

/** A file as a viewer has it once all of it has arrived. */
async function shown(path: string): Promise<{ field: VoxelField; geometry: Geometry }> {
  const source = await openPieces(path);
  const { voxels } = await gathered(source);
  const { header, encoding } = source;
  const field = { grid: displayGrid(header), shape: header.shape, voxels, encoding };
  return { field, geometry: new Geometry(header) };
}

describe('one head stored in thirteen orientations', () => {
  const orientations = 'RAS AIL IAR IRP LAI LSP PIL PLI RSA RSP SAL SLP SPR'.split(' ');

  it('is the same in the three planes through the same places of the world', async function () {
    const folder = needShared(this, 'data', 'nifti-odd', 'niivue_nifti_space');
    const read = (name: string) => shown(`${folder}/${name}.nii.gz`);
    const reference = await read('RAS');
    const places = (
      [
        [32, 40, 33],
        [5, 60, 12],
        [60, 3, 50],
      ] as const
    ).map((position) => reference.geometry.voxel(position).worldMm);
    for (const name of orientations) {
      const { field, geometry } = await read(name);
      // All thirteen lie along the patient and are shown voxel by voxel: equal, without tolerance.
      assert.equal(field.grid.isAligned, true);
      for (const mm of places) {
        // A share that is nowhere: only the world can lead to the place.
        const place = { mm, share: [0, 0, 0] } as const;
        const [there, here] = [reference.geometry, geometry].map((one) => one.positionOf(place));
        geometry.voxel(here).worldMm.forEach((at, axis) => {
          assert.ok(Math.abs(at - mm[axis]) < 1e-3);
        });
        for (const plane of planes) {
          assert.deepEqual(
            samplePlane(field, plane, geometry.sliceIndex(plane, here)),
            samplePlane(reference.field, plane, reference.geometry.sliceIndex(plane, there)),
            `${name} ${plane}`,
          );
        }
      }
    }
  });
});

describe('real volumes as a viewer shows them', () => {
  const alongThePatient = [
    'LungDx_A0001_s2.nii.gz',
    'cip_ct-64.nii.gz',
    'totalseg_example_ct.nii.gz',
    'totalseg_aorta_ct_cropped.nii.gz',
  ];
  for (const name of alongThePatient) {
    it(`are the slices of ${name}`, async function () {
      const path = needShared(this, 'data', 'ct', name);
      const volume = await readVolume(path);
      const { field } = await shown(path);
      for (const plane of planes) {
        const count = sliceCount(volume.header, plane);
        for (const index of [0, count >> 2, count >> 1, count - 1]) {
          const { values, missing } = samplePlane(field, plane, index);
          assert.deepEqual(huOf(values, field.encoding), extractSlice(volume, plane, index).hu);
          assert.equal(missing, undefined);
        }
      }
    });
  }

  it('are resampled where the gantry was tilted, each value between its neighbours', async function () {
    const path = needShared(this, 'data', 'ct', 'niivue_shear_headCT_uint8_slope7.nii.gz');
    const volume = await readVolume(path);
    const { field } = await shown(path);
    assert.equal(field.grid.isAligned, false);
    for (const plane of planes) {
      const { through, across, down, upsideDown } = planeLayouts[plane];
      const index = field.grid.shape[through] >> 1;
      const { values, missing, width, height } = samplePlane(field, plane, index);
      let compared = 0;
      // A prime: pixels all over the picture.
      for (let at = 0; at < values.length; at += 53) {
        const place: [number, number, number] = [0, 0, 0];
        const row = Math.floor(at / width);
        place[across] = at % width;
        place[down] = upsideDown ? height - 1 - row : row;
        place[through] = index;
        const expected = between(volume, worldOf(field.grid.toWorld, place));
        if (expected !== undefined && missing?.[at] !== 1) {
          const hu = values[at] * field.encoding.slope + field.encoding.intercept;
          // Float32 of a sum of eight uint8 times a slope of 7.1: HU up to 1,800.
          assert.ok(Math.abs(hu - expected) < 1e-3, `${plane} ${at}: ${hu}, not ${expected}`);
          compared++;
        }
      }
      assert.ok(compared > 100);
    }
  });
});

/** HU at a place in the world, by the definition of trilinear interpolation; undefined outside. */
function between({ header, voxels }: Volume, world: readonly number[]): number | undefined {
  const { shape, affine } = header;
  const place = solved(affine, world);
  if (place.some((at, axis) => at < 0 || at > shape[axis] - 1)) {
    return undefined;
  }
  const low = place.map((at, axis) => Math.min(Math.floor(at), shape[axis] - 2));
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    const ends = [0, 1, 2].map((axis) => low[axis] + ((corner >> axis) & 1));
    const weight = ends.reduce(
      (product, end, axis) => product * (1 - Math.abs(place[axis] - end)),
      1,
    );
    sum += weight * voxels[ends[0] + shape[0] * (ends[1] + shape[1] * ends[2])];
  }
  return sum;
}

/** The voxel index of a place in the world, by Cramer's rule. */
function solved(affine: Affine, world: readonly number[]): number[] {
  const columns = [0, 1, 2].map((c) => [affine[0][c], affine[1][c], affine[2][c]]);
  const right = world.map((mm, r) => mm - affine[r][3]);
  const whole = determinant(columns);
  return [0, 1, 2].map(
    (c) => determinant(columns.map((column, n) => (n === c ? right : column))) / whole,
  );
}

function determinant([a, b, c]: readonly (readonly number[])[]): number {
  return (
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
    a[1] * (b[0] * c[2] - b[2] * c[0]) +
    a[2] * (b[0] * c[1] - b[1] * c[0])
  );
}
