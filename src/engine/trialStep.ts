import type { ModelPreset } from '../core/preset';
import { Random } from '../core/random';
import type { Provider } from '../core/run';
import { initialParameters } from '../networks';
import { TrainingRunner } from './trainingRunner';

/** Every kind of layer that the shipped presets have, small enough for a software renderer. */
const preset: ModelPreset = {
  name: 'trial',
  title: 'Trial',
  description: 'What a device is tried with',
  volume: {
    kind: 'fit',
    name: 'trial',
    orientation: 'LPS',
    size: [4, 8, 8],
    clipHu: [-1000, 1000],
  },
  image: { network: 'simple3dcnn', widths: [2, 8, 8] },
  text: {
    network: 'bert',
    tokenizer: '',
    maxTokens: 6,
    vocabularySize: 20,
    hidden: 8,
    layers: 1,
    heads: 2,
    feedForward: 16,
    maxPositions: 6,
    learning: 'trainable',
  },
  fusion: { kind: 'cosine', dimension: 8, initialScale: 10 },
  training: {
    epochs: 1,
    batch: 2,
    learningRate: 0.01,
    warmupSteps: 0,
    schedule: 'constant',
    weightDecay: 0.01,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
  },
};
const optionCount = 2;
const steps = 3;
/** Largest relative difference of a loss from the processor's. */
const tolerance = 1e-3;

/**
 * Trains a tiny model for a few steps on a device and on the processor, and compares the losses: a
 * device may multiply matrices and yet lack an operator of a training step, or compute it wrong.
 * @throws Error where it cannot train, or gives other numbers
 */
export async function trialSteps(provider: Provider): Promise<void> {
  const expected = await losses('cpu');
  const found = provider === 'cpu' ? expected : await losses(provider);
  const differs = found.some((loss, i) => !(Math.abs(loss / expected[i] - 1) < tolerance));
  if (differs || !(expected[steps - 1] < expected[0])) {
    throw new Error('a training step gives wrong numbers on it');
  }
}

async function losses(provider: Provider): Promise<number[]> {
  const { batch, learningRate } = preset.training;
  const runner = await TrainingRunner.create(
    { preset, provider, batch, tokens: preset.text.maxTokens },
    { weights: initialParameters(preset, Random.fromSeed(0, 'trial')), moments: new Map() },
  );
  try {
    const arrays = await runner.arrays(optionCount);
    const random = Random.fromSeed(1, 'trial');
    arrays.volume.forEach((_, i) => (arrays.volume[i] = random.normal()));
    arrays.input_ids.forEach((_, i) => (arrays.input_ids[i] = random.index(20)));
    arrays.attention_mask.fill(1);
    arrays.label.set([0, 1]);
    const found: number[] = [];
    for (let step = 1; step <= steps; step++) {
      found.push((await runner.step(optionCount, step, learningRate)).loss);
    }
    return found;
  } finally {
    await runner.dispose();
  }
}
