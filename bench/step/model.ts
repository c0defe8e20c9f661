import type { ModelPreset } from '../../src/core/preset';

/** The sizes of PyTorch's twin, peers/bench_step.py. */
export const sizes = { batch: 2, options: 4, tokens: 128, threads: 2 } as const;

/** [depth, height, width] of a prepared volume. */
export const volumeSize = [32, 128, 128] as const;

/** The default networks at the sizes of PyTorch's twin. */
export function benchPreset(learning: ModelPreset['text']['learning']): ModelPreset {
  return {
    name: 'bench',
    title: '',
    description: '',
    volume: {
      kind: 'fit',
      name: 'bench',
      orientation: 'LPS',
      size: volumeSize,
      clipHu: [-1000, 1000],
    },
    image: { network: 'simple3dcnn', widths: [16, 32, 64] },
    text: {
      network: 'bert',
      tokenizer: '',
      maxTokens: sizes.tokens,
      vocabularySize: 30522,
      hidden: 256,
      layers: 4,
      heads: 4,
      feedForward: 1024,
      maxPositions: 512,
      learning,
    },
    fusion: { kind: 'cosine', dimension: 512, initialScale: 1 / 0.07 },
    training: {
      epochs: 1,
      batch: sizes.batch,
      learningRate: 1e-4,
      warmupSteps: 0,
      schedule: 'constant',
      weightDecay: 0.01,
      decayAll: true,
      betas: [0.9, 0.999],
      epsilon: 1e-8,
    },
  };
}

/**
 * Floating-point operations that a step cannot do without: two for each multiplication in a
 * convolution or matrix product, forward, for the gradient of what comes in (not for the volume,
 * nor for a tower that does not learn) and for the gradient of the weights.
 */
export function neededOperations({ image, text }: ModelPreset): number {
  const { batch, options, tokens } = sizes;
  let voxels = volumeSize.reduce<number>((product, size) => product * size, batch);
  let channels = 1;
  let total = 0;
  for (const [layer, width] of image.widths.entries()) {
    total += 2 * 27 * channels * width * voxels * (layer === 0 ? 2 : 3);
    channels = width;
    voxels /= 8;
  }
  if (text.learning !== 'cached') {
    const rows = batch * options * tokens;
    const { hidden, feedForward, layers } = text;
    const whole = 4 * hidden ** 2 + 2 * hidden * feedForward;
    const attention = 2 * tokens * hidden;
    // Of the last layer only the keys and values of all tokens are needed.
    const forward = 2 * rows * ((layers - 1) * (whole + attention) + 2 * hidden ** 2);
    total += forward * (text.learning === 'frozen' ? 1 : 3);
  }
  return total;
}
