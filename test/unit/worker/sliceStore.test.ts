import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { reorient } from '../../../src/core/volume/orientation';
import { readVolume } from '../../../src/core/volume/read';
import { extractSlice, planes, sliceCount } from '../../../src/core/volume/slices';
import { openPieces } from '../../../src/core/volume/voxelPieces';
import { SliceStore } from '../../../src/worker/sliceStore';
import { dtypeNames, niftiFile, type NiftiFile } from '../volume/niftiFile';
import { phantom } from '../volume/phantom';
import { temporaryFolder } from '../volume/temporaryFolder';
import { withFullDisk } from './fullDisk';

const onWindows = process.platform === 'win32';
const openFiles = '/proc/self/fd';

describe('The slices of a volume that is too large for memory', () => {
  const folder = temporaryFolder();
  const before = { TMPDIR: process.env.TMPDIR, TEMP: process.env.TEMP };
  let copies = '';

  beforeEach(async () => {
    copies = folder.path('copies');
    await mkdir(copies, { recursive: true });
    process.env.TMPDIR = copies;
    process.env.TEMP = copies;
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) {
        Reflect.deleteProperty(process.env, name);
      } else {
        process.env[name] = value;
      }
    }
  });

  async function write(name: string, file: NiftiFile): Promise<string> {
    const bytes = niftiFile(file);
    return folder.write(name, name.endsWith('.gz') ? gzipSync(bytes) : bytes);
  }

  async function filled(path: string): Promise<SliceStore> {
    const source = await openPieces(path);
    const store = await SliceStore.of(source);
    assert.ok(store);
    for await (const piece of source.pieces) {
      await store.push(piece);
    }
    return store;
  }

  /** Copies that this process holds open, with or without a name. */
  async function held(): Promise<string[]> {
    const open = await readdir(openFiles);
    const links = await Promise.all(
      open.map((fd) => readlink(join(openFiles, fd)).catch(() => '')),
    );
    return links.filter((link) => link.startsWith(copies));
  }

  it('are those of the volume, from the file itself and from the copy of a compressed one', async () => {
    const stored = Array.from({ length: 60 }, (_, at) => (at * 7) % 127);
    for (const dtype of dtypeNames) {
      for (const littleEndian of [true, false]) {
        const file = { shape: [3, 4, 5], dtype, littleEndian, stored, slope: 0.7, intercept: -20 };
        for (const name of ['whole.nii', 'whole.nii.gz']) {
          const path = await write(name, file);
          const volume = await readVolume(path);
          const store = await filled(path);
          for (const plane of planes) {
            const index = sliceCount(volume.header, plane) - 1;
            assert.deepEqual(
              await store.slice(plane, index, {}),
              extractSlice(volume, plane, index),
            );
          }
          store.dispose();
        }
      }
    }
  });

  it('are refused where there are none', async () => {
    const store = await filled(await write('few.nii.gz', { shape: [3, 4, 5] }));
    await assert.rejects(store.slice('axial', 5, {}), RangeError);
    store.dispose();
  });

  it('of a compressed file are there once all of it was read; of a plain one at once', async () => {
    const file: NiftiFile = { shape: [3, 4, 5] };
    for (const [name, isThere] of [
      ['soon.nii', true],
      ['later.nii.gz', false],
    ] as const) {
      const store = await SliceStore.of(await openPieces(await write(name, file)));
      assert.ok(store);
      assert.equal((await store.slice('axial', 2, {})) !== null, isThere);
      store.dispose();
      assert.equal(await store.slice('axial', 2, {}), null);
    }
  });

  it('leave nothing behind', async () => {
    const store = await filled(await write('left.nii.gz', { shape: [3, 4, 5] }));
    if (!onWindows) {
      assert.deepEqual(await readdir(copies), []);
    }
    if (existsSync(openFiles)) {
      assert.equal((await held()).length, 1);
    }
    store.dispose();
    // Closed soon, which nobody waits for.
    while (
      (await readdir(copies)).length > 0 ||
      (existsSync(openFiles) && (await held()).length > 0)
    ) {
      await turn();
    }
  });

  it('cannot be had where the disk is full, which is no failure', async () => {
    const source = await openPieces(await write('full.nii.gz', { shape: [3, 4, 5] }));
    const store = await SliceStore.of(source);
    assert.ok(store);
    await withFullDisk(async () => {
      for await (const piece of source.pieces) {
        await store.push(piece);
      }
    });
    assert.equal(await store.slice('axial', 2, {}), null);
    store.dispose();
  });

  it('cannot be had where there is no place for a copy, or the volume is oblique', async () => {
    await rm(copies, { recursive: true });
    const zipped = await openPieces(await write('placeless.nii.gz', { shape: [3, 4, 5] }));
    assert.equal(await SliceStore.of(zipped), undefined);
    const { header } = reorient(
      phantom([3, 4, 5], () => 0),
      'RAS',
    );
    const sheared = header.affine.slice(0, 3).map((row) => [row[0], row[1], row[2] + 1, row[3]]);
    const oblique = await write('oblique.nii', { shape: [3, 4, 5], sformCode: 1, sform: sheared });
    assert.equal(await SliceStore.of(await openPieces(oblique)), undefined);
  });
});
