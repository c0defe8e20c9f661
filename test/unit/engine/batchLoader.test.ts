import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { CancelledError, UserError } from '../../../src/core/errors';
import type { AugmentationSettings } from '../../../src/core/preset';
import { BatchLoader } from '../../../src/engine/batchLoader';
import type { LoadedQuestion } from '../../../src/engine/batchLoader';
import { copyVolume, VolumeStore } from '../../../src/engine/volumeStore';
import { tinyPreset, writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

const augmentation: AugmentationSettings = { flip: 0.5, shiftVoxels: 2, offsetHu: 50, noiseHu: 20 };
const voxels = 4 * 8 * 8;

describe('the batch loader', () => {
  let corpus: TinyCorpus;
  let store: VolumeStore;
  let questions: LoadedQuestion[];

  before(async () => {
    corpus = await writeTinyCorpus(8);
    store = new VolumeStore(corpus.path('cache'), tinyPreset.volume, { memory: 0 });
    questions = corpus.volumes.map((imagePath, i) => ({
      id: `q${i}`,
      imagePath,
      texts: ['An opacity.', 'No opacity.'],
    }));
    await store.prepare(
      questions.map(({ id, imagePath }) => ({ question: id, path: imagePath })),
      {},
    );
  });
  after(() => corpus.remove());

  async function load(
    batches: readonly (readonly LoadedQuestion[])[],
    settings?: AugmentationSettings,
    epoch = 1,
  ): Promise<Float32Array[]> {
    const loader = new BatchLoader({
      store,
      seed: 5,
      ...(settings && { augmentation: settings }),
    });
    loader.start(epoch, batches);
    const loaded: Float32Array[] = [];
    for (const batch of batches) {
      const target = new Float32Array(batch.length * voxels);
      await loader.next(batch, target);
      loaded.push(target);
    }
    return loaded;
  }

  it('gives the prepared volumes, batch by batch', async () => {
    const batches = [questions.slice(0, 3), questions.slice(3, 6), questions.slice(6)];
    const loaded = await load(batches);
    for (const [n, batch] of batches.entries()) {
      const expected = new Float32Array(batch.length * voxels);
      for (const [i, { imagePath }] of batch.entries()) {
        copyVolume(await store.read(imagePath), expected, i * voxels);
      }
      assert.deepEqual(loaded[n], expected);
    }
  });

  it('changes a volume by its question and epoch only, whichever batch it stands in', async () => {
    const whole = await load([questions], augmentation);
    const singly = await load(questions.map((question) => [question]).reverse(), augmentation);
    questions.forEach((_, i) => {
      const one = whole[0].subarray(i * voxels, (i + 1) * voxels);
      assert.deepEqual(singly[questions.length - 1 - i], one);
    });
    const [plain] = await load([questions]);
    const [second] = await load([questions], augmentation, 2);
    assert.notDeepEqual(whole[0], plain);
    assert.notDeepEqual(second, whole[0]);
  });

  it('passes over batches that are not asked for, and loads what was not foreseen', async () => {
    const batches = questions.map((question) => [question]);
    const expected = await load(batches, augmentation);
    const loader = new BatchLoader({ store, seed: 5, augmentation });
    loader.start(1, batches.slice(0, 6));
    for (const n of [0, 2, 3, 7, 4]) {
      const target = new Float32Array(voxels);
      await loader.next(batches[n], target);
      assert.deepEqual(target, expected[n]);
    }
  });

  it('mirrors nothing whose distractors came to name a side after it was loaded', async () => {
    const flipped = { flip: 1 };
    const loader = new BatchLoader({ store, seed: 5, augmentation: flipped });
    loader.start(1, [[questions[0]]]);
    const [mirrored] = await load([[questions[0]]], flipped);
    const [plain] = await load([[questions[0]]]);
    const mined = { ...questions[0], texts: ['An opacity.', 'A nodule on the left.'] };
    const target = new Float32Array(voxels);
    await loader.next([mined], target);
    assert.notDeepEqual(mirrored, plain);
    assert.deepEqual(target, plain);
  });

  it('keeps what it has begun of the same epoch, and begins anew what is another since', async () => {
    const requested: string[] = [];
    class WatchedStore extends VolumeStore {
      override loadRequest(path: string): ReturnType<VolumeStore['loadRequest']> {
        requested.push(path);
        return super.loadRequest(path);
      }
    }
    const watched = new WatchedStore(corpus.path('cache'), tinyPreset.volume, { memory: 0 });
    const [plain] = await load([[questions[1]]]);
    const [flipped] = await load([[questions[1]]], { flip: 1 }, 2);
    const loader = new BatchLoader({ store: watched, seed: 5, augmentation: { flip: 1 } });
    const batches = questions.slice(0, 3).map((question) => [question]);
    const paths = questions.slice(0, 3).map(({ imagePath }) => imagePath);
    loader.start(1, batches);
    loader.start(1, batches);
    assert.deepEqual(requested, paths);
    // One of them may not be mirrored any more: it and what follows it are loaded again.
    const mined = { ...questions[1], texts: ['An opacity.', 'A nodule on the left.'] };
    loader.start(1, [batches[0], [mined], batches[2]]);
    assert.deepEqual(requested, [...paths, paths[1], paths[2]]);
    const target = new Float32Array(voxels);
    await loader.next(batches[0], target);
    await loader.next([mined], target);
    assert.deepEqual(target, plain);
    assert.equal(requested.length, 5);
    // In another epoch all is augmented in another way.
    loader.start(2, batches);
    assert.deepEqual(requested.slice(5), paths);
    await loader.next(batches[1], target);
    assert.deepEqual(target, flipped);
    assert.equal(requested.length, 8);
  });

  it('ends what it loads ahead when it is stopped', async () => {
    const loader = new BatchLoader({ store, seed: 5 });
    loader.start(1, [questions]);
    const taken = loader.next(questions, new Float32Array(questions.length * voxels));
    loader.stop();
    await assert.rejects(taken, CancelledError);
  });

  it('reads no volume file, and says how long it was waited for', async () => {
    const copy = await writeTinyCorpus(2);
    try {
      const own = new VolumeStore(copy.path('cache'), tinyPreset.volume, { memory: 0 });
      const batch = copy.volumes.map((imagePath, i) => ({ id: `q${i}`, imagePath, texts: [] }));
      await own.prepare(
        batch.map(({ id, imagePath }) => ({ question: id, path: imagePath })),
        {},
      );
      await Promise.all(copy.volumes.map((path) => rm(path)));
      const loader = new BatchLoader({ store: own, seed: 1 });
      const target = new Float32Array(2 * voxels);
      for (const epoch of [1, 2, 3]) {
        loader.start(epoch, [batch]);
        await loader.next(batch, target);
        assert.ok(target.some((value) => value !== 0));
      }
      assert.ok(loader.waitedSeconds > 0);
    } finally {
      await copy.remove();
    }
  });

  it('names the question whose volume and entry are gone', async () => {
    const copy = await writeTinyCorpus(2);
    try {
      const own = new VolumeStore(copy.path('cache'), tinyPreset.volume, { memory: 0 });
      const [imagePath] = copy.volumes;
      await own.prepare([{ path: imagePath, question: 'q7' }], {});
      await rm(copy.path('cache'), { recursive: true });
      await rm(imagePath);
      const loader = new BatchLoader({ store: own, seed: 1 });
      const batch = [{ id: 'q7', imagePath, texts: [] }];
      loader.start(1, [batch]);
      await assert.rejects(loader.next(batch, new Float32Array(voxels)), (error) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.code, 'volume-lost');
        assert.match(error.message, /question q7/);
        return true;
      });
    } finally {
      await copy.remove();
    }
  });
});
