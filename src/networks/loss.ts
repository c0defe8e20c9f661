import type { LossSettings, ModelPreset } from '../core/preset';
import type { PreprocessingProfile } from '../core/volume/profile';
import {
  add,
  binaryCrossEntropy,
  cast,
  crossEntropy,
  less,
  mul,
  oneHot,
  reduceSum,
  reshape,
  type GraphBuilder,
  type HalfKind,
  type Shape,
  type Value,
} from '../graph';
import { findingLogits, findingsOf } from './classification';
import { fusionOf, readsTokens, type Fusion, type TextSide } from './fusion';
import { identityMatrix, infoNce, nPair, triplet } from './matchingLosses';
import { metadataInput, metadataSize } from './metadata';
import { parametersAsInputs, type ParameterSource, type RequestedParameter } from './parameters';
import { stepInputs } from './stepTensors';
import { textFeatures } from './textTower';

/** What is fixed in one training step graph: onnxruntime plans its memory for these sizes. */
export interface TrainingStepOptions {
  /** Questions a step (B). */
  readonly batch: number;
  /** Options of every question (K). */
  readonly options: number;
  /** Tokens of every option (S); default `preset.text.maxTokens`. Shorter is faster. */
  readonly tokens?: number;
  /**
   * `tokens`: the text tower runs inside the step. `features`: its states come in ready-made (see
   * `buildTextEncoder`), for a tower that does not learn; then the graph reads no `text.*`
   * parameter. Default: `features` where `preset.text.learning` is `cached`.
   */
  readonly textInput?: 'tokens' | 'features';
  /** What halves are where `preset.training.precision` is `mixed`; default `float16`. */
  readonly halves?: HalfKind;
}

/** Depth, height and width of the tensor that the profile makes. */
export function volumeSize(profile: PreprocessingProfile): readonly [number, number, number] {
  return profile.kind === 'fit' ? profile.size : [240, 480, 480];
}

/** What a training step minimises, as a graph. */
export interface Loss {
  readonly loss: Value;
  /** [B, K] */
  readonly logits: Value;
  readonly parameters: ReadonlyMap<string, RequestedParameter>;
}

/** The loss of matching as the preset says it, and beside it that of the findings where asked for. */
export function buildLoss(
  graph: GraphBuilder,
  preset: ModelPreset,
  options: TrainingStepOptions,
): Loss {
  const { source, requested } = parametersAsInputs(graph);
  const fusion = fusionOf(preset, source);
  const { compared, summary } = imageSide(graph, preset, options.batch, fusion);
  const text = optionTexts(graph, preset, options, fusion, source);
  const label = graph.input(stepInputs.label, 'int32', [options.batch]);
  const { matching, ...settings } = preset.loss ?? { matching: 'option_cross_entropy' };
  const { loss, logits } = graph.within('match', () =>
    matchingLosses[matching]({ graph, fusion, image: compared, text, label, settings }),
  );
  const both = withFindings(loss, summary, preset, source);
  return { loss: both, logits, parameters: requested };
}

/** What a loss is made of. */
interface MatchParts {
  readonly graph: GraphBuilder;
  readonly fusion: Fusion;
  /** Of B scans. */
  readonly image: Value;
  /** Of B K texts, question by question. */
  readonly text: TextSide;
  /** int32 [B] */
  readonly label: Value;
  readonly settings: Omit<LossSettings, 'matching'>;
}

/** Of the triplet loss where the preset does not say. */
const usualMargin = 0.2;

/** Each loss with the logits [B, K] of the own options. */
const matchingLosses: Readonly<
  Record<LossSettings['matching'], (parts: MatchParts) => Pick<Loss, 'loss' | 'logits'>>
