import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { CancelledError, UserError } from '../../../src/core/errors';
import { readVolume, readVolumeHeader } from '../../../src/core/volume/read';
import { allocateVoxels } from '../../../src/core/volume/voxelDecoder';
import { dtypeNames, dtypes, niftiFile, niftiGz } from './niftiFile';
import type { NiftiFile } from './niftiFile';
import { temporaryFolder } from './temporaryFolder';

const folder = temporaryFolder();

const sizes = fc.tuple(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 4 }),
);

/** A sound file of any type, byte order and version, with its stored values. */
const soundFile = fc
  .record({
    version: fc.constantFrom(1 as const, 2 as const),
    littleEndian: fc.boolean(),
    dtype: fc.constantFrom(...dtypeNames),
    shape: sizes,
    slope: fc.constantFrom(0, 1, 0.5, -2),
    intercept: fc.constantFrom(0, -1024, 12.5),
  })
  .chain((file) => {
    const [min, max] = dtypes[file.dtype].range;
    const count = file.shape[0] * file.shape[1] * file.shape[2];
    return fc
      .array(fc.integer({ min, max }), { minLength: count, maxLength: count })
      .map((stored) => ({ ...file, stored }));
  });

async function refusalOf(work: Promise<unknown>): Promise<UserError> {
  const outcome = await work.then(
    () => new Error('it was accepted'),
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof UserError, String(outcome));
  return outcome;
}

/** The code under which a plain file of these fields is refused. */
async function refusedAs(file: NiftiFile): Promise<string> {
  return (await refusalOf(readVolume(await folder.write('refused.nii', niftiFile(file))))).code;
}

