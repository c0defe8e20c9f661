import type { ModelPreset } from '../core/preset';
import {
  gradients,
  GraphBuilder,
  mul,
  reduceSum,
  serialise,
  type Shape,
  type Value,
} from '../graph';
import { fusionOf, readsTokens, type Fusion, type TextSide } from './fusion';
import { embedImage, inferenceTensors } from './inference';
import { parametersAsConstants, type Parameters } from './parameters';

/** Names of the tensors that the graphs below have beside those of {@link inferenceTensors}. */
export const saliencyTensors = {
  /** float32 [1, texts]: the weight of each logit in what is differentiated */
  target: 'target',
  /** float32 [1, 1, D, H, W]: the gradient of the weighted sum of the logits in the volume */
  gradient: 'volume_gradient',
} as const;

/** How many texts a graph is made for, and their tokens where the fusion reads those. */
export interface TextSizes {
  readonly texts: number;
  readonly tokens: number;
}

/**
 * volume (and metadata), and what the text tower says of the texts (text_embedding; for
 * cross-attention text_features and attention_mask) -> similarity: the logits of volumes that
 * change while the texts stay. The numbers of volumes and texts are free.
 */
export function buildVolumeLogits(preset: ModelPreset, weights: Parameters): Uint8Array {
  const graph = new GraphBuilder(`${preset.name} volume logits`);
  const { logits } = logitsOf(graph, preset, weights, 'batch', {
    texts: 'texts',
    tokens: 'tokens',
  });
  return serialise(graph, { [inferenceTensors.similarity]: logits });
}

/**
 * The same for one volume, and target -> similarity and volume_gradient. No weight is differentiated:
 * the backward pass is that of the image side alone.
 */
export function buildVolumeGradient(
  preset: ModelPreset,
  weights: Parameters,
  sizes: TextSizes,
): Uint8Array {
  const graph = new GraphBuilder(`${preset.name} volume gradient`);
  const { volume, logits } = logitsOf(graph, preset, weights, 1, sizes);
  const target = graph.input(saliencyTensors.target, 'float32', [1, sizes.texts]);
  const found = gradients(reduceSum(mul(logits, target)), [volume]).get(volume);
  if (found === undefined) {
    throw new Error('the volume has no gradient');
  }
  return serialise(graph, {
    [inferenceTensors.similarity]: logits,
    [saliencyTensors.gradient]: found,
  });
}

type Dimension = Shape[number];

function logitsOf(
  graph: GraphBuilder,
  preset: ModelPreset,
  weights: Parameters,
  batch: Dimension,
  sizes: Readonly<Record<keyof TextSizes, Dimension>>,
): { readonly volume: Value; readonly logits: Value } {
  const source = parametersAsConstants(graph, weights);
  const { volume, compared } = embedImage(graph, preset, source, batch);
  const fusion = fusionOf(preset, source);
  const text = textInput(graph, preset, fusion, sizes);
  return { volume, logits: fusion.logits(fusion.allPairs(compared, text)) };
}

function textInput(
  graph: GraphBuilder,
  preset: ModelPreset,
  fusion: Fusion,
  { texts, tokens }: Readonly<Record<keyof TextSizes, Dimension>>,
): TextSide {
  if (!readsTokens(preset)) {
    const shape = [texts, preset.fusion.dimension];
    return { compared: graph.input(inferenceTensors.textEmbedding, 'float32', shape) };
  }
  const states = [texts, tokens, preset.text.hidden];
  const features = graph.input(inferenceTensors.textFeatures, 'float32', states);
  return fusion.text(features, graph.input(inferenceTensors.mask, 'int32', [texts, tokens]));
}
