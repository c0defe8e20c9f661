import assert from 'node:assert/strict';
import type { TrainingDefaults } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import type { StateSnapshot } from '../../../src/engine/deviceState';
import { TrainingRunner } from '../../../src/engine/trainingRunner';
import type { StepResult } from '../../../src/engine/trainingRunner';
import { buildTrainingStep, initialParameters } from '../../../src/networks';
import { tinyPreset } from '../../graph/presets';

const options = 2;
const clipped = { ...tinyPreset.training, clipNorm: 1, averageDecay: 0.9 };

/** Steps on seeded data; step `badStep` sees a voxel that is no number. */
async function trained(
  training: TrainingDefaults,
  steps = 4,
  badStep?: number,
): Promise<{ results: StepResult[]; state: StateSnapshot }> {
  const preset = { ...tinyPreset, training };
  const runner = await TrainingRunner.create(
    { preset, provider: 'cpu', batch: training.batch, tokens: preset.text.maxTokens },
    { weights: initialParameters(preset, Random.fromSeed(3)), moments: new Map() },
  );
  try {
    const results: StepResult[] = [];
    const arrays = await runner.arrays(options);
    arrays.input_ids.forEach((_, i) => (arrays.input_ids[i] = i % 7));
    arrays.attention_mask.fill(1);
    for (let step = 1; step <= steps; step++) {
      const random = Random.fromSeed(step);
      arrays.volume.forEach((_, i) => (arrays.volume[i] = random.normal()));
      arrays.volume[0] = step === badStep ? NaN : 0;
      results.push(await runner.step(options, step, 0.01));
    }
    return { results, state: await runner.snapshot() };
  } finally {
    await runner.dispose();
  }
}

describe('the state of a training in main memory', () => {
  it('can be written over as a whole where the norm of all gradients is known first', () => {
    const sizes = { batch: clipped.batch, options };
    const step = buildTrainingStep({ ...tinyPreset, training: clipped }, sizes);
    assert.deepEqual(step.overwritable, new Set(step.state.map(({ name }) => name)));
    assert.deepEqual(
      new Set(step.state.map(({ role }) => role)),
      new Set(['parameter', 'moment', 'average']),
    );
  });

  it('is written over without a trace in the numbers', async () => {
    const over = await trained({ ...clipped, onBadLoss: 'stop' });
    const aside = await trained({ ...clipped, onBadLoss: 'skip' });
    assert.deepEqual(over, aside);
    assert.notEqual(over.results[0].loss, over.results[3].loss);
  });

  it('is as before a step that is skipped', async () => {
    const skipping = { ...clipped, onBadLoss: 'skip' } as const;
    const before = await trained(skipping, 3);
    const after = await trained(skipping, 4, 4);
    assert.deepEqual(
      after.results.map(({ isSound }) => isSound),
      [true, true, true, false],
    );
    assert.deepEqual(after.state, before.state);
  });
});
