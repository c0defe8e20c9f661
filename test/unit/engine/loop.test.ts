import assert from 'node:assert/strict';
import { open, readFile, rm } from 'node:fs/promises';
import { CancelledError, UserError } from '../../../src/core/errors';
import type { TrainingDefaults } from '../../../src/core/preset';
import type { SkippedStep, TrainOptions, TrainStep, ValidationStep } from '../../../src/core/run';
import { RunFolder } from '../../../src/core/runs/runFolder';
import { hashWeights, loadCheckpoint, loadWeights } from '../../../src/engine/checkpoint';
import { openRun } from '../../../src/engine/run';
import { train } from '../../../src/engine/train';
import { averageDecayAt } from '../../../src/networks/trainingStep';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('the training loop', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(12);
  });

  after(() => corpus.remove());

  /** Options of a run of its own with some training settings changed. */
  const run = (name: string, training: Partial<TrainingDefaults>): TrainOptions => ({
    ...corpus.training(name),
    epochs: 2,
    seed: 3,
    overrides: Object.fromEntries(
      Object.entries(training).map(([key, value]) => [`training.${key}`, value]),
    ),
  });
  const weightsOf = (name: string) =>
    loadWeights(new RunFolder(corpus.path('runs', name)).checkpoint);

  it('gives the same weights for the same seed, and others for another', async () => {
    await train(run('seed 3', {}), {});
    await train(run('seed 3 again', {}), {});
    await train({ ...run('seed 4', {}), seed: 4 }, {});
    const [one, same, other] = await Promise.all(
      ['seed 3', 'seed 3 again', 'seed 4'].map(weightsOf),
    );
    assert.equal(hashWeights(one), hashWeights(same));
    assert.notEqual(hashWeights(one), hashWeights(other));
  });

  it('takes the same steps with two batches of two as with one of four', async () => {
    // The rate is small: Adam's first steps turn the smallest rounding into a whole step.
    const sgd: Partial<TrainingDefaults> = { optimiser: 'sgd', momentum: 0.9, learningRate: 0.05 };
    const losses: number[][] = [];
    for (const [batch, accumulate] of [
      [4, 1],
      [2, 2],
      [1, 4],
    ]) {
      const steps: number[] = [];
      await train(run(`accumulate ${accumulate}`, { ...sgd, batch, accumulate }), {
        onStep: ({ loss }) => steps.push(loss),
      });
      losses.push(steps);
    }
    const [whole, halves, quarters] = await Promise.all(
      [1, 2, 4].map((accumulate) => weightsOf(`accumulate ${accumulate}`)),
    );
    assert.equal(losses[0].length, losses[1].length);
    losses[0].forEach((loss, i) => {
      assert.ok(Math.abs(losses[1][i] - loss) < 1e-5);
    });
    for (const [name, { data }] of whole) {
      data.forEach((value, i) => {
        assert.ok(Math.abs(halves.get(name)!.data[i] - value) < 1e-5, name);
        assert.ok(Math.abs(quarters.get(name)!.data[i] - value) < 1e-5, name);
      });
    }
  });

  it('decays matrices and kernels, not biases, norms and the logit scale', async () => {
    // Without gradients worth the name what moves is moved by decay.
    const only = {
      learningRate: 1e-3,
      weightDecay: 100,
      clipNorm: 1e-12,
      optimiser: 'sgd',
    } as const;
    await train({ ...run('decay', only), epochs: 1 }, {});
    await train({ ...run('no decay', { ...only, weightDecay: 0 }), epochs: 1 }, {});
    const [decayed, kept] = [await weightsOf('decay'), await weightsOf('no decay')];
    for (const [name, { shape, data }] of kept) {
      const change = decayed.get(name)!.data.map((value, i) => value - data[i]);
      assert.equal(size(change) > 1e-3 * size(data) + 1e-9, shape.length > 1, name);
    }
    assert.ok([...kept].some(([, { shape }]) => shape.length < 2));
  });

  it('clips: no step moves farther than rate times norm', async () => {
    const norms: number[] = [];
    const clip = { optimiser: 'sgd', learningRate: 1, weightDecay: 0, clipNorm: 0.01 } as const;
    await train(
      { ...run('clip', clip), epochs: 1 },
      {
        onStep: ({ gradientNorm }) => norms.push(gradientNorm!),
      },
    );
    await train({ ...run('clip more', { ...clip, clipNorm: 1e-9 }), epochs: 1 }, {});
    const [moved, start] = [await weightsOf('clip'), await weightsOf('clip more')];
    const distance = Math.hypot(
      ...[...moved].map(([name, { data }]) =>
        size(data.map((value, i) => value - start.get(name)!.data[i])),
      ),
    );
    assert.ok(norms.every((norm) => norm > 0.01));
    assert.ok(distance > 0.001 && distance < 0.0101 * norms.length, `${distance}`);
  });

  it('averages the weights, and measures, exports and resumes the average', async () => {
    const settings = run('average', { averageDecay: 0.6 });
    await train({ ...settings, epochs: 1 }, {});
    await train({ ...settings, resume: true }, {});
    await train(run('average straight', { averageDecay: 0.6 }), {});
    await train(run('no average', {}), {});
    const folder = new RunFolder(settings.run);
    const { weights, averages, position } = await loadCheckpoint(folder.checkpoint);
    assert.equal(hashWeights(weights), hashWeights(await weightsOf('no average')));
    assert.equal(
      hashWeights(await loadWeights(folder.checkpoint)),
      hashWeights(await weightsOf('average straight')),
    );
    assert.notEqual(hashWeights(averages!), hashWeights(weights));
    assert.equal(
      (await folder.read())?.modelHash,
      hashWeights(await loadWeights(folder.checkpoint)),
    );
    await (
      await openRun(settings.run, { modelsFolder: corpus.modelsFolder, device: 'cpu' })
    ).dispose();
    assert.ok(position.step > 1);
    assert.deepEqual([averageDecayAt(1, 0.6), averageDecayAt(100, 0.6)], [2 / 11, 0.6]);
  });

  it('keeps the weights of the best validation, and stops when it grows no better', async () => {
    const validations: ValidationStep[] = [];
    // Far too large a rate: validation is at its best early.
    const settings = run('patience', { patience: 2, learningRate: 0.3 });
    const valid = { ...settings, valid: corpus.valid, epochs: 30 };
    const result = await train(valid, { onValidation: (step) => validations.push(step) });
    const description = (await new RunFolder(settings.run).read())!;
    const best = validations.reduce((a, b) =>
      b.accuracy > a.accuracy || (b.accuracy === a.accuracy && b.loss < a.loss) ? b : a,
    );
    assert.ok(validations.length < 30);
    assert.equal(validations.length, best.epoch + 2);
    assert.deepEqual([description.best?.step, description.best?.loss], [best.step, best.loss]);
    assert.equal(description.last?.epoch, validations.length);
    assert.equal(description.state, 'finished');
    const folder = new RunFolder(settings.run);
    assert.equal(result.modelHash, hashWeights(await loadWeights(folder.best)));
    assert.notEqual(result.modelHash, hashWeights(await loadWeights(folder.checkpoint)));
    await assert.rejects(train({ ...valid, resume: true }, {}), { code: 'run-finished' });
  });

  it('does not wait for a validation that never comes', async () => {
    await assert.rejects(train(run('impatient', { patience: 2 }), {}), {
      code: 'patience-without-validation',
    });
  });

  it('leaves a step without sound numbers out, says which, and learns from the rest', async () => {
    const skipped: SkippedStep[] = [];
    const steps: TrainStep[] = [];
    // Overflows where the temperature is let run away.
    const settings = run('skip', { onBadLoss: 'skip', learningRate: 1e30, optimiser: 'sgd' });
    await assert.rejects(
      train(
        { ...settings, epochs: 30 },
        {
          onSkipped: (step) => skipped.push(step),
          onStep: (step) => steps.push(step),
        },
      ),
      (error) =>
        error instanceof UserError &&
        error.code === 'loss-not-finite' &&
        /on the questions q\d+/.test(error.message),
    );
    assert.ok(skipped.length > 0 && skipped[0].questions.every((id) => /^q\d+$/.test(id)));
    assert.ok(steps.every(({ loss }) => Number.isFinite(loss)));
    const lines = await new RunFolder(settings.run).readMetrics();
    assert.deepEqual(
      lines.filter(({ kind }) => kind === 'skipped').map(({ step }) => step),
      skipped.map(({ step }) => step),
    );
  });

  it('takes several steps in one run as it takes them one by one', async () => {
    const steps: TrainStep[] = [];
    const hard = { hardNegatives: { everySteps: 3, afterEpochs: 0 } };
    await train(run('one by one', hard), {});
    await train(run('together', { ...hard, stepsPerRun: 2 }), {
      onStep: (step) => steps.push(step),
    });
    assert.deepEqual(
      hashWeights(await weightsOf('together')),
      hashWeights(await weightsOf('one by one')),
    );
    assert.ok(steps.every(({ loss }) => Number.isFinite(loss)));
    assert.equal(steps.at(-1)?.step, steps.at(-1)?.steps);
  });

  it('takes the steps of a run again one by one where one of them is not sound', async () => {
    const settings = { onBadLoss: 'skip', learningRate: 1e30, optimiser: 'sgd' } as const;
    const skipped = async (name: string, stepsPerRun: number): Promise<SkippedStep[]> => {
      const found: SkippedStep[] = [];
      const work = { onSkipped: (step: SkippedStep) => found.push(step) };
      const options = { ...run(name, { ...settings, stepsPerRun }), epochs: 30 };
      await assert.rejects(train(options, work), { code: 'loss-not-finite' });
      return found;
    };
    assert.deepEqual(await skipped('bad together', 3), await skipped('bad one by one', 1));
  });

  it('refuses settings that a preset does not have or cannot have', async () => {
    const unknown = { ...run('x', {}), overrides: { 'training.clipnorm': 1 } };
    await assert.rejects(train(unknown, {}), { code: 'preset-override' });
    await assert.rejects(train(run('x', { clipNorm: -1 }), {}), /"training.clipNorm" must be/);
    await assert.rejects(
      train(run('x', { optimiser: 'sgd', nesterov: true }), {}),
      /needs a "training.momentum"/,
    );
  });

  it('keeps its settings in run.json and when it is resumed, and takes no others then', async () => {
    const settings = run('kept', { clipNorm: 0.5 });
    await train({ ...settings, epochs: 1 }, {});
    await train({ ...settings, overrides: undefined, resume: true }, {});
    const description = (await new RunFolder(settings.run).read())!;
    assert.equal(description.preset.training.clipNorm, 0.5);
    assert.equal(description.step, description.steps);
    const other = { ...run('kept', { clipNorm: 2 }), epochs: 3, resume: true };
    await assert.rejects(train(other, {}), { code: 'resume-differs' });
  });

  it('says when the disk is full, and keeps the last checkpoint', async () => {
    const settings = run('full', {});
    await train({ ...settings, epochs: 1 }, {});
    const folder = new RunFolder(settings.run);
    const before = await readFile(folder.checkpoint);
    const handle = await open(corpus.train);
    const prototype = Object.getPrototypeOf(handle) as { sync: () => Promise<void> };
    await handle.close();
    const { sync } = prototype;
    const full = (): Promise<void> =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    try {
      const resumed = train(
        { ...settings, epochs: 2, resume: true },
        { onStep: () => (prototype.sync = full) },
      );
      await assert.rejects(resumed, { code: 'disk-full' });
    } finally {
      prototype.sync = sync;
    }
    assert.deepEqual(await readFile(folder.checkpoint), before);
    await train({ ...settings, epochs: 2, resume: true }, {});
    assert.equal(hashWeights(await weightsOf('full')), hashWeights(await weightsOf('seed 3')));
  });

  for (const [when, hardNegatives] of Object.entries({
    'each epoch': { afterEpochs: 1, share: 1 },
    'every four steps': { afterEpochs: 0, everySteps: 4, share: 0.5 },
  })) {
    it(`mines hard negatives ${when}, and goes on with the same after a break`, async () => {
      const name = `mined ${when}`;
      await train({ ...run(name, { hardNegatives }), epochs: 3 }, {});
      await train(
        { ...run('plain', {}), run: corpus.path('runs', `plain ${when}`), epochs: 3 },
        {},
      );
      const cancellation = new AbortController();
      const broken = { ...run(`${name} broken`, { hardNegatives }), epochs: 3 };
      const onStep = ({ step }: TrainStep): void => {
        if (step === 5) {
          cancellation.abort();
        }
      };
      await assert.rejects(train(broken, { signal: cancellation.signal, onStep }), CancelledError);
      await train({ ...broken, resume: true }, {});
      const { mined } = await loadCheckpoint(new RunFolder(broken.run).checkpoint);
      assert.ok(mined && mined.round > 1 && Object.keys(mined.options).length > 0);
      const straight = hashWeights(await weightsOf(name));
      assert.equal(hashWeights(await weightsOf(`${name} broken`)), straight);
      assert.notEqual(hashWeights(await weightsOf(`plain ${when}`)), straight);
    });
  }

  it('starts a run anew that ended before its first checkpoint, when asked to resume it', async () => {
    const settings = run('early', {});
    await train(settings, {});
    const folder = new RunFolder(settings.run);
    const { modelHash, finished, ...description } = (await folder.read())!;
    assert.ok(modelHash && finished);
    await folder.write({ ...description, state: 'failed', step: 0 });
    const weights = await weightsOf('early');
    await rm(folder.checkpoint);
    await train({ ...settings, resume: true }, {});
    assert.equal(hashWeights(await weightsOf('early')), hashWeights(weights));
  });
});

/** Euclidean norm. */
function size(numbers: Float32Array): number {
  return Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0));
}
