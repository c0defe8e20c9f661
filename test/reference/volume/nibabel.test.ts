import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../../src/core/errors';
import { describeVolume } from '../../../src/core/volume/describe';
import { readVolume, readVolumeHeader } from '../../../src/core/volume/read';
import type { Volume } from '../../../src/core/volume/types';
import { needShared, sharedPath } from '../../shared';

/** What nibabel 5.0.0 made of a file. */
interface NibabelVerdict {
  readonly error?: string;
  /** Present where the voxels were not read. */
  readonly data?: string;
  readonly class?: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly zooms: readonly number[];
  readonly affine: readonly (readonly number[])[];
  readonly axcodes: string;
  readonly endianness: '<' | '>';
  readonly slope: number;
  readonly inter: number;
  readonly data_offset: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly nonfinite: number;
  /** NaN and infinity as words. */
  readonly voxels: Readonly<Record<string, number | string>>;
}

const collections = [['data', 'nifti-odd'] as const, ['data', 'ct'] as const];

/** nibabel opens these, but there is no single real number a voxel that could be HU. */
const noHu = /^(RGB|RGBA|complex)/;

for (const folder of collections) {
  describe(`volumes of ${folder.join('/')} against nibabel`, () => {
    const list = sharedPath(...folder, 'expected_nibabel.json');
    const verdicts = existsSync(list)
      ? Object.entries(JSON.parse(readFileSync(list, 'utf8')) as Record<string, NibabelVerdict>)
      : [];

    it('has verdicts to compare with', function () {
      needShared(this, ...folder);
      assert.ok(verdicts.length > 0);
    });

    for (const [name, verdict] of verdicts) {
      const path = sharedPath(...folder, ...name.split('/'));
      const refused =
        verdict.error !== undefined || verdict.data !== undefined || noHu.test(verdict.dtype);
      if (refused) {
        it(`refuses ${name}`, () => refuses(path));
      } else {
        it(`reads ${name}`, async () => {
          const volume = await readVolume(path);
          assert.deepEqual(await readVolumeHeader(path), volume.header);
          sameHeader(volume, verdict);
          sameVoxels(volume, verdict);
        });
      }
    }
  });
}

async function refuses(path: string): Promise<void> {
  await assert.rejects(readVolume(path), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.code, /^volume-/);
    assert.ok(!error.message.includes('\n') && error.remedy.length > 0);
    return true;
  });
}

function sameHeader({ header }: Volume, verdict: NibabelVerdict): void {
  const [ni, nj = 1, nk = 1, ...rest] = verdict.shape;
  const byteOrder = /^[<>]/.test(verdict.dtype);
  const numpyNames: Readonly<Record<string, string>> = { i2: 'int16', i4: 'int32', f4: 'float32' };
  assert.deepEqual(header.shape, [ni, nj, nk]);
  assert.equal(
    header.frames,
    rest.reduce((product, size) => product * size, 1),
  );
  assert.equal(header.format, verdict.class?.startsWith('Nifti2') ? 'nifti2' : 'nifti1');
  assert.equal(header.dtype, byteOrder ? numpyNames[verdict.dtype.slice(1)] : verdict.dtype);
  assert.equal(header.littleEndian, verdict.endianness === '<');
  assert.equal(header.axcodes, verdict.axcodes.replaceAll('None', '?'));
  assert.equal(header.slope, verdict.slope);
  assert.equal(header.intercept, verdict.inter);
  assert.equal(header.dataOffset, verdict.data_offset);
  assert.deepEqual(header.spacingMm.slice(0, verdict.shape.length), verdict.zooms.slice(0, 3));
  header.affine.flat().forEach((value, at) => {
    close(value, verdict.affine.flat()[at], 1e-9, `affine[${at}]`);
  });
}

function sameVoxels(volume: Volume, verdict: NibabelVerdict): void {
  const [ni, nj] = volume.header.shape;
  for (const [place, value] of Object.entries(verdict.voxels)) {
    const [i, j = 0, k = 0, ...frame] = JSON.parse(place) as number[];
    if (frame.every((index) => index === 0)) {
      close(volume.voxels[i + ni * (j + nj * k)], Number(value), 1e-6, `voxel ${place}`);
    }
  }
  // nibabel's statistics are of all frames; ours are of the first.
  if (volume.header.frames === 1) {
    const info = describeVolume(volume);
    close(info.min ?? NaN, verdict.min, 1e-6, 'min');
    close(info.max ?? NaN, verdict.max, 1e-6, 'max');
    const { sum, size, nonFinite } = totals(volume.voxels);
    assert.equal(nonFinite, verdict.nonfinite);
    assert.ok(Math.abs(sum - verdict.sum) <= 1e-7 * size, `sum ${sum}, nibabel ${verdict.sum}`);
  }
}

function totals(voxels: Float32Array): { sum: number; size: number; nonFinite: number } {
  let [sum, size, nonFinite] = [0, 0, 0];
  for (const value of voxels) {
    if (Number.isFinite(value)) {
      sum += value;
      size += Math.abs(value);
    } else {
      nonFinite++;
    }
  }
  return { sum, size, nonFinite };
}

function close(value: number, expected: number, relative: number, what: string): void {
  assert.ok(
    Object.is(value, expected) ||
      Math.abs(value - expected) <= relative * Math.max(1, Math.abs(expected)),
    `${what}: ${value}, nibabel ${expected}`,
  );
}
