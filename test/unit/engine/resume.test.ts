import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { CancelledError } from '../../../src/core/errors';
import type { TrainOptions } from '../../../src/core/run';
import { openRun } from '../../../src/engine/run';
import { RunFolder } from '../../../src/core/runs/runFolder';
import { train } from '../../../src/engine/train';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('a run that is resumed', () => {
  let corpus: TinyCorpus;
  let options: TrainOptions;

  before(async () => {
    corpus = await writeTinyCorpus(6);
    options = { ...corpus.training('first'), epochs: 1, seed: 5 };
  });

  after(() => corpus.remove());

  it('after its last step still gets its model, and then is finished', async () => {
    const cancellation = new AbortController();
    const onStep = ({ step, steps }: { step: number; steps: number }): void => {
      if (step === steps) {
        cancellation.abort();
      }
    };
    await assert.rejects(train(options, { signal: cancellation.signal, onStep }), CancelledError);
    const folder = new RunFolder(options.run);
    await assert.rejects(access(folder.model), { code: 'ENOENT' });
    await train({ ...options, resume: true }, {});
    await access(folder.model);
    assert.equal((await folder.read())?.state, 'finished');
    await assert.rejects(train({ ...options, resume: true }, {}), { code: 'run-finished' });
  });

  it('keeps its seed, model and validation where none is given', async () => {
    const folder = new RunFolder(corpus.path('runs', 'kept'));
    const started = { ...options, run: folder.path, valid: corpus.valid };
    await train({ ...started, overrides: { 'training.clipNorm': 1 } }, {});
    const first = await folder.read();
    const { modelsFolder, dataset, device } = corpus.training('kept');
    const run = folder.path;
    await train({ modelsFolder, dataset, device, run, epochs: 2, resume: true }, {});
    const second = await folder.read();
    assert.equal(second?.seed, 5);
    assert.deepEqual(second.valid, first?.valid);
    assert.deepEqual(second.preset.training, { ...first?.preset.training, epochs: 2 });
    assert.equal(second.last?.epoch, 2);
  });

  it('is measured on the questions that its best weights were chosen by', async () => {
    const other = { ...options, run: corpus.path('runs', 'kept'), epochs: 3, resume: true };
    await assert.rejects(train({ ...other, valid: corpus.train }, {}), { code: 'resume-differs' });
  });

  it('can score as before when it fails at once', async () => {
    const broken = { ...options, epochs: 4, learningRate: 1e30, resume: true };
    await assert.rejects(train(broken, {}), { code: 'loss-not-finite' });
    const run = await openRun(options.run, { modelsFolder: corpus.modelsFolder, device: 'cpu' });
    await run.dispose();
  });
});
