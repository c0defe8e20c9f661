import type {
  FusionSettings,
  LossSettings,
  MetadataSettings,
  ModelPreset,
} from '../../../src/core/preset';
import { tinyPreset } from '../../graph/presets';

export const fusions: Readonly<Record<FusionSettings['kind'], FusionSettings>> = {
  cosine: tinyPreset.fusion,
  dot: { kind: 'dot', dimension: 6 },
  cross_attention: {
    kind: 'cross_attention',
    dimension: 6,
    layers: 2,
    heads: 2,
    feedForward: 10,
  },
};

export const losses: Readonly<Record<LossSettings['matching'], LossSettings>> = {
  option_cross_entropy: { matching: 'option_cross_entropy', labelSmoothing: 0.1 },
  info_nce: { matching: 'info_nce', labelSmoothing: 0.1 },
  n_pair: { matching: 'n_pair', labelSmoothing: 0.1 },
  triplet: { matching: 'triplet', margin: 0.3 },
};

export const metadataUses: Readonly<Record<'embedding' | 'token', MetadataSettings>> = {
  embedding: { use: 'embedding', fields: ['age', 'sex'], hidden: 5 },
  token: { use: 'token', fields: ['age', 'sex'], hidden: 5 },
};

export function variant(
  name: string,
  parts: Partial<Pick<ModelPreset, 'fusion' | 'loss' | 'metadata' | 'classification'>>,
  learning: ModelPreset['text']['learning'] = 'trainable',
): ModelPreset {
  return { ...tinyPreset, ...parts, name, text: { ...tinyPreset.text, learning } };
}