describe('readVolume', () => {
  it('gives back every type, byte order and version, scaled', async () => {
    await fc.assert(
      fc.asyncProperty(soundFile, fc.boolean(), async (file, gzip) => {
        const bytes = gzip ? niftiGz(file) : niftiFile(file);
        const path = await folder.write(gzip ? 'sound.nii.gz' : 'sound.nii', bytes);
        const { header, voxels } = await readVolume(path);
        const scaled = file.slope !== 0;
        const [slope, intercept] = scaled ? [file.slope, file.intercept] : [1, 0];
        assert.equal(header.format, `nifti${file.version}`);
        assert.equal(header.littleEndian, file.littleEndian);
        assert.deepEqual(header.shape, file.shape);
        assert.equal(header.dtype, file.dtype);
        assert.deepEqual([header.slope, header.intercept], [slope, intercept]);
        assert.deepEqual(
          [...voxels],
          file.stored.map((value) => Math.fround(value * slope + intercept)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('reads volumes larger than a block, whatever way the pieces fall', async () => {
    const shape = [100, 101, 61] as const;
    const bytes = new Uint8Array(352 + 100 * 101 * 61 * 2);
    bytes.set(niftiFile({ shape }).subarray(0, 352));
    const stored = new Int16Array(bytes.buffer, 352);
    stored.forEach((_, at) => {
      stored[at] = (at * 7919) % 4001;
    });
    const path = await folder.write('large.nii.gz', gzipSync(bytes, { level: 1 }));
    const { voxels } = await readVolume(path);
    assert.deepEqual(voxels, Float32Array.from(stored));
  });

  it('reads the first frame of several and says how many there are', async () => {
    const stored = [1, 2, 3, 4, 5, 6, 7, 8];
    const file = { shape: [2, 1, 1, 2, 2], stored };
    const { header, voxels } = await readVolume(await folder.write('frames.nii', niftiFile(file)));
    assert.equal(header.frames, 4);
    assert.deepEqual([...voxels], [1, 2]);
  });

  it('refuses a file whose later frames are missing', async () => {
    const bytes = niftiFile({ shape: [2, 2, 2, 3], stored: [1] });
    const path = await folder.write('frames.nii', bytes.subarray(0, -1));
    assert.equal((await refusalOf(readVolume(path))).code, 'volume-truncated');
    const gz = await folder.write('frames.nii.gz', gzipSync(bytes.subarray(0, -1)));
    assert.equal((await refusalOf(readVolume(gz))).code, 'volume-truncated');
  });

  it('reads the pair of .hdr and .img by either name', async () => {
    const bytes = niftiFile({ magic: 'ni1\0', stored: [9, 8, 7, 6, 5, 4, 3, 2] });
    new DataView(bytes.buffer).setFloat32(108, 0, true);
    const header = await folder.write('pair.hdr', bytes.subarray(0, 348));
    assert.equal((await refusalOf(readVolume(header))).code, 'volume-missing');
    const image = await folder.write('pair.img', bytes.subarray(352));
    for (const path of [header, image]) {
      assert.deepEqual([...(await readVolume(path)).voxels], [9, 8, 7, 6, 5, 4, 3, 2]);
    }
  });

  it('reports progress and stops when cancelled', async () => {
    const path = await folder.write('cancelled.nii', niftiFile({}));
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(readVolume(path, { signal: controller.signal }), CancelledError);
  });
});

describe('what readVolume refuses', () => {
  it('says what is wrong with the header', async () => {
    assert.equal(await refusedAs({ magic: 'xx1\0' }), 'volume-format');
    assert.equal(await refusedAs({ version: 2, magic: 'n+3\0\r\n\x1a\n' }), 'volume-format');
    assert.equal(await refusedAs({ version: 2, magic: 'n+2\0\n\x1a\n\n' }), 'volume-format');
    assert.equal(await refusedAs({ shape: [] }), 'volume-header');
    assert.equal(await refusedAs({ shape: [2, 0, 2] }), 'volume-header');
    assert.equal(await refusedAs({ shape: [-2, 2, 2] }), 'volume-header');
    assert.equal(await refusedAs({ slope: 2, intercept: NaN }), 'volume-header');
    assert.equal(await refusedAs({ qformCode: 1, quaternion: [1, 1, 0] }), 'volume-header');
    assert.equal(await refusedAs({ voxOffset: 348 }), 'volume-header');
  });

  it('refuses types that are no HU by name', async () => {
    const names = { 1: /bits/, 32: /complex64/, 128: /RGB/, 1536: /float128/, 9999: /9999/ };
    for (const [code, name] of Object.entries(names)) {
      const bytes = niftiFile({});
      new DataView(bytes.buffer).setInt16(70, Number(code), true);
      const refusal = await refusalOf(readVolume(await folder.write('type.nii', bytes)));
      assert.equal(refusal.code, 'volume-datatype');
      assert.match(refusal.message, name);
    }
  });

  it('refuses CIFTI, which is no volume', async () => {
    const bytes = niftiFile({ version: 2 });
    new DataView(bytes.buffer).setInt32(504, 3001, true);
    const refusal = await refusalOf(readVolume(await folder.write('cifti.nii', bytes)));
    assert.match(refusal.message, /CIFTI/);
  });

  it('wants name and content to agree on gzip', async () => {
    const plain = await folder.write('plain.nii.gz', niftiFile({}));
    const packed = await folder.write('packed.nii', niftiGz({}));
    const half = await folder.write('half.nii.gz', Uint8Array.of(0x1f, 0, 0, 0));
    for (const path of [plain, packed, half]) {
      assert.equal((await refusalOf(readVolume(path))).code, 'volume-gzip');
    }
    const other = await folder.write('volume.dat', niftiFile({}));
    assert.equal((await refusalOf(readVolume(other))).code, 'volume-format');
  });

  it('names what cannot be read', async () => {
    assert.equal((await refusalOf(readVolume(folder.path('no.nii')))).code, 'volume-missing');
    const empty = await folder.write('empty.nii', new Uint8Array());
    assert.equal((await refusalOf(readVolume(empty))).code, 'volume-empty');
    const short = await folder.write('short.nii', niftiFile({}).subarray(0, 347));
    assert.equal((await refusalOf(readVolumeHeader(short))).code, 'volume-format');
  });

  it('refuses at once what is no file, which might keep it waiting for ever', async () => {
    const directory = folder.path('folder.nii');
    await mkdir(directory);
    assert.match((await refusalOf(readVolume(directory))).message, /it is a folder/);
    if (process.platform !== 'win32') {
      const device = folder.path('device.nii');
      await symlink('/dev/zero', device);
      assert.match((await refusalOf(readVolume(device))).message, /a pipe or a device/);
    }
  });

  it('allocates nothing for voxels that cannot be there', async () => {
    assert.equal(await refusedAs({ shape: [32767, 32767, 32767] }), 'volume-too-large');
    assert.equal(await refusedAs({ shape: [1000, 1000, 1000] }), 'volume-truncated');
    const bomb = niftiGz({ shape: [1000, 1000, 1000] });
    const path = await folder.write('bomb.nii.gz', bomb);
    assert.equal((await refusalOf(readVolume(path))).code, 'volume-truncated');
  });

  it('says so when there is no memory for the voxels', async () => {
    const header = await readVolumeHeader(
      await folder.write('small.nii', niftiFile({ shape: [1, 1, 1] })),
    );
    const shape = [2 ** 20, 2 ** 20, 2 ** 20] as const;
    assert.throws(() => allocateVoxels({ ...header, shape }), { code: 'volume-memory' });
  });

  it('stops inflating far past the announced end', async () => {
    const tail = Buffer.alloc(80 * 2 ** 20);
    const path = await folder.write(
      'tail.nii.gz',
      gzipSync(Buffer.concat([niftiFile({}), tail]), { level: 1 }),
    );
    assert.equal((await refusalOf(readVolume(path))).code, 'volume-too-long');
  });

  it('lets a few bytes past the end pass, as nibabel does', async () => {
    const bytes = Buffer.concat([niftiFile({ stored: [1, 2] }), Buffer.from('more')]);
    for (const [name, content] of [
      ['more.nii', bytes],
      ['more.nii.gz', gzipSync(bytes)],
    ] as const) {
      const { voxels } = await readVolume(await folder.write(name, content));
      assert.deepEqual([...voxels.subarray(0, 2)], [1, 2]);
    }
  });
});

describe('damage', () => {
  const file = {
    shape: [5, 4, 3],
    sformCode: 1,
    stored: Array.from({ length: 60 }, (_, n) => n * n),
  };
  const sound = [...file.stored];

  it('never crashes the parser, whichever bytes of the header change', async () => {
    const mutation = fc.record({
      version: fc.constantFrom(1 as const, 2 as const),
      gzip: fc.boolean(),
      changes: fc.array(fc.tuple(fc.nat(560), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      length: fc.option(fc.nat(700), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(mutation, async ({ version, gzip, changes, length }) => {
        const bytes = niftiFile({ ...file, version });
        changes.forEach(([at, value]) => (bytes[at % bytes.length] = value));
        const kept = bytes.subarray(0, length);
        const path = gzip
          ? await folder.write('mutant.nii.gz', gzipSync(kept))
          : await folder.write('mutant.nii', kept);
        const outcome = await readVolume(path).catch((error: unknown) => error);
        if (outcome instanceof Error) {
          assert.ok(outcome instanceof UserError, outcome.stack);
          assert.match(outcome.code, /^volume-/);
        }
      }),
      { numRuns: 250 },
    );
  });

  it('never yields voxels from a gzip stream cut anywhere', async () => {
    const whole = niftiGz(file);
    for (let length = 1; length < whole.length; length++) {
      const path = await folder.write('cut.nii.gz', whole.subarray(0, length));
      assert.match((await refusalOf(readVolume(path))).code, /^volume-(gzip|truncated|format)$/);
    }
  });

  it('never yields other voxels from a gzip stream with any byte changed', async () => {
    const whole = niftiGz(file);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = whole.slice();
          changed[at] ^= by;
          const path = await folder.write('changed.nii.gz', changed);
          const outcome = await readVolume(path).catch((error: unknown) => error);
          if (outcome instanceof Error) {
            assert.ok(outcome instanceof UserError, outcome.stack);
          } else {
            // Bytes 2 to 9 of a gzip header hold flags, time and system: they may change nothing.
            assert.ok(at < 10, `byte ${at}`);
            assert.deepEqual([...(outcome as { voxels: Float32Array }).voxels], sound);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('wants every member of a gzip file whole', async () => {
    const bytes = niftiFile(file);
    const [first, second] = [gzipSync(bytes.subarray(0, 400)), gzipSync(bytes.subarray(400))];
    const path = await folder.write('members.nii.gz', Buffer.concat([first, second]));
    assert.deepEqual([...(await readVolume(path)).voxels], sound);
    second[second.length - 6] ^= 1;
    const damaged = await folder.write('members.nii.gz', Buffer.concat([first, second]));
    assert.equal((await refusalOf(readVolume(damaged))).code, 'volume-gzip');
  });
});
