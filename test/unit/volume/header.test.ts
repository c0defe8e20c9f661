import assert from 'node:assert/strict';
import { parseHeader } from '../../../src/core/volume/header';
import type { VolumeHeader } from '../../../src/core/volume/types';
import { niftiFile } from './niftiFile';
import type { NiftiFile } from './niftiFile';

const headerOf = (file: NiftiFile): Promise<VolumeHeader> =>
  parseHeader(niftiFile(file).subarray(0, 540), 'scan.nii');

/** Rotation by 180 degrees about x. */
const aboutX = [1, 0, 0] as const;
const sform = [
  [0, -2, 0, 5],
  [3, 0, 0, 6],
  [0, 0, 4, 7],
];

describe('parseHeader', () => {
  for (const version of [1, 2] as const) {
    for (const littleEndian of [true, false]) {
      const kind = { version, littleEndian };
      describe(`NIfTI-${version}, ${littleEndian ? 'little' : 'big'}-endian`, () => {
        it('takes the sform before the qform, whatever their codes', async () => {
          const { affine, axcodes } = await headerOf({
            ...kind,
            sformCode: 1,
            sform,
            qformCode: 2,
            quaternion: aboutX,
          });
          assert.deepEqual(affine, [...sform, [0, 0, 0, 1]]);
          assert.equal(axcodes, 'ALS');
        });

        it('takes the qform where there is no sform', async () => {
          const header = await headerOf({
            ...kind,
            qformCode: 1,
            quaternion: aboutX,
            qoffset: [1, 2, 3],
            pixdim: [-1, 0.5, 2, 4],
          });
          assert.deepEqual(header.affine, [
            [0.5, 0, 0, 1],
            [0, -2, 0, 2],
            [0, 0, 4, 3],
            [0, 0, 0, 1],
          ]);
          assert.equal(header.axcodes, 'RPS');
        });

        it('centres the volume where there is neither', async () => {
          const header = await headerOf({ ...kind, shape: [3, 5, 7], pixdim: [1, -2, 0, 4] });
          assert.deepEqual(header.spacingMm, [2, 1, 4]);
          assert.deepEqual(header.affine, [
            [-2, 0, 0, 2],
            [0, 1, 0, -2],
            [0, 0, 4, -12],
            [0, 0, 0, 1],
          ]);
        });

        it('takes an unknown form code for none', async () => {
          const header = await headerOf({ ...kind, sformCode: 77, sform, pixdim: [1, 2, 2, 2] });
          assert.equal(header.affine[0][0], -2);
        });

        it('takes a slope of zero, NaN or infinity for none', async () => {
          for (const slope of [0, NaN, Infinity]) {
            const header = await headerOf({ ...kind, slope, intercept: -1024 });
            assert.deepEqual([header.slope, header.intercept], [1, 0]);
          }
        });

        it('fills up the axes of a picture', async () => {
          const { shape, frames, spacingMm } = await headerOf({ ...kind, shape: [4, 3] });
          assert.deepEqual(
            { shape, frames, spacingMm },
            {
              shape: [4, 3, 1],
              frames: 1,
              spacingMm: [1, 1, 1],
            },
          );
        });
      });
    }
  }

  it('lets a wrong size field pass where magic and dimensions are sound', async () => {
    const bytes = niftiFile({ shape: [4, 3, 2], littleEndian: false });
    new DataView(bytes.buffer).setInt32(0, 999, true);
    const header = await parseHeader(bytes, 'scan.nii');
    assert.deepEqual([header.shape, header.littleEndian], [[4, 3, 2], false]);
  });

  it('leaves damaged extensions alone', async () => {
    const bytes = niftiFile({ voxOffset: 416 });
    bytes.set([1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f], 348);
    assert.equal((await parseHeader(bytes, 'scan.nii')).dataOffset, 416);
  });

  it('marks the axes of an affine that is flat or not a number', async () => {
    const flat = [
      [1, 0, 0, 0],
      [0, 1, 1, 0],
      [0, 0, 0, 0],
    ];
    assert.equal((await headerOf({ sformCode: 1 })).axcodes, '???');
    assert.equal((await headerOf({ sformCode: 1, sform: [[NaN, 0, 0, 0]] })).axcodes, '???');
    assert.match((await headerOf({ sformCode: 1, sform: flat })).axcodes, /^R(A\?|\?A)$/);
  });
});
