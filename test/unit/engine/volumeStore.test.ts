import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { copyFile, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError, UserError } from '../../../src/core/errors';
import type { Progress } from '../../../src/core/progress';
import { preprocess } from '../../../src/core/volume/preprocess';
import { readVolume } from '../../../src/core/volume/read';
import { copyVolume, VolumeStore } from '../../../src/engine/volumeStore';
import type { VolumeStoreOptions } from '../../../src/engine/volumeStore';
import { contentOf } from './cacheProcess';
import { tinyPreset, writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

const cacheProcess = join(__dirname, 'cacheProcess.ts');

describe('prepared volumes', () => {
  let corpus: TinyCorpus;
  const needed = (): { path: string; question: string }[] =>
    corpus.volumes.map((path, i) => ({ path, question: `q${i}` }));
  const newStore = (limits?: VolumeStoreOptions): VolumeStore =>
    new VolumeStore(corpus.path('cache'), tinyPreset.volume, limits);

  async function filesOfCache(ending: string): Promise<string[]> {
    const names = await readdir(corpus.path('cache'), { recursive: true });
    return names.filter((name) => name.endsWith(ending)).map((name) => corpus.path('cache', name));
  }
  const entries = (): Promise<string[]> => filesOfCache('.safetensors');

  /** How many volumes `prepare` found to be made. */
  async function made(store: VolumeStore): Promise<number> {
    let count = 0;
    await store.prepare(needed(), {
      onProgress: ({ stage, total }) => {
        count = stage === 'Preparing volumes' ? (total ?? 0) : count;
      },
    });
    return count;
  }

  beforeEach(async () => {
    corpus = await writeTinyCorpus(4);
  });
  afterEach(() => corpus.remove());

  it('are the preprocessed ones to 16 bits, from the file, from disk and from memory', async () => {
    const [path] = corpus.volumes;
    const { data } = await preprocess(await readVolume(path), tinyPreset.volume);
    const store = newStore();
    const fresh = await store.read(path);
    const values = new Float32Array(data.length + 1);
    copyVolume(fresh, values, 1);
    data.forEach((value, i) => {
      assert.ok(Math.abs(values[i + 1] - value) <= 0.5001 / 32767);
    });
    assert.equal(await store.read(path), fresh);
    assert.deepEqual(await newStore().read(path), fresh);
    assert.deepEqual(await newStore({ memory: 0 }).read(path), fresh);
  });

  it('are made once, and again when the content changes', async () => {
    const seen: Progress[] = [];
    await newStore().prepare(needed(), { onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(seen.at(-1), { stage: 'Preparing volumes', done: 4, total: 4 });
    assert.equal(await made(newStore()), 0);
    await copyFile(corpus.volumes[1], corpus.volumes[0]);
    await utimes(corpus.volumes[0], new Date(), new Date(2020, 1, 1));
    assert.equal(await made(newStore()), 1);
    const store = newStore();
    assert.deepEqual(await store.read(corpus.volumes[0]), await store.read(corpus.volumes[1]));
  });

  it('belong to the content: a moved file keeps its entry', async () => {
    await newStore().prepare(needed(), {});
    const before = await entries();
    const moved = corpus.path('moved.nii.gz');
    await rename(corpus.volumes[0], moved);
    await newStore().prepare([{ path: moved, question: 'q0' }], {});
    assert.deepEqual(await entries(), before);
  });

  it('are read without their files once they are prepared', async () => {
    const store = newStore({ memory: 0 });
    await store.prepare(needed(), {});
    const before = await store.read(corpus.volumes[0]);
    await Promise.all(corpus.volumes.map((path) => rm(path)));
    assert.deepEqual(await store.read(corpus.volumes[0]), before);
    assert.ok((await store.read(corpus.volumes[3])).data.length > 0);
  });

  it('do not come from a damaged entry, not even from one with a single other bit', async () => {
    const [path] = corpus.volumes;
    const before = await newStore().read(path);
    const [entry] = await entries();
    const sound = await readFile(entry);
    const flipped = Buffer.from(sound);
    flipped[flipped.length - 3] ^= 1;
    for (const damaged of [Buffer.from('damaged'), flipped, sound.subarray(0, -1)]) {
      await writeFile(entry, damaged);
      assert.deepEqual(await newStore().read(path), before);
      assert.deepEqual(await readFile(entry), sound);
    }
  });

  it('take no more disk than they may: those that were longest unused go', async () => {
    await newStore().prepare(needed(), {});
    const { size } = await stat((await entries())[0]);
    const [first, ...others] = needed();
    // Used long ago, all but the first.
    const keptKey = (await entriesOf(first.path))[0];
    for (const entry of await entries()) {
      if (entry !== keptKey) {
        await utimes(entry, new Date(2020, 1, 1), new Date(2020, 1, 1));
      }
    }
    await newStore({ disk: 2.5 * size }).prepare([first], {});
    const left = await entries();
    assert.equal(left.length, 2);
    assert.ok(left.includes(keptKey));
    await assert.rejects(newStore({ disk: 100 }).prepare(others, {}), {
      code: 'cache-too-small',
    });
  });

  /** The entries that reading a volume touches. */
  async function entriesOf(path: string): Promise<string[]> {
    const long = new Date(2019, 1, 1);
    for (const entry of await entries()) {
      await utimes(entry, long, long);
    }
    await newStore().prepare([{ path, question: 'q' }], {});
    const all = await Promise.all(
      (await entries()).map(async (entry) => ({ entry, time: (await stat(entry)).mtimeMs })),
    );
    return all.filter(({ time }) => time > long.getTime()).map(({ entry }) => entry);
  }

  it('leave nothing of killed processes behind, and what others write alone', async () => {
    await newStore().prepare(needed(), {});
    const folder = join((await entries())[0], '..');
    const [old, young] = [join(folder, '.old.tmp'), join(folder, '.young.tmp')];
    await writeFile(old, 'cut off');
    await utimes(old, new Date(2020, 1, 1), new Date(2020, 1, 1));
    await writeFile(young, 'under way');
    await newStore().prepare(needed(), {});
    assert.deepEqual(await filesOfCache('.tmp'), [young]);
  });

  it('may be made by several stores at once', async () => {
    await Promise.all(
      [newStore(), newStore(), newStore()].map((store) => store.prepare(needed(), {})),
    );
    assert.equal((await entries()).length, 4);
    assert.deepEqual(await filesOfCache('.tmp'), []);
  });

  it('never stand under the content of another file, where theirs was replaced', async () => {
    const store = newStore({ memory: 0 });
    const [path, other] = corpus.volumes;
    await store.prepare(needed(), {});
    const before = await newStore().read(path);
    const bytes = await readFile(path);
    await copyFile(other, path);
    await Promise.all((await entries()).map((entry) => rm(entry)));
    await assert.rejects(store.read(path), { code: 'volume-changed' });
    await writeFile(path, bytes);
    assert.deepEqual(await newStore().read(path), before);
    assert.deepEqual(await store.read(path), before);
  });

  it('are right and within the limit where two processes fill, read and evict at once', async () => {
    const store = newStore();
    const expected = new Map<string, string>();
    for (const path of corpus.volumes) {
      expected.set(path, contentOf(await store.read(path)));
    }
    const { size } = await stat((await entries())[0]);
    const limit = 2.5 * size;
    const children = ['1', '2'].map((seed) =>
      fork(cacheProcess, [seed, corpus.path('cache'), String(limit), ...corpus.volumes], {
        execArgv: ['--import', 'tsx'],
      }),
    );
    const said = (child: ChildProcess): Promise<unknown> =>
      new Promise((resolve, reject) => {
        child.once('message', resolve);
        child.once('error', reject);
        child.once('exit', (code) => {
          reject(new Error(`exit code ${code}`));
        });
      });
    await Promise.all(children.map(said));
    const answers = children.map(said);
    children.forEach((child) => child.send('begin'));
    for (const found of (await Promise.all(answers)) as [path: string, content: string][][]) {
      assert.ok(found.length > 20);
      for (const [path, content] of found) {
        assert.equal(content, expected.get(path), path);
      }
    }
    const sizes = await Promise.all(
      (await entries()).map(async (entry) => (await stat(entry)).size),
    );
    assert.ok(sizes.reduce((sum, each) => sum + each, 0) <= limit, `${sizes.length} entries`);
    assert.deepEqual(await filesOfCache('.tmp'), []);
  });

  it('stop being made when cancelled', async () => {
    const controller = new AbortController();
    await assert.rejects(
      newStore().prepare(needed(), {
        signal: controller.signal,
        onProgress: ({ stage }) => {
          if (stage === 'Preparing volumes') {
            controller.abort();
          }
        },
      }),
      CancelledError,
    );
    assert.ok((await entries()).length < 4);
  });

  it('name all files that cannot be read, and the questions that need them', async () => {
    await writeFile(corpus.volumes[1], 'no volume');
    const volumes = [...needed(), { path: corpus.path('gone.nii'), question: 'q9' }];
    await assert.rejects(newStore().prepare(volumes, {}), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^2 of 5 volumes/);
      assert.match(error.message, /question q1: .*train_2_a_1/);
      assert.match(error.message, /question q9: .*gone/);
      return true;
    });
  });
});
