import type { ModelPreset } from '../core/preset';
import type { PreprocessingProfile } from '../core/volume/profile';
import { crossEntropy, mul, reduceSum, reshape, type GraphBuilder, type Value } from '../graph';
import { imageTower, logitScale, projectText, textFeatures } from './dualTower';
import { parametersAsInputs, type ParameterSource, type RequestedParameter } from './parameters';
import { stepInputs } from './stepTensors';

/** What is fixed in one training step graph: onnxruntime plans its memory for these sizes. */
export interface TrainingStepOptions {
  /** Questions a step (B). */
  readonly batch: number;
  /** Options of every question (K). */
  readonly options: number;
  /** Tokens of every option (S); default `preset.text.maxTokens`. Shorter is faster. */
  readonly tokens?: number;
  /**
   * `tokens`: the text tower runs inside the step. `features`: its [CLS] states come in ready-made
   * (see `buildTextEncoder`), for a tower that does not learn; then the graph reads no `text.*`
   * parameter. Default: `features` where `preset.text.learning` is `cached`.
   */
  readonly textInput?: 'tokens' | 'features';
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

/** Cross-entropy over each question's options of exp(logit_scale) cos(image, text). */
export function buildLoss(
  graph: GraphBuilder,
  preset: ModelPreset,
  options: TrainingStepOptions,
): Loss {
  const { batch, options: choices } = options;
  const { dimension } = preset.fusion;
  const { source, requested } = parametersAsInputs(graph);
  const volume = graph.input(stepInputs.volume, 'float32', [
    batch,
    1,
    ...volumeSize(preset.volume),
  ]);
  const image = imageTower(volume, preset, source);
  const text = projectText(optionFeatures(graph, preset, options, source), preset, source);
  const label = graph.input(stepInputs.label, 'int32', [batch]);
  return graph.within('match', () => {
    const cosine = reduceSum(
      mul(reshape(image, [batch, 1, dimension]), reshape(text, [batch, choices, dimension])),
      { axes: [-1] },
    );
    const logits = mul(cosine, logitScale(preset, source));
    return { loss: crossEntropy(logits, label), logits, parameters: requested };
  });
}

/** Text features of all options, [B K, hidden]: computed in the step, or fed. */
function optionFeatures(
  graph: GraphBuilder,
  preset: ModelPreset,
  options: TrainingStepOptions,
  source: ParameterSource,
): Value {
  const { batch, options: choices, tokens = preset.text.maxTokens } = options;
  const texts = batch * choices;
  const { learning } = preset.text;
  if ((options.textInput ?? (learning === 'cached' ? 'features' : 'tokens')) === 'features') {
    if (learning === 'trainable') {
      throw new Error(`the text tower of ${preset.name} learns: its features cannot be fed`);
    }
    const { hidden } = preset.text;
    const fed = graph.input(stepInputs.textFeatures, 'float32', [batch, choices, hidden]);
    return reshape(fed, [texts, hidden]);
  }
  const perToken = (name: string): Value =>
    reshape(graph.input(name, 'int32', [batch, choices, tokens]), [texts, tokens]);
  return textFeatures(perToken(stepInputs.ids), perToken(stepInputs.mask), preset, source);
}
