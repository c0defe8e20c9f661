import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { worldOf } from '../../../src/core/volume/affine';
import { axisDirections, reorient } from '../../../src/core/volume/orientation';
import { readVolume } from '../../../src/core/volume/read';
import { extractSlice, sliceCount } from '../../../src/core/volume/slices';
import type { Affine, Plane, Volume } from '../../../src/core/volume/types';
import { needShared, sharedPath } from '../../shared';

interface Reoriented {
  readonly shape: readonly number[];
  readonly affine: Affine;
  readonly voxels: Readonly<Record<string, number>>;
}

interface Item {
  readonly file: string;
  readonly io_orientation: readonly (readonly [number, number])[];
  readonly axcodes: string;
  readonly canonical_RAS: Reoriented;
  readonly reoriented_LPS: Reoriented;
  readonly reoriented_LPI: Reoriented;
  readonly world_of_ijk: Readonly<Record<string, readonly number[]>>;
}

describe('orientation against nibabel', () => {
  it('finds the same axes, reorients to the same affines and voxels', async function () {
    const fixture = needShared(this, 'fixtures', 'nibabel-resample.json');
    needShared(this, 'data');
    const { items } = JSON.parse(readFileSync(fixture, 'utf8')) as { items: Item[] };
    assert.ok(items.length >= 9);
    for (const item of items) {
      const volume = await readVolume(sharedPath(...item.file.split('/')));
      assert.equal(volume.header.axcodes, item.axcodes, item.file);
      assert.deepEqual(
        axisDirections(volume.header.affine).map((axis) => [axis?.world, axis?.sign]),
        item.io_orientation,
      );
      sameVolume(reorient(volume, 'RAS'), item.canonical_RAS);
      sameVolume(reorient(volume, 'LPS'), item.reoriented_LPS);
      sameVolume(reorient(volume, 'LPI'), item.reoriented_LPI);
      for (const [place, world] of Object.entries(item.world_of_ijk)) {
        const [i, j, k] = JSON.parse(place) as number[];
        near(worldOf(volume.header.affine, [i, j, k]), world, 1e-9);
      }
    }
  });
});

describe('one head stored in thirteen orientations', () => {
  const orientations = 'AIL IAR IRP LAI LSP PIL PLI RAS RSA RSP SAL SLP SPR'.split(' ');
  const planes: readonly Plane[] = ['axial', 'coronal', 'sagittal'];

  it('shows the same slices', async function () {
    const folder = needShared(this, 'data', 'nifti-odd', 'niivue_nifti_space');
    const read = (name: string): Promise<Volume> => readVolume(`${folder}/${name}.nii.gz`);
    const reference = await read('RAS');
    for (const name of orientations) {
      const volume = await read(name);
      for (const plane of planes) {
        const count = sliceCount(reference.header, plane);
        assert.equal(sliceCount(volume.header, plane), count);
        for (const index of [0, count >> 2, count >> 1, count - 1]) {
          assert.deepEqual(
            extractSlice(volume, plane, index),
            extractSlice(reference, plane, index),
            `${name} ${plane} ${index}`,
          );
        }
      }
    }
  });
});

function sameVolume({ header, voxels }: Volume, expected: Reoriented): void {
  assert.deepEqual(header.shape, expected.shape);
  near(header.affine.flat(), expected.affine.flat(), 1e-9);
  for (const [place, value] of Object.entries(expected.voxels)) {
    const [i, j, k] = JSON.parse(place) as number[];
    near([voxels[i + header.shape[0] * (j + header.shape[1] * k)]], [value], 1e-6);
  }
}

function near(values: readonly number[], expected: readonly number[], relative: number): void {
  values.forEach((value, at) => {
    const limit = relative * Math.max(1, Math.abs(expected[at]));
    assert.ok(Math.abs(value - expected[at]) <= limit, `${value}, nibabel ${expected[at]}`);
  });
}