> = {
  option_cross_entropy: ({ fusion, image, text, label, settings }) => {
    const logits = fusion.logits(fusion.ownOptions(image, text));
    const smoothing = settings.labelSmoothing ?? 0;
    return { loss: crossEntropy(logits, label, { smoothing }), logits };
  },
  info_nce: ({ graph, fusion, image, text, label, settings }) => {
    const [batch] = label.shape.map(Number);
    const logits = fusion.logits(fusion.ownOptions(image, text));
    const pairs = fusion.logits(fusion.allPairs(image, trueTexts(text, label)));
    const allowed = graph.input(stepInputs.allowedPairs, 'float32', [batch, batch]);
    return { loss: infoNce(pairs, allowed, settings.labelSmoothing), logits };
  },
  n_pair: ({ graph, fusion, image, text, label, settings }) => {
    const [batch] = label.shape.map(Number);
    const texts = Number(text.compared.shape[0]);
    const pairs = fusion.logits(fusion.allPairs(image, text));
    const allowed = graph.input(stepInputs.allowedPairs, 'float32', [batch, texts]);
    const ownQuestion = reshape(identityMatrix(graph, batch), [batch, batch, 1]);
    const byQuestion = reshape(pairs, [batch, batch, texts / batch]);
    const logits = reduceSum(mul(byQuestion, ownQuestion), { axes: [1] });
    return { loss: nPair(pairs, label, allowed, settings.labelSmoothing), logits };
  },
  triplet: ({ fusion, image, text, label, settings }) => {
    const similarity = fusion.ownOptions(image, text);
    const loss = triplet(similarity, label, settings.margin ?? usualMargin);
    return { loss, logits: fusion.logits(similarity) };
  },
};

/** The true text of each question: [B K, ...] -> [B, ...]. */
function trueTexts({ compared, mask }: TextSide, label: Value): TextSide {
  const [batch] = label.shape.map(Number);
  const pick = (x: Value): Value => {
    const [texts, ...rest] = x.shape.map(Number);
    const byQuestion = reshape(x, [batch, texts / batch, ...rest]);
    const isTrue = oneHot(label, texts / batch, 'float32');
    const chosen = reshape(isTrue, [batch, texts / batch, ...rest.map(() => 1)]);
    return reduceSum(mul(byQuestion, chosen), { axes: [1] });
  };
  return {
    compared: pick(compared),
    ...(mask && { mask: cast(pick(cast(mask, 'float32')), 'int32') }),
  };
}

/** loss + weight · binary cross-entropy of the known findings. */
function withFindings(
  loss: Value,
  summary: Value,
  preset: ModelPreset,
  source: ParameterSource,
): Value {
  const { classification } = preset;
  if (classification === undefined) {
    return loss;
  }
  const { graph } = loss;
  const [batch] = summary.shape;
  const logits = findingLogits(summary, preset, source);
  const labels = graph.input(stepInputs.findings, 'float32', [batch, findingsOf(preset).length]);
  return graph.within('findings', () => {
    // -1 says that the label is not known.
    const known = cast(less(-0.5, labels), 'float32');
    return add(loss, mul(binaryCrossEntropy(logits, labels, { known }), classification.weight));
  });
}

function imageSide(
  graph: GraphBuilder,
  preset: ModelPreset,
  batch: number,
  fusion: Fusion,
): ReturnType<Fusion['image']> {
  const input = (name: string, shape: Shape): Value => graph.input(name, 'float32', shape);
  const volume = input(stepInputs.volume, [batch, 1, ...volumeSize(preset.volume)]);
  const settings = metadataInput(preset);
  const metadata = settings && input(stepInputs.metadata, [batch, metadataSize(settings)]);
  return fusion.image(volume, metadata);
}

/** All options, B K texts: their features are computed in the step, or fed. */
function optionTexts(
  graph: GraphBuilder,
  preset: ModelPreset,
  options: TrainingStepOptions,
  fusion: Fusion,
  source: ParameterSource,
): TextSide {
  const { batch, options: choices, tokens = preset.text.maxTokens } = options;
  const texts = batch * choices;
  const perToken = (name: string): Value =>
    reshape(graph.input(name, 'int32', [batch, choices, tokens]), [texts, tokens]);
  const { learning, hidden } = preset.text;
  if ((options.textInput ?? (learning === 'cached' ? 'features' : 'tokens')) === 'tokens') {
    const ids = perToken(stepInputs.ids);
    const mask = perToken(stepInputs.mask);
    return fusion.text(textFeatures(ids, mask, preset, source), mask);
  }
  if (learning === 'trainable') {
    throw new Error(`the text tower of ${preset.name} learns: its features cannot be fed`);
  }
  const each = readsTokens(preset) ? [tokens, hidden] : [hidden];
  const fed = graph.input(stepInputs.textFeatures, 'float32', [batch, choices, ...each]);
  const mask = readsTokens(preset) ? perToken(stepInputs.mask) : undefined;
  return fusion.text(reshape(fed, [texts, ...each]), mask);
}
