import type { CrossAttentionFusion, FusionSettings, ModelPreset } from '../core/preset';
import {
  elementCount,
  add,
  concat,
  exp,
  l2Normalise,
  matmul,
  maxPool,
  mul,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  softmax,
  swapLast,
  transpose,
  type Value,
} from '../graph';
import { crossAttentionLogits } from './crossAttention';
import { filled, normal, uniformByFanIn } from './initialisers';
import { linearLayer } from './layers';
import { metadataInput, metadataVectorOf } from './metadata';
import { within, type ParameterSource } from './parameters';
import { simple3dCnn, simple3dCnnFiltered } from './simple3dcnn';

/** The image side of a batch of scans. */
export interface ImageSide {
  /** What texts are compared with: a vector a scan [B, d], or tokens [B, T, d]. */
  readonly compared: Value;
  /** One vector a scan for other tasks, [B, d]. */
  readonly summary: Value;
}

/** The text side of N texts. */
export interface TextSide {
  /** A vector a text [N, d], or tokens [N, S, d]. */
  readonly compared: Value;
  /** Of tokens: int32 [N, S], 1 token, 0 padding. */
  readonly mask?: Value;
}

/** How image and text meet. All similarities are what the triplet's margin is measured in. */
export interface Fusion {
  /** volume [B, 1, D, H, W]; metadata [B, M] where the preset reads it. */
  readonly image: (volume: Value, metadata: Value | undefined) => ImageSide;
  /** Text features [N, hidden], or [N, S, hidden] with their mask where `readsTokens` says so. */
  readonly text: (features: Value, mask: Value | undefined) => TextSide;
  /** Each scan with its own K options, the N = B K texts in order: [B, K]. */
  readonly ownOptions: (image: Value, text: TextSide) => Value;
  /** Every scan with every text: [B, N]. */
  readonly allPairs: (image: Value, text: TextSide) => Value;
  /** Similarity to logits. */
  readonly logits: (similarity: Value) => Value;
}

/** True where the fusion reads the state of every text token, not only that of the first. */
export function readsTokens({ fusion }: ModelPreset): boolean {
  return fusion.kind === 'cross_attention';
}

/** The fusion of a preset, its weights from `parameter`. */
export function fusionOf(preset: ModelPreset, parameter: ParameterSource): Fusion {
  return fusions[preset.fusion.kind](preset, parameter);
}

const fusions: Readonly<
  Record<FusionSettings['kind'], (preset: ModelPreset, parameter: ParameterSource) => Fusion>
> = {
  /** s = cos(image, text), logit = exp(logit_scale) s. */
  cosine: (preset, parameter) => ({
    ...dualTower(preset, parameter, l2Normalise),
    logits: (similarity) => mul(similarity, scaleOf(preset, parameter)),
  }),
  /** s = image . text / √d, which is the logit. */
  dot: (preset, parameter) => ({
    ...dualTower(preset, parameter, (x) => mul(x, preset.fusion.dimension ** -0.25)),
    logits: (similarity) => similarity,
  }),
  /** s = what the fusion layers read from the first text token, which is the logit. */
  cross_attention: (preset, parameter) => crossAttention(preset, parameter),
};

/** Two towers that end in one vector each, `finish`ed before they are multiplied. */
function dualTower(
  preset: ModelPreset,
  parameter: ParameterSource,
  finish: (vector: Value) => Value,
): Omit<Fusion, 'logits'> {
  const { dimension } = preset.fusion;
  return {
    image: (volume, metadata) =>
      volume.graph.within('image', () => {
        const seen = simple3dCnn(volume, preset.image, dimension, within(parameter, 'image'));
        const summary = withMetadataVector(seen, metadata, preset, parameter);
        return { compared: finish(summary), summary };
      }),
    text: (features) =>
      features.graph.within('proj', () => ({
        compared: finish(
          linearLayer(features, dimension, within(parameter, 'proj'), { bias: false }),
        ),
      })),
    ownOptions: (image, { compared }) => {
      const [scans] = image.shape.map(Number);
      const options = reshape(compared, [scans, Number(compared.shape[0]) / scans, dimension]);
      return reduceSum(mul(reshape(image, [scans, 1, dimension]), options), { axes: [-1] });
    },
    allPairs: (image, { compared }) => matmul(image, swapLast(compared)),
  };
}

/** The factor of the cosine: exp(logit_scale), or a constant where the loss does not learn it. */
function scaleOf(preset: ModelPreset, parameter: ParameterSource): Value | number {
  const first = firstScale(preset);
  return usesLogitScale(preset)
    ? exp(parameter('logit_scale', [], filled(Math.log(first))))
    : first;
}

/** The triplet loss compares cosines as they are, so their scale stays as it starts. */
export function usesLogitScale({ fusion, loss }: ModelPreset): boolean {
  return fusion.kind === 'cosine' && loss?.matching !== 'triplet';
}

