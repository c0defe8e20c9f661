import type { ModelPreset } from '../core/preset';
import { metadataFeatureNames } from '../core/dataset/metadataFeatures';
import { GraphBuilder, serialise, type Value } from '../graph';
import { findingLogits, findingsOf } from './classification';
import { fusionOf, readsTokens, type TextSide } from './fusion';
import { metadataInput, metadataSize } from './metadata';
import { parametersAsConstants, within, type Parameters, type ParameterSource } from './parameters';
import { simple3dCnnFeatures, simple3dCnnFiltered } from './simple3dcnn';
import { volumeSize } from './loss';
import { textFeatures } from './textTower';

/** Names of the tensors of the inference models. The numbers of scans and texts are free. */
export const inferenceTensors = {
  /** float32 [batch, 1, D, H, W] */
  volume: 'volume',
  /** float32 [batch, M], where the preset's networks read metadata: see `metadataVector` */
  metadata: 'metadata',
  /** int32 [texts, tokens] */
  ids: 'input_ids',
  /** int32 [texts, tokens] */
  mask: 'attention_mask',
  /**
   * What texts are compared with. Dual towers: float32 [batch, dimension], of length 1 for the
   * cosine; cross-attention: image tokens, float32 [batch, T, dimension]
   */
  imageEmbedding: 'image_embedding',
  /**
   * float32 [texts, hidden], the [CLS] state that a training step with `features` takes; for
   * cross-attention [texts, tokens, hidden]
   */
  textFeatures: 'text_features',
  /** float32 [texts, dimension], of length 1 for the cosine; dual towers only */
  textEmbedding: 'text_embedding',
  /** float32 [batch, texts]: the logits of every scan with every text */
  similarity: 'similarity',
  /** float32 [batch, F]: the logit of each finding, where the preset classifies */
  findings: 'finding_logits',
  /** float32 [batch, channels, D, H, W] or [batch, channels]: see buildImageProbe */
  probe: 'probe',
} as const;

type Outputs = Readonly<Record<string, Value>>;

/** volume (and metadata) -> image_embedding (and finding_logits), with the weights inside. */
export function buildImageTower(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} image tower`, weights, (graph, source) => {
    const { compared, findings } = embedImage(graph, preset, source);
    return { [inferenceTensors.imageEmbedding]: compared, ...findings };
  });
}

/** input_ids, attention_mask -> text_embedding. */
export function buildTextTower(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} text tower`, weights, (graph, source) => ({
    [inferenceTensors.textEmbedding]: embedText(graph, preset, source).compared,
  }));
}

/** input_ids, attention_mask -> text_features: the text tower without the projection. */
export function buildTextEncoder(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} text encoder`, weights, (graph, source) => {
    const { ids, mask } = tokenInputs(graph);
    return { [inferenceTensors.textFeatures]: textFeatures(ids, mask, preset, source) };
  });
}

/**
 * image_embedding (the image tokens), text_features, attention_mask -> similarity: what stands
 * between the towers of cross-attention.
 */
export function buildFusionHead(preset: ModelPreset, weights: Parameters): Uint8Array {
  return build(`${preset.name} fusion`, weights, (graph, source) => {
    const { dimension } = preset.fusion;
    const { hidden } = preset.text;
    const shape = ['batch', imageTokenCount(preset), dimension];
    const image = graph.input(inferenceTensors.imageEmbedding, 'float32', shape);
    const states = ['texts', 'tokens', hidden];
    const features = graph.input(inferenceTensors.textFeatures, 'float32', states);
    const mask = graph.input(inferenceTensors.mask, 'int32', ['texts', 'tokens']);
    const fusion = fusionOf(preset, source);
    const similarity = fusion.allPairs(image, fusion.text(features, mask));
    return { [inferenceTensors.similarity]: fusion.logits(similarity) };
  });
}

/** The image tokens of a scan in cross-attention (T), that of the metadata included. */
function imageTokenCount(preset: ModelPreset): number {
  const scratch = new GraphBuilder('tokens');
  const anyWeights: ParameterSource = (name, shape) => scratch.input(name, 'float32', shape);
  return Number(embedImage(scratch, preset, anyWeights).compared.shape[1]);
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

/**
 * The whole model: volume, input_ids, attention_mask (and metadata) -> similarity; for dual towers
 * both embeddings, where there is a head for findings their logits. What the numbers of the metadata
 * input and of the findings stand for is written into the model's own metadata, as JSON.
 */
export function buildInferenceModel(
  preset: ModelPreset,
  weights: Parameters,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const outputs = (graph: GraphBuilder, source: ParameterSource): Outputs => {
    const { compared, findings } = embedImage(graph, preset, source);
    const text = embedText(graph, preset, source);
    const fusion = fusionOf(preset, source);
    return {
      ...(!readsTokens(preset) && {
        [inferenceTensors.imageEmbedding]: compared,
        [inferenceTensors.textEmbedding]: text.compared,
      }),
      [inferenceTensors.similarity]: fusion.logits(fusion.allPairs(compared, text)),
      ...findings,
    };
  };
  const settings = metadataInput(preset);
  const findings = findingsOf(preset);
  return build(preset.name, weights, outputs, {
    ...metadata,
    ...(settings && { metadata_features: JSON.stringify(metadataFeatureNames(settings.fields)) }),
    ...(findings.length > 0 && { findings: JSON.stringify(findings) }),
  });
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

/** The image side, and the output of the head for findings where there is one. */
export function embedImage(
  graph: GraphBuilder,
  preset: ModelPreset,
  source: ParameterSource,
  batch: number | string = 'batch',
): { readonly volume: Value; readonly compared: Value; readonly findings: Outputs } {
  const shape = [batch, 1, ...volumeSize(preset.volume)];
  const volume = graph.input(inferenceTensors.volume, 'float32', shape);
  const settings = metadataInput(preset);
  const metadata =
    settings && graph.input(inferenceTensors.metadata, 'float32', [batch, metadataSize(settings)]);
  const { compared, summary } = fusionOf(preset, source).image(volume, metadata);
  return {
    volume,
    compared,
    findings:
      preset.classification === undefined
        ? {}
        : { [inferenceTensors.findings]: findingLogits(summary, preset, source) },
  };
}

function embedText(graph: GraphBuilder, preset: ModelPreset, source: ParameterSource): TextSide {
  const { ids, mask } = tokenInputs(graph);
  return fusionOf(preset, source).text(textFeatures(ids, mask, preset, source), mask);
}

function tokenInputs(graph: GraphBuilder): { readonly ids: Value; readonly mask: Value } {
  const shape = ['texts', 'tokens'];
  return {
    ids: graph.input(inferenceTensors.ids, 'int32', shape),
    mask: graph.input(inferenceTensors.mask, 'int32', shape),
  };
}
