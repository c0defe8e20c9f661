import type { ModelPreset } from '../core/preset';
import { GraphBuilder, matmul, mul, serialise, swapLast, type Value } from '../graph';
import { imageTower, logitScale, projectText, textFeatures } from './dualTower';
import { parametersAsConstants, within, type Parameters, type ParameterSource } from './parameters';
import { simple3dCnnFeatures, simple3dCnnFiltered } from './simple3dcnn';
import { volumeSize } from './loss';

/** Names of the tensors of the inference models. The numbers of scans and texts are free. */
export const inferenceTensors = {
  /** float32 [batch, 1, D, H, W] */
  volume: 'volume',
  /** int32 [texts, tokens] */
  ids: 'input_ids',
  /** int32 [texts, tokens] */
  mask: 'attention_mask',
  /** float32 [batch, dimension], length 1 */
  imageEmbedding: 'image_embedding',
  /** float32 [texts, hidden], the [CLS] state that a training step with `features` takes */
  textFeatures: 'text_features',
  /** float32 [texts, dimension], length 1 */
  textEmbedding: 'text_embedding',
  /** float32 [batch, texts]: exp(logit_scale) times the cosine */
  similarity: 'similarity',
  /** float32 [batch, channels, D, H, W] or [batch, channels]: see buildImageProbe */
  probe: 'probe',
} as const;

type Outputs = Readonly<Record<string, Value>>;

/** volume -> image_embedding, as an ONNX model that holds the weights. */
export function buildImageTower(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} image tower`, weights, (graph, source) => ({
    [inferenceTensors.imageEmbedding]: embedImage(graph, preset, source),
  }));
}

/** input_ids, attention_mask -> text_embedding. */
export function buildTextTower(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} text tower`, weights, (graph, source) => ({
    [inferenceTensors.textEmbedding]: projectText(
      encodeText(graph, preset, source),
      preset,
      source,
    ),
  }));
}

/** input_ids, attention_mask -> text_features: the text tower without the projection. */
export function buildTextEncoder(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} text encoder`, weights, (graph, source) => ({
    [inferenceTensors.textFeatures]: encodeText(graph, preset, source),
  }));
}

/**
 * volume -> `filtered`: what convolution `layer` of the image tower gives before its ReLU, or, where
 * there is no such layer, `pooled`: what the linear layer reads. For looking inside a tower.
 */
export function buildImageProbe(
  preset: ModelPreset,
  weights: Parameters,
  layer: number,
): Uint8Array {
  const { widths } = preset.image;
  return build(`${preset.name} image probe`, weights, (graph, source) => {
    const shape = ['batch', 1, ...volumeSize(preset.volume)];
    const volume = graph.input(inferenceTensors.volume, 'float32', shape);
    const parameter = within(source, 'image');
    return {
      [inferenceTensors.probe]:
        layer < widths.length
          ? simple3dCnnFiltered(volume, widths, layer, parameter)
          : simple3dCnnFeatures(volume, widths, parameter),
    };
  });
}

/** The whole model: volume, input_ids, attention_mask -> both embeddings and their similarity. */
export function buildInferenceModel(
  preset: ModelPreset,
  weights: Parameters,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const outputs = (graph: GraphBuilder, source: ParameterSource): Outputs => {
    const image = embedImage(graph, preset, source);
    const text = projectText(encodeText(graph, preset, source), preset, source);
    const similarity = mul(matmul(image, swapLast(text)), logitScale(preset, source));
    return {
      [inferenceTensors.imageEmbedding]: image,
      [inferenceTensors.textEmbedding]: text,
      [inferenceTensors.similarity]: similarity,
    };
  };
  return build(preset.name, weights, outputs, metadata);
}

function build(
  name: string,
  weights: Parameters,
  outputs: (graph: GraphBuilder, source: ParameterSource) => Outputs,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const graph = new GraphBuilder(name);
  return serialise(graph, outputs(graph, parametersAsConstants(graph, weights)), { metadata });
}

function embedImage(graph: GraphBuilder, preset: ModelPreset, source: ParameterSource): Value {
  const shape = ['batch', 1, ...volumeSize(preset.volume)];
  return imageTower(graph.input(inferenceTensors.volume, 'float32', shape), preset, source);
}

function encodeText(graph: GraphBuilder, preset: ModelPreset, source: ParameterSource): Value {
  const shape = ['texts', 'tokens'];
  const ids = graph.input(inferenceTensors.ids, 'int32', shape);
  const mask = graph.input(inferenceTensors.mask, 'int32', shape);
  return textFeatures(ids, mask, preset, source);
}