/** The factor before any training; 1 where the fusion has none. */
export function firstScale({ fusion }: ModelPreset): number {
  return fusion.kind === 'cosine' ? fusion.initialScale : 1;
}

/**
 * The image vector [B, d] with what metadata say.
 * `embedding`: v + MLP(m). `token`: attention pooling of the two tokens v and MLP(m) with a learnt
 * query q: Σ softmax(tokens q / √d) tokens. (The cells of the feature map are averaged into v before
 * its linear layer, so v stands for them.)
 */
function withMetadataVector(
  vector: Value,
  metadata: Value | undefined,
  preset: ModelPreset,
  parameter: ParameterSource,
): Value {
  const settings = metadataInput(preset);
  if (settings === undefined || metadata === undefined) {
    return vector;
  }
  const { dimension } = preset.fusion;
  const known = metadataVectorOf(metadata, settings, dimension, parameter);
  if (settings.use === 'embedding') {
    return add(vector, known);
  }
  const asTokens = (x: Value): Value => reshape(x, [x.shape[0], 1, dimension]);
  const tokens = concatTokens(asTokens(vector), asTokens(known));
  const query = parameter('metadata.query', [dimension], normal(1 / Math.sqrt(dimension)));
  const scores = reduceSum(mul(tokens, mul(query, 1 / Math.sqrt(dimension))), {
    axes: [-1],
    keep: true,
  });
  return reduceSum(mul(tokens, softmax(scores, 1)), { axes: [1] });
}

/** Image tokens and text tokens, each projected to the width of the fusion layers. */
function crossAttention(preset: ModelPreset, parameter: ParameterSource): Fusion {
  const fusion = preset.fusion as CrossAttentionFusion;
  const { dimension } = fusion;
  const match = (image: Value, text: Value, mask: Value): Value =>
    image.graph.within('fusion', () => {
      const [scans, tokens] = image.shape;
      const apart = reshape(image, [scans, 1, tokens, dimension]);
      return crossAttentionLogits(apart, text, mask, fusion, within(parameter, 'fusion'));
    });
  return {
    image: (volume, metadata) =>
      volume.graph.within('image', () => {
        const compared = imageTokens(volume, metadata, preset, parameter);
        return { compared, summary: reduceMean(compared, { axes: [1] }) };
      }),
    text: (features, mask) =>
      features.graph.within('proj', () => ({
        compared: linearLayer(features, dimension, within(parameter, 'proj')),
        ...(mask && { mask }),
      })),
    ownOptions: (image, text) => {
      const [scans] = image.shape.map(Number);
      const [texts, tokens] = text.compared.shape.map(Number);
      const options = [scans, texts / scans, tokens];
      return match(
        image,
        reshape(text.compared, [...options, dimension]),
        reshape(maskOf(text), options),
      );
    },
    allPairs: (image, text) => match(image, text.compared, maskOf(text)),
    logits: (similarity) => similarity,
  };
}

/** The cells of the last feature map, flattened and projected, with their places: [B, T, d]. */
function imageTokens(
  volume: Value,
  metadata: Value | undefined,
  preset: ModelPreset,
  parameter: ParameterSource,
): Value {
  const { dimension, pool = 1 } = preset.fusion as CrossAttentionFusion;
  const { widths } = preset.image;
  const filtered = simple3dCnnFiltered(
    volume,
    widths,
    widths.length - 1,
    within(parameter, 'image'),
  );
  const map = relu(pool === 1 ? filtered : maxPool(filtered, pool));
  const [scans, channels, ...size] = map.shape;
  const cells = elementCount(size.map(Number));
  const rows = transpose(reshape(map, [scans, channels, cells]), [0, 2, 1]);
  const projected = linearLayer(rows, dimension, within(parameter, 'image.tokens'));
  const places = parameter(
    'image.tokens.places',
    [cells, dimension],
    // As large as what the projection makes of a cell at first.
    uniformByFanIn(Number(channels)),
  );
  const tokens = add(projected, places);
  const settings = metadataInput(preset);
  if (settings === undefined || metadata === undefined) {
    return tokens;
  }
  const known = metadataVectorOf(metadata, settings, dimension, parameter);
  const asToken = reshape(known, [known.shape[0], 1, dimension]);
  return settings.use === 'embedding' ? add(tokens, asToken) : concatTokens(tokens, asToken);
}

/** [B, T, d] and [B, 1, d] -> [B, T + 1, d] */
function concatTokens(tokens: Value, one: Value): Value {
  return concat([tokens, one], 1);
}

function maskOf({ mask }: TextSide): Value {
  if (mask === undefined) {
    throw new Error('the text tokens have no mask');
  }
  return mask;
}
