import assert from 'node:assert/strict';
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomically } from '../../../src/core/storage/atomicFile';
import { requireRoomFor } from '../../../src/core/storage/folders';
import { onceLetGo } from '../../../src/core/storage/heldFiles';

describe('files that are written at the same time', () => {
  it('share the folders that are missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-storage-'));
    try {
      for (let round = 0; round < 20; round++) {
        const far = join(folder, `${round}`, 'a', 'b', 'c');
        const names = Array.from({ length: 8 }, (_, i) => join(`${i % 3}`, `${i}`));
        await Promise.all(names.map((name) => writeFileAtomically(join(far, name), 'text')));
        assert.equal((await readdir(far, { recursive: true })).length, 3 + 8);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a file that is replaced', () => {
  it('keeps its rights, and is reached by the links that led to it', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    const folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-storage-'));
    try {
      const [file, link] = [join(folder, 'file'), join(folder, 'link')];
      await writeFile(file, 'old');
      await chmod(file, 0o640);
      await symlink('file', link);
      await writeFileAtomically(link, 'new');
      assert.equal(await readFile(file, 'utf8'), 'new');
      assert.equal((await stat(file)).mode & 0o777, 0o640);
      assert.deepEqual((await readdir(folder)).sort(), ['file', 'link']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a file that another program holds open', () => {
  const failing = (code: string, times: number): { task: () => Promise<number>; tries: number } => {
    const counted = {
      tries: 0,
      task: () =>
        counted.tries++ < times
          ? Promise.reject(Object.assign(new Error(code), { code }))
          : Promise.resolve(counted.tries),
    };
    return counted;
  };

  it('is replaced once it is let go', async () => {
    assert.equal(await onceLetGo(failing('EPERM', 2).task, [0, 0, 0]), 3);
  });

  it('is given up in the end, and other failures at once', async () => {
    for (const [code, tries] of [['EBUSY', 4] as const, ['ENOSPC', 1] as const]) {
      const replacing = failing(code, Infinity);
      await assert.rejects(onceLetGo(replacing.task, [0, 0, 0]), { code });
      assert.equal(replacing.tries, tries);
    }
  });
});

describe('a file that cannot be written', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-storage-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('because its folder is a file, or its name is a folder’s or too long, says so', async () => {
    await writeFile(join(folder, 'file'), '');
    await mkdir(join(folder, 'taken'));
    for (const place of ['file/below', 'file/far/below', 'taken', 'x'.repeat(300)]) {
      await assert.rejects(writeFileAtomically(join(folder, place), 'text'), {
        code: 'no-such-place',
      });
    }
    assert.deepEqual((await readdir(folder)).sort(), ['file', 'taken']);
  });

  it('because nobody can make folders there, says so instead of trying for ever', async function () {
    if (process.platform !== 'linux') {
      this.skip();
    }
    await assert.rejects(writeFileAtomically('/proc/ct-mcqa/far/below', 'text'), {
      code: 'no-such-place',
    });
  });

  it('can be told from one that can, before it is written', async () => {
    await writeFile(join(folder, 'file'), '');
    await requireRoomFor(folder);
    await requireRoomFor(join(folder, 'not', 'there', 'yet'));
    for (const place of ['file', 'file/below']) {
      await assert.rejects(requireRoomFor(join(folder, place)), { code: 'no-such-place' });
    }
    assert.deepEqual(await readdir(folder), ['file']);
  });

  it('because the disk is full says so and leaves nothing', async () => {
    const full = (): Promise<void> =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    await assert.rejects(writeFileAtomically(join(folder, 'new'), full), { code: 'disk-full' });
    assert.deepEqual(await readdir(folder), []);
  });
});
