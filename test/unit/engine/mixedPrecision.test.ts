import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CancelledError, UserError } from '../../../src/core/errors';
import type { ModelPreset, TrainingDefaults } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import type { TrainOptions, TrainStep } from '../../../src/core/run';
import { RunFolder } from '../../../src/core/runs/runFolder';
import { hashWeights, loadCheckpoint } from '../../../src/engine/checkpoint';
import type { StateSnapshot } from '../../../src/engine/deviceState';
import { afterOverflow, afterStep, firstLossScale } from '../../../src/engine/lossScale';
import type { LossScale } from '../../../src/engine/lossScale';
import { chooseProvider, probeProviders } from '../../../src/engine/providers';
import { train } from '../../../src/engine/train';
import { TrainingRunner } from '../../../src/engine/trainingRunner';
import type { StepResult } from '../../../src/engine/trainingRunner';
import { trialSteps } from '../../../src/engine/trialStep';
import { initialParameters } from '../../../src/networks';
import { tinyPreset } from '../../graph/presets';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

/** Gradients of the tiny network times these do, and do not, fit in halves. */
const fitting: LossScale = { ...firstLossScale, scale: 2 ** 8 };
const tooHigh: LossScale = { ...firstLossScale, scale: 2 ** 24 };

describe('the scale of the loss', () => {
  /**
   * The state of torch.cuda.amp.GradScaler after steps of which some found a gradient that is no
   * number, as its documentation says it: init_scale, growth_factor, growth_interval, backoff_factor
   * (https://docs.pytorch.org/docs/1.13/amp.html#gradient-scaling).
   */
  function gradScaler(foundInf: readonly boolean[], growthInterval = 2000): number[] {
    let scale = 65536;
    let unskipped = 0;
    return foundInf.map((found) => {
      if (found) {
        scale *= 0.5;
        unskipped = 0;
      } else if (++unskipped === growthInterval) {
        scale *= 2;
        unskipped = 0;
      }
      return scale;
    });
  }

  it('goes as that of GradScaler', () => {
    const runsOfSteps = fc.array(fc.nat({ max: 4500 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(runsOfSteps, (lengths) => {
        const found = lengths.flatMap((length) => [
          ...new Array<boolean>(length).fill(false),
          true,
        ]);
        let state = firstLossScale;
        const scales = found.map((overflows) => {
          state = overflows ? afterOverflow(state) : afterStep(state);
          return state.scale;
        });
        assert.deepEqual(scales, gradScaler(found));
        assert.equal(state.overflows, lengths.length);
      }),
      { numRuns: 30 },
    );
  });

  it('gives up below 1, and does not grow beyond all numbers', () => {
    let state = firstLossScale;
    for (let halvings = 0; halvings < 16; halvings++) {
      state = afterOverflow(state);
    }
    assert.equal(state.scale, 1);
    assert.throws(() => afterOverflow(state), { code: 'gradients-overflow' });
    const largest = { ...firstLossScale, scale: 2 ** 127, steps: 1999 };
    assert.equal(afterStep(largest).scale, 2 ** 127);
    assert.equal(afterStep({ ...largest, scale: 2 ** 126 }).scale, 2 ** 127);
  });
});

describe('steps in mixed precision', () => {
  const mixed: TrainingDefaults = { ...tinyPreset.training, precision: 'mixed', averageDecay: 0.9 };

  interface Trial {
    readonly training?: Partial<TrainingDefaults>;
    readonly lossScale?: LossScale;
    readonly steps?: number;
    /** Changes what a step sees, from 1 on. */
    readonly disturb?: (step: number, volume: Float32Array) => void;
    readonly preset?: ModelPreset;
    readonly factorOfProjection?: number;
  }

  /** Steps on one batch again and again; those that overflow are taken anew. */
  async function trained({
    training = {},
    lossScale,
    steps = 4,
    disturb,
    factorOfProjection = 1,
    ...rest
  }: Trial): Promise<{ results: StepResult[]; scales: number[]; state: StateSnapshot }> {
    const preset: ModelPreset = {
      ...(rest.preset ?? tinyPreset),
      training: { ...mixed, ...training },
    };
    const weights = initialParameters(preset, Random.fromSeed(3));
    const projection = weights.get('proj.weight')!.data;
    projection.forEach((weight, i) => (projection[i] = weight * factorOfProjection));
    const runner = await TrainingRunner.create(
      { preset, provider: 'cpu', batch: preset.training.batch, tokens: preset.text.maxTokens },
      { weights, moments: new Map(), ...(lossScale && { lossScale }) },
    );
    const options = 2;
    const fill = async (step: number, part = 0): Promise<void> => {
      const arrays = await runner.arrays(options, part);
      const random = Random.fromSeed(5);
      arrays.input_ids.forEach((_, i) => (arrays.input_ids[i] = 1 + random.index(20)));
      arrays.attention_mask.fill(1);
      arrays.label.set([0, 1]);
      arrays.volume.forEach((_, i) => (arrays.volume[i] = random.normal()));
      disturb?.(step, arrays.volume as Float32Array);
    };
    const { accumulate = 1 } = preset.training;
    const results: StepResult[] = [];
    const scales: number[] = [];
    try {
      for (let taken = 0, number = 1; taken < steps;) {
        const together = Math.min(runner.stepsPerRun, steps - taken);
        for (let part = 0; part < together; part++) {
          await fill(taken + part + 1, part);
        }
        for (let before = 0; before + 1 < accumulate; before++) {
          await runner.gather(options, before);
        }
        const rates = new Array<number>(together).fill(1e-3);
        const found = await runner.steps(options, number, rates);
        results.push(...found);
        scales.push(runner.lossScale!);
        number += found.length;
        taken += found.filter(({ hasOverflowed }) => !hasOverflowed).length;
      }
      return { results, scales, state: await runner.snapshot() };
    } finally {
      await runner.dispose();
    }
  }

  const overflowed = (results: readonly StepResult[]): boolean[] =>
    results.map(({ hasOverflowed }) => hasOverflowed);

  it('learn what steps in float32 learn, but for the rounding', async () => {
    // Texts that differ in the text tower by more than the rounding.
    const preset = { ...tinyPreset, text: { ...tinyPreset.text, initialDeviation: 0.5 } };
    const clipNorm = 0.5;
    const training = { clipNorm, precision: 'float32' } as const;
    const half = await trained({ preset, steps: 8, lossScale: fitting, training: { clipNorm } });
    const full = await trained({ preset, steps: 8, training });
    half.results.forEach(({ loss, gradientNorm }, i) => {
      const exact = full.results[i];
      assert.ok(Math.abs(loss - exact.loss) < 0.02, `${loss} ${exact.loss}`);
      const share = gradientNorm! / exact.gradientNorm!;
      assert.ok(Math.abs(share - 1) < 0.05, `${gradientNorm} ${exact.gradientNorm}`);
    });
    assert.notEqual(half.results[7].loss, full.results[7].loss);
  });

  it('that overflow leave no trace but a smaller scale, and are followed by ones that learn', async () => {
    const after = await trained({ lossScale: tooHigh });
    const { length } = overflowed(after.results).filter(Boolean);
    assert.ok(length > 0, `no overflow at ${tooHigh.scale}`);
    const { scale } = after.state.lossScale!;
    assert.equal(scale, tooHigh.scale / 2 ** length);
    assert.deepEqual(after.state.lossScale, { scale, steps: 4, overflows: length });
    assert.ok(after.results.every(({ loss }) => Number.isFinite(loss)));
    // Weights, moments, averages and bias correction as without the steps that were left out.
    const clean = await trained({ lossScale: { ...firstLossScale, scale } });
    assert.deepEqual(overflowed(clean.results), [false, false, false, false]);
    assert.deepEqual(after.results.slice(length), clean.results);
    for (const part of ['weights', 'moments', 'averages'] as const) {
      assert.equal(hashWeights(after.state[part]!), hashWeights(clean.state[part]!), part);
    }
  });

  it('have a scale that grows after 2000 of them, and falls again where that was too much', async () => {
    const { scales } = await trained({ lossScale: { ...fitting, steps: 1998 } });
    assert.deepEqual(scales, [256, 512, 512, 512]);
    const { scale } = (await trained({ lossScale: tooHigh, steps: 1 })).state.lossScale!;
    const grown = await trained({ lossScale: { ...firstLossScale, scale, steps: 1999 }, steps: 2 });
    assert.deepEqual(overflowed(grown.results), [false, true, false]);
    assert.deepEqual(grown.scales, [2 * scale, scale, scale]);
  });

  it('do the same several in one run as one by one', async () => {
    for (const [lossScale, isTooHigh] of [
      [{ ...tooHigh, scale: 2 ** 22 }, true],
      [{ ...fitting, steps: 1998 }, false],
    ] as const) {
      const one = await trained({ lossScale, steps: 6 });
      const together = await trained({ lossScale, steps: 6, training: { stepsPerRun: 3 } });
      assert.equal(overflowed(one.results).some(Boolean), isTooHigh);
      assert.deepEqual(together.results, one.results);
      assert.deepEqual(together.state, one.state);
    }
  });

  it('overflow as a whole where they gather several batches', async () => {
    const training = { accumulate: 3, clipNorm: 0.5 };
    const after = await trained({ training, lossScale: tooHigh });
    const { scale, overflows } = after.state.lossScale!;
    assert.ok(overflows > 0);
    const clean = await trained({ training, lossScale: { ...firstLossScale, scale } });
    assert.equal(clean.state.lossScale?.overflows, 0);
    assert.equal(hashWeights(after.state.weights), hashWeights(clean.state.weights));
    assert.equal(hashWeights(after.state.moments), hashWeights(clean.state.moments));
  });

  it('with a loss that is no number are bad: no scale mends that', async () => {
    const disturb = (step: number, volume: Float32Array): void => {
      volume[0] = step === 2 ? NaN : 0;
    };
    const { results, scales } = await trained({ steps: 3, lossScale: fitting, disturb });
    assert.deepEqual(
      results.map(({ isSound, hasOverflowed }) => [isSound, hasOverflowed]),
      [
        [true, false],
        [false, false],
        [true, false],
      ],
    );
    assert.equal(scales[1], scales[0]);
  });

  it('end with a clear word where gradients overflow at any scale', async () => {
    const preset: ModelPreset = { ...tinyPreset, fusion: { kind: 'dot', dimension: 6 } };
    const endless = trained({
      preset,
      factorOfProjection: 1e4,
      lossScale: { ...firstLossScale, scale: 4 },
      disturb: (_, volume) => {
        volume.forEach((voxel, i) => (volume[i] = 1000 * voxel));
      },
    });
    await assert.rejects(
      endless,
      (error) =>
        error instanceof UserError &&
        error.code === 'gradients-overflow' &&
        error.remedy.includes('--precision float32'),
    );
  });
});

describe('the trial of a device in mixed precision', () => {
  it('is passed by one that rounds to halves, multiplies and adds in float32', async () => {
    await trialSteps('cpu', 'mixed');
  });
});

describe('training in mixed precision', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(12);
  });

  after(() => corpus.remove());

  const run = (name: string, training: Partial<TrainingDefaults> = {}): TrainOptions => ({
    ...corpus.training(name),
    epochs: 3,
    seed: 3,
    overrides: Object.fromEntries(
      Object.entries({ precision: 'mixed', ...training }).map(([key, value]) => [
        `training.${key}`,
        value,
      ]),
    ),
    mixedOnProcessor: true,
  });

  it('is refused where it would only be slower, with the way out', async () => {
    await assert.rejects(
      train({ ...run('processor'), mixedOnProcessor: false }, {}),
      (error) =>
        error instanceof UserError &&
        error.code === 'precision-unavailable' &&
        error.message.includes('cpu: slower than float32') &&
        error.remedy.includes('--precision float32'),
    );
    const reports = await probeProviders();
    for (const { works, mixedPrecision, mixedPrecisionReason } of reports) {
      assert.equal(mixedPrecision !== undefined, works);
      assert.equal(mixedPrecisionReason !== undefined, mixedPrecision === false);
    }
    assert.equal(await chooseProvider('cpu'), 'cpu');
  });

  for (const [name, training] of Object.entries({
    plainly: {},
    'with gathered gradients and averaged weights': { accumulate: 2, batch: 2, averageDecay: 0.9 },
    'with several steps in one run': { stepsPerRun: 2, batch: 2 },
  })) {
    it(`ends with the same weights after a break, bit for bit: ${name}`, async () => {
      const steps: TrainStep[] = [];
      await train(run(`whole ${name}`, training), { onStep: (step) => steps.push(step) });
      const cancellation = new AbortController();
      const onStep = ({ step }: TrainStep): void => {
        if (step === 4) {
          cancellation.abort();
        }
      };
      const broken = run(`broken ${name}`, training);
      await assert.rejects(train(broken, { signal: cancellation.signal, onStep }), CancelledError);
      await train({ ...broken, resume: true }, {});
      const [whole, resumed] = await Promise.all(
        [`whole ${name}`, `broken ${name}`].map((each) =>
          loadCheckpoint(new RunFolder(corpus.path('runs', each)).checkpoint),
        ),
      );
      assert.equal(hashWeights(resumed.weights), hashWeights(whole.weights));
      assert.equal(hashWeights(resumed.moments), hashWeights(whole.moments));
      assert.deepEqual(resumed.averages, whole.averages);
      assert.deepEqual(resumed.lossScale, whole.lossScale);
      const { scale, overflows } = whole.lossScale!;
      const counted = steps.reduce((sum, step) => sum + step.overflows!, 0);
      assert.equal(counted, overflows);
      assert.equal(steps.at(-1)?.lossScale, scale);
      assert.ok(steps.some(({ gradientNorm }) => gradientNorm !== undefined));
      assert.ok(steps.every(({ gradientNorm = 0 }) => Number.isFinite(gradientNorm)));
      const lines = await new RunFolder(broken.run).readMetrics();
      assert.ok(lines.every(({ kind }) => kind !== 'skipped'));
    });
  }
});
