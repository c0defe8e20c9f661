import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { CancelledError, UserError } from '../../../src/core/errors';
import { RunFolder } from '../../../src/core/runs/runFolder';
import type { TrainOptions } from '../../../src/core/run';
import { hashWeights, loadWeights } from '../../../src/engine/checkpoint';
import { train } from '../../../src/engine/train';
import { VolumeStore } from '../../../src/engine/volumeStore';
import { tinyPreset, writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('volumes in training', () => {
  let corpus: TinyCorpus;
  let options: TrainOptions;

  beforeEach(async () => {
    corpus = await writeTinyCorpus(12);
    const preset = await corpus.writePreset({
      ...tinyPreset,
      name: 'augmented',
      training: {
        ...tinyPreset.training,
        augmentation: { flip: 0.5, shiftVoxels: 1, scale: 0.1, offsetHu: 20, noiseHu: 10 },
      },
    });
    options = { ...corpus.training('first'), preset, valid: corpus.valid, epochs: 2, seed: 1 };
  });
  afterEach(() => corpus.remove());

  async function weightsOf(run: string): Promise<string> {
    return hashWeights(await loadWeights(new RunFolder(run).checkpoint));
  }

  it('are read from their files once: after that the files may go', async () => {
    const again = { ...options, run: corpus.path('runs', 'again') };
    await train(options, {});
    await rm(new RunFolder(options.run).cache, { recursive: true });
    let steps = 0;
    await train(again, {
      onStep: ({ step }) => {
        if (step === 1) {
          corpus.volumes.forEach((path) => {
            rmSync(path);
          });
        }
        steps = step;
      },
    });
    assert.ok(steps > 3);
    assert.equal(await weightsOf(again.run), await weightsOf(options.run));
  });

  it('of the next epoch begin to be loaded before the validation', async () => {
    const original = Object.getOwnPropertyDescriptor(VolumeStore.prototype, 'loadRequest')!;
    const loadRequest = original.value as VolumeStore['loadRequest'];
    let [loaded, steps, whenValidated] = [0, 0, 0];
    VolumeStore.prototype.loadRequest = function (path) {
      loaded++;
      return loadRequest.call(this, path);
    };
    try {
      await train(options, {
        onStep: ({ step }) => (steps = step),
        onValidation: ({ epoch }) => {
          whenValidated = epoch === 1 ? loaded : whenValidated;
        },
      });
    } finally {
      Object.defineProperty(VolumeStore.prototype, 'loadRequest', original);
    }
    const { batch } = tinyPreset.training;
    assert.ok(whenValidated > (steps / 2) * batch);
    // None of them is loaded again, and none of an epoch that does not come.
    assert.equal(loaded, steps * batch);
  });

  it('are changed the same way after a break', async () => {
    const broken = { ...options, run: corpus.path('runs', 'broken') };
    await train(options, {});
    const cancellation = new AbortController();
    const cancelled = train(broken, {
      signal: cancellation.signal,
      onStep: ({ step }) => {
        if (step === 2) {
          cancellation.abort();
        }
      },
    });
    await assert.rejects(cancelled, CancelledError);
    await train({ ...broken, resume: true }, {});
    assert.equal(await weightsOf(broken.run), await weightsOf(options.run));
    const preset = await corpus.writePreset({ ...tinyPreset, name: 'plain' });
    const plain = { ...options, preset, run: corpus.path('runs', 'plain') };
    await train(plain, {});
    assert.notEqual(await weightsOf(plain.run), await weightsOf(options.run));
  });

  it('that vanish with their entries end the run, naming the question; it goes on when they are back', async () => {
    // Single questions: an epoch has more batches than are loaded ahead.
    const single = { ...options, batch: 1 };
    const hit = { ...single, run: corpus.path('runs', 'hit') };
    await train(single, {});
    const failed = train(hit, {
      onValidation: ({ epoch }) => {
        if (epoch === 1) {
          corpus.volumes.forEach((path) => {
            renameSync(path, `${path}.away`);
          });
          rmSync(new RunFolder(hit.run).cache, { recursive: true });
        }
      },
    });
    await assert.rejects(failed, (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.code, 'volume-lost');
      assert.match(error.message, /question q\d+/);
      return true;
    });
    assert.equal((await new RunFolder(hit.run).read())?.state, 'failed');
    corpus.volumes.forEach((path) => {
      renameSync(`${path}.away`, path);
    });
    await train({ ...hit, resume: true }, {});
    assert.equal(await weightsOf(hit.run), await weightsOf(options.run));
  });
});
