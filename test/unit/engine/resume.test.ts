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

  it('keeps its seed where none is given', async () => {
    const result = await train({ ...options, seed: undefined, epochs: 2, resume: true }, {});
    assert.equal((await new RunFolder(result.folder).read())?.seed, 5);
  });

  it('can score as before when it fails at once', async () => {
    const broken = { ...options, epochs: 4, learningRate: 1e30, resume: true };
    await assert.rejects(train(broken, {}), { code: 'loss-not-finite' });
    const run = await openRun(options.run, { modelsFolder: corpus.modelsFolder, device: 'cpu' });
    await run.dispose();
  });
});
