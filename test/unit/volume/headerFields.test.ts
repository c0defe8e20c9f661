import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { CancelledError, UserError } from '../../../src/core/errors';
import { Random } from '../../../src/core/random';
import { severityWord } from '../../../src/core/volume/headerDescription';
import type { HeaderDescription } from '../../../src/core/volume/headerDescription';
import { describeHeader } from '../../../src/core/volume/headerFields';
import { nifti1Fields, nifti2Fields } from '../../../src/core/volume/headerValues';
import { readHeaderDescription } from '../../../src/core/volume/readHeaderDescription';
import { niftiFile } from './niftiFile';
import type { NiftiFile } from './niftiFile';
import { temporaryFolder } from './temporaryFolder';

const ofFile = (
  file: NiftiFile,
  change: (bytes: Uint8Array, view: DataView) => void = () => undefined,
) => {
  const bytes = niftiFile(file);
  change(bytes, new DataView(bytes.buffer));
  return describeHeader(bytes, 'scan.nii');
};

function field({ fields }: HeaderDescription, name: string) {
  const found = fields.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

const found = ({ checks }: HeaderDescription): string[] =>
  checks.map(({ name, source, severity }) => `${source} ${name} ${severity}`);

/** A header that nobody has anything against. */
const sound: NiftiFile = {
  shape: [4, 3, 2],
  pixdim: [1, 0.7, 0.7, 1.5, 0, 0, 0, 0],
  slope: 1,
  intercept: -1024,
  sformCode: 1,
  sform: [
    [-0.7, 0, 0, 1],
    [0, -0.7, 0, 2],
    [0, 0, 1.5, 3],
  ],
};

const millimetres =
  (version: 1 | 2) =>
  (bytes: Uint8Array): void => {
    bytes[version === 1 ? 123 : 500] = 2;
  };

describe('The description of a header', () => {
  it('has a place for every byte', () => {
    const sizes = {
      char: 1,
      int8: 1,
      uint8: 1,
      int16: 2,
      int32: 4,
      float32: 4,
      int64: 8,
      float64: 8,
    };
    for (const [fields, size] of [
      [nifti1Fields, 348],
      [nifti2Fields, 540],
    ] as const) {
      const last = fields[fields.length - 1];
      assert.equal(last.at + last.count * sizes[last.stored], size);
    }
  });

  it('has nothing against a sound header', async () => {
    for (const version of [1, 2] as const) {
      const description = await ofFile({ ...sound, version }, millimetres(version));
      assert.deepEqual(description.checks, []);
      assert.deepEqual(description.extensions, []);
    }
  });

  it('shows numbers as they were meant, and what is no number', async () => {
    const description = await ofFile({ ...sound, pixdim: [NaN, 0.7, -Infinity, 1e-7] });
    assert.equal(field(description, 'pixdim').value, 'NaN 0.7 -Infinity 1e-7 0 0 0 0');
    assert.equal(field(description, 'pixdim').type, 'float32[8]');
    assert.equal(field(description, 'scl_inter').value, '-1024');
    assert.equal(field(description, 'dim').meaning, '4 × 3 × 2');
    const large = await ofFile({ ...sound, version: 2 }, (_, view) => {
      view.setBigInt64(168, 2n ** 62n + 1n, true);
    });
    assert.equal(field(large, 'vox_offset').value, '4611686018427387905');
  });

  it('cuts text at its NUL and lets none of it work a terminal', async () => {
    const description = await ofFile(sound, (bytes) => {
      bytes.set(Buffer.from('CT \u00e4\u001b[31m\u202e\0hidden'), 148);
      bytes.set([0xe9, 0x41], 228);
    });
    assert.equal(field(description, 'descrip').value, 'CT \u00e4\\x1b[31m\\u{202e}');
    assert.equal(field(description, 'aux_file').value, '\u00e9A');
  });

  it('names codes, known and unknown', async () => {
    const description = await ofFile({ ...sound, qformCode: 77 }, (bytes) => {
      bytes[39] = 1 + (2 << 2) + (3 << 4);
      bytes[123] = 2 + 16;
      bytes[122] = 200;
    });
    const meaning = (name: string): string | undefined => field(description, name).meaning;
    assert.deepEqual(
      ['datatype', 'sform_code', 'qform_code', 'dim_info', 'xyzt_units', 'slice_code', 'magic'].map(
        meaning,
      ),
      [
        'int16',
        'scanner',
        'unknown code 77',
        'frequency i, phase j, slice k',
        'mm, msec',
        'unknown code 200',
        'header and voxels in one file',
      ],
    );
  });

  it('lists what is wrong, the gravest first', async () => {
    const description = await ofFile({ ...sound, voxOffset: 350, qformCode: 9 }, (bytes, view) => {
      millimetres(1)(bytes);
      view.setInt16(72, 8, true);
    });
    assert.deepEqual(found(description), [
      'nibabel offset 40',
      'ours opening 40',
      'nibabel qform_code 30',
      'nibabel bitpix 10',
    ]);
    const [offset] = description.checks;
    assert.equal(offset.message, 'vox offset 350 too low for single file nifti1');
    assert.match(offset.remedy, /minimum of 352/);
  });

  const concerns: readonly (readonly [string, NiftiFile, (bytes: Uint8Array) => void, string])[] = [
    ['an intercept without a slope', { ...sound, slope: 0 }, millimetres(1), 'scl_inter 30'],
    ['no orientation', { ...sound, sformCode: 0 }, millimetres(1), 'forms 30'],
    [
      'a flat affine',
      { ...sound, sform: [[0, 0, 0, 0], ...(sound.sform ?? []).slice(1)] },
      millimetres(1),
      'affine 30',
    ],
    [
      'sizes that differ from the affine',
      { ...sound, pixdim: [1, 0.7, 0.7, 3] },
      millimetres(1),
      'voxel_sizes 30',
    ],
    [
      'a qform of another place',
      { ...sound, qformCode: 1, quaternion: [0, 0, 1], qoffset: [1, 2, 5] },
      millimetres(1),
      'sform_qform 20',
    ],
    ['no unit', sound, () => undefined, 'xyzt_units 10'],
    ['metres', sound, (bytes) => void (bytes[123] = 1), 'xyzt_units 30'],
  ];
  for (const [what, file, change, expected] of concerns) {
    it(`knows ${what}`, async () => {
      assert.deepEqual(found(await ofFile(file, change)), [`ours ${expected}`]);
    });
  }

  it('compares the forms in every kind of header', async () => {
    for (const version of [1, 2] as const) {
      for (const littleEndian of [true, false]) {
        const kind = { version, littleEndian };
        const description = await ofFile({
          ...sound,
          ...kind,
          qformCode: 1,
          quaternion: [0, 0, 1],
          qoffset: [1, 2, 5],
        });
        const check = description.checks.find(({ name }) => name === 'sform_qform');
        assert.match(check?.message ?? '', /up to 2\.0 mm apart/);
      }
    }
  });

  it('has nothing against forms that agree, whatever their rounding', async () => {
    const description = await ofFile(
      { ...sound, qformCode: 1, quaternion: [0, 0, 1], qoffset: [1.0001, 2, 3] },
      millimetres(1),
    );
    assert.deepEqual(description.checks, []);
  });

  it('tells a tilted gantry by its angle', async () => {
    const tilt = 1.5 * Math.tan(Math.PI / 12);
    const size = 1.5 / Math.cos(Math.PI / 12);
    const description = await ofFile(
      {
        ...sound,
        pixdim: [1, 0.7, 0.7, size],
        sform: [
          [-0.7, 0, 0, 1],
          [0, -0.7, tilt, 2],
          [0, 0, 1.5, 3],
        ],
      },
      millimetres(1),
    );
    assert.deepEqual(found(description), ['ours shear 20']);
    assert.match(description.checks[0].message, /15\.0°/);
  });

  it('describes what is no volume at all, where there is room for a header', async () => {
    const description = await describeHeader(new Uint8Array(348).fill(0x41), 'scan.nii');
    assert.equal(description.fields.length, nifti1Fields.length);
    assert.ok(found(description).includes('nibabel magic 45'));
    await assert.rejects(describeHeader(new Uint8Array(347), 'scan.nii'), isUserError);
    // A header of NIfTI-2 that was cut.
    const cut = niftiFile({ version: 2 }).subarray(0, 539);
    await assert.rejects(describeHeader(cut, 'scan.nii'), isUserError);
  });

  it('weighs levels as nibabel does', () => {
    assert.deepEqual([10, 20, 30, 35, 40, 45, 50].map(severityWord), [
      'note',
      'information',
      'warning',
      'warning',
      'error',
      'error',
      'error',
    ]);
  });
});

function isUserError(error: unknown): boolean {
  assert.ok(error instanceof UserError, String(error));
  assert.ok(error.remedy.length > 0);
  return true;
}

/** Extensions of so many bytes each, after the four bytes that announce them. */
function extensions(
  littleEndian: boolean,
  ...all: readonly (readonly [code: number, bytes: number])[]
): Uint8Array {
  const bytes = new Uint8Array(4 + all.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  bytes[0] = 1;
  let at = 4;
  for (const [code, size] of all) {
    view.setInt32(at, size, littleEndian);
    view.setInt32(at + 4, code, littleEndian);
    at += size;
  }
  return bytes;
}

describe('Header extensions', () => {
  const folder = temporaryFolder();
  const tuples = ({ extensions: all }: HeaderDescription) =>
    all.map(({ code, name, bytes, at }) => [code, name, bytes, at]);

  for (const version of [1, 2] as const) {
    for (const littleEndian of [true, false]) {
      it(`are listed in NIfTI-${version}, ${littleEndian ? 'little' : 'big'}-endian, far into the file`, async () => {
        const size = version === 1 ? 348 : 540;
        const blocks = extensions(littleEndian, [2, 70000], [99, 32]);
        const bytes = niftiFile({ version, littleEndian, voxOffset: size + blocks.length });
        bytes.set(blocks, size);
        const expected = [
          [2, 'dicom', 70000, size + 4],
          [99, 'unknown code 99', 32, size + 4 + 70000],
        ];
        const plain = await folder.write(`e${version}${littleEndian}.nii`, bytes);
        assert.deepEqual(tuples(await readHeaderDescription(plain)), expected);
        const gz = await folder.write(`e${version}${littleEndian}.nii.gz`, gzipSync(bytes));
        assert.deepEqual(tuples(await readHeaderDescription(gz)), expected);
      });
    }
  }

  it('of a pair go on to the end of the header file', async () => {
    const header = niftiFile({ magic: 'ni1\0', voxOffset: 0 }).subarray(0, 348);
    const whole = Buffer.concat([header, extensions(true, [6, 16], [4, 48])]);
    await folder.write('p.hdr', whole);
    const description = await readHeaderDescription(folder.path('p.img'));
    assert.deepEqual(tuples(description), [
      [6, 'comment', 16, 352],
      [4, 'afni', 48, 368],
    ]);
    const cut = await describeHeader(whole.subarray(0, -1), 'p.hdr');
    assert.deepEqual(tuples(cut), [[6, 'comment', 16, 352]]);
    assert.ok(found(cut).includes('ours extensions 30'));
  });

  it('whose size cannot be are told, not followed', async () => {
    for (const size of [0, -16, 7, 2 ** 31 - 1]) {
      const description = await ofFile({ ...sound, voxOffset: 416 }, (bytes, view) => {
        bytes[348] = 1;
        view.setInt32(352, size, true);
      });
      assert.deepEqual(description.extensions, []);
      assert.ok(found(description).includes('ours extensions 30'), String(size));
    }
    const odd = await ofFile({ ...sound, voxOffset: 416 }, (bytes) => {
      bytes.set(extensions(true, [6, 20], [6, 44]), 348);
    });
    assert.equal(odd.extensions.length, 2);
    assert.ok(found(odd).includes('ours extensions 20'));
  });

  it('are not listed without end', async () => {
    const many = extensions(true, ...Array.from({ length: 5000 }, () => [6, 16] as const));
    const description = await ofFile({ ...sound, voxOffset: 348 + many.length }, (bytes) => {
      bytes.set(many, 348);
    });
    assert.equal(description.extensions.length, 100);
    assert.ok(found(description).includes('ours extensions 10'));
  });
});

describe('Reading the description of a header', () => {
  const folder = temporaryFolder();

  it('does not need the voxels, nor that the volume could be opened', async () => {
    const bytes = niftiFile({ ...sound, magic: 'xx1\0' }).subarray(0, 348);
    const description = await readHeaderDescription(await folder.write('bad.nii', bytes));
    assert.ok(found(description).includes('ours opening 40'));
    assert.ok(!description.checks.some(({ message }) => message.includes(folder.path(''))));
  });

  it('fails with a remedy, and heeds a cancellation', async () => {
    await assert.rejects(readHeaderDescription(folder.path('absent.nii')), isUserError);
    const short = await folder.write('short.nii', new Uint8Array(100));
    await assert.rejects(readHeaderDescription(short), isUserError);
    const path = await folder.write('sound.nii', niftiFile(sound));
    const work = { signal: AbortSignal.abort() };
    await assert.rejects(readHeaderDescription(path, work), CancelledError);
  });
});

describe('Damaged headers', () => {
  it('are described, or refused with a remedy', async () => {
    const random = Random.fromSeed(20);
    const bases = [1, 2].flatMap((version) =>
      [true, false].map((littleEndian) => {
        const blocks = extensions(littleEndian, [2, 48], [6, 16]);
        const size = version === 1 ? 348 : 540;
        const file = { ...sound, version: version === 1 ? 1 : 2, littleEndian } as const;
        const bytes = niftiFile({ ...file, voxOffset: size + blocks.length });
        bytes.set(blocks, size);
        return bytes;
      }),
    );
    let described = 0;
    for (let n = 0; n < 2000; n++) {
      const bytes = random.pick(damages)(random.pick(bases).slice(), random);
      try {
        const { fields, checks, extensions: all } = await describeHeader(bytes, 'scan.nii');
        assert.ok(fields.length === nifti1Fields.length || fields.length === nifti2Fields.length);
        assert.ok(all.length <= 100);
        const shown = [
          ...fields.map(({ value }) => value),
          ...checks.map(({ message }) => message),
        ];
        assert.ok(
          shown.every((text) => !/\p{Cc}|\{\w+\}/u.test(text.replaceAll(/\\u\{\w+\}/g, ''))),
        );
        described++;
      } catch (error) {
        isUserError(error);
      }
    }
    assert.ok(described > 1000 && described < 2000, String(described));
  });
});

const damages: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    for (let flips = 1 + random.index(64); flips > 0; flips--) {
      bytes[random.index(bytes.length)] ^= 1 << random.index(8);
    }
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random.index(bytes.length)),
  (bytes, random) => {
    const from = random.index(bytes.length);
    const to = from + random.index(bytes.length - from);
    return bytes.map((byte, at) => (at >= from && at < to ? random.index(256) : byte));
  },
  (bytes, random) =>
    bytes.map((byte) => (random.chance(0.05) ? random.pick([0, 127, 128, 255]) : byte)),
  (bytes, random) => bytes.map(() => random.index(256)),
];
