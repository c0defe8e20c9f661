import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { preprocess } from '../../../src/core/volume/preprocess';
import { readVolume } from '../../../src/core/volume/read';
import { needShared } from '../../shared';

/** Output of CT-CLIP's own code, see the fixture's `source`. */
interface Reference {
  readonly file: string;
  readonly metadata_row: {
    readonly RescaleSlope: number;
    readonly RescaleIntercept: number;
    readonly XYSpacing: string;
    readonly ZSpacing: number;
  };
  readonly shape: readonly number[];
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly nonpad_bbox: readonly (readonly number[])[];
  readonly samples_dhw_value: readonly (readonly [number, number, number, number])[];
  readonly avgpool_20x40x40_12x12x12: readonly number[];
}

const tolerance = 1e-4;

describe("CT-CLIP's preprocessing against CT-CLIP's code", () => {
  it('gives the same tensors', async function () {
    const folder = needShared(this, 'data', 'ct');
    const fixture = needShared(this, 'fixtures', 'ctclip-preprocess.json');
    const { volumes } = JSON.parse(readFileSync(fixture, 'utf8')) as { volumes: Reference[] };
    assert.ok(volumes.length >= 3);
    for (const reference of volumes) {
      await compare(`${folder}/${reference.file}`, reference);
    }
  });

  it('takes the spacing from the file where the metadata says nothing', async function () {
    const path = `${needShared(this, 'data', 'ct')}/cip_ct-64.nii.gz`;
    const profile = { kind: 'ctclip', name: 'ctclip', clip: 'before_resampling' } as const;
    const volume = await readVolume(path);
    const [xySpacingMm, , zSpacingMm] = volume.header.spacingMm;
    const fromFile = await preprocess(volume, profile);
    const fromRow = await preprocess(volume, profile, { xySpacingMm, zSpacingMm });
    assert.ok(Buffer.from(fromFile.data.buffer).equals(Buffer.from(fromRow.data.buffer)));
  });
});

async function compare(path: string, reference: Reference): Promise<void> {
  const row = reference.metadata_row;
  const [xySpacingMm] = JSON.parse(row.XYSpacing) as number[];
  const { data, shape } = await preprocess(
    await readVolume(path),
    { kind: 'ctclip', name: 'ctclip', clip: 'before_resampling' },
    {
      slope: row.RescaleSlope,
      intercept: row.RescaleIntercept,
      xySpacingMm,
      zSpacingMm: row.ZSpacing,
    },
  );
  const at = (d: number, h: number, w: number): number => data[(d * shape[2] + h) * shape[3] + w];
  assert.deepEqual(shape, reference.shape);
  for (const [d, h, w, value] of reference.samples_dhw_value) {
    near(at(d, h, w), value, `${reference.file} [${d}, ${h}, ${w}]`);
  }
  near(
    data.reduce((least, value) => Math.min(least, value)),
    reference.min,
    'min',
  );
  near(
    data.reduce((most, value) => Math.max(most, value)),
    reference.max,
    'max',
  );
  near(data.reduce((sum, value) => sum + value, 0) / data.length, reference.mean, 'mean');
  meansOfBlocks(at).forEach((mean, block) => {
    near(mean, reference.avgpool_20x40x40_12x12x12[block], `block ${block}`);
  });
}

/** Means of the 12 x 12 x 12 blocks of 20 x 40 x 40 values: every value counts in one. */
function meansOfBlocks(at: (d: number, h: number, w: number) => number): number[] {
  return Array.from({ length: 12 ** 3 }, (_, block) => {
    const [bd, bh, bw] = [Math.floor(block / 144), Math.floor(block / 12) % 12, block % 12];
    let sum = 0;
    for (let d = bd * 20; d < (bd + 1) * 20; d++) {
      for (let h = bh * 40; h < (bh + 1) * 40; h++) {
        for (let w = bw * 40; w < (bw + 1) * 40; w++) {
          sum += at(d, h, w);
        }
      }
    }
    return sum / (20 * 40 * 40);
  });
}

function near(value: number, expected: number, what: string): void {
  assert.ok(Math.abs(value - expected) <= tolerance, `${what}: ${value}, CT-CLIP ${expected}`);
}
