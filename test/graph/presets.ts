import type { ModelPreset } from '../../src/core/preset';

/** A dual tower that runs in milliseconds, with every part of the real one. */
export const tinyPreset: ModelPreset = {
  name: 'tiny',
  title: 'Tiny dual tower',
  description: 'For tests',
  volume: { kind: 'fit', name: 'tiny', orientation: 'LPS', size: [5, 8, 6], clipHu: [-1000, 1000] },
  image: { network: 'simple3dcnn', widths: [2, 3] },
  text: {
    network: 'bert',
    tokenizer: '',
    maxTokens: 7,
    vocabularySize: 30,
    hidden: 8,
    layers: 2,
    heads: 2,
    feedForward: 12,
    maxPositions: 9,
    learning: 'trainable',
  },
  fusion: { kind: 'cosine', dimension: 6, initialScale: 1 / 0.07 },
  training: {
    epochs: 1,
    batch: 2,
    learningRate: 1e-2,
    warmupSteps: 0,
    schedule: 'constant',
    weightDecay: 0.01,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
  },
};

export const frozenPreset: ModelPreset = {
  ...tinyPreset,
  text: { ...tinyPreset.text, learning: 'frozen' },
};
