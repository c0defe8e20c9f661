import type { ModelPreset, TrainingDefaults } from '../core/preset';
import { Random } from '../core/random';
import type { Provider } from '../core/run';
import { conv, gemm, GraphBuilder, inMixedPrecision, matmul, serialise } from '../graph';
import { initialParameters } from '../networks';
import { firstLossScale } from './lossScale';
import type { LossScale } from './lossScale';
import { createSession } from './runtime';
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
/** Low enough that no step of the trial is left out, and the losses can be compared step by step. */
const lossScale: LossScale = { ...firstLossScale, scale: 256 };

type Precision = NonNullable<TrainingDefaults['precision']>;

/** Largest relative difference of a loss from the processor's in float32. */
const tolerances: Readonly<Record<Precision, number>> = { float32: 1e-3, mixed: 2e-2 };

/**
 * Trains a tiny model for a few steps on a device and on the processor, and compares the losses: a
 * device may multiply matrices and yet lack an operator of a training step, or compute it wrong.
 * @throws Error where it cannot train, or gives other numbers
 */
export async function trialSteps(
  provider: Provider,
  precision: Precision = 'float32',
): Promise<void> {
  const expected = await losses('cpu', 'float32');
  const found = await losses(provider, precision);
  const tolerance = tolerances[precision];
  const differs = found.some((loss, i) => !(Math.abs(loss / expected[i] - 1) < tolerance));
  if (differs || !(expected[steps - 1] < expected[0])) {
    throw new Error('a training step gives wrong numbers on it');
  }
}

async function losses(provider: Provider, precision: Precision): Promise<number[]> {
  const { batch, learningRate } = preset.training;
  const tried = { ...preset, training: { ...preset.training, precision } };
  const runner = await TrainingRunner.create(
    { preset: tried, provider, batch, tokens: preset.text.maxTokens },
    {
      weights: initialParameters(preset, Random.fromSeed(0, 'trial')),
      moments: new Map(),
      lossScale,
    },
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

/**
 * That a device multiplies halves itself: what it does not take, onnxruntime computes on the
 * processor in float32, which gives right numbers and is slower than no halves at all.
 * @throws Error where it does not
 */
export async function halfProducts(provider: Provider): Promise<void> {
  const graph = new GraphBuilder('half products');
  const volume = graph.input('volume', 'float32', [1, 8, 4, 4, 4]);
  const kernel = graph.input('kernel', 'float32', [8, 8, 3, 3, 3]);
  const rows = graph.input('rows', 'float32', [8, 8]);
  const products = {
    conv: conv(volume, kernel),
    matmul: matmul(rows, rows),
    gemm: gemm(rows, rows),
  };
  const session = await createSession(
    serialise(graph, inMixedPrecision(products, 'float16')),
    provider,
    { executionProviders: [provider], extra: { session: { disable_cpu_ep_fallback: '1' } } },
  );
  await session.release();
}
