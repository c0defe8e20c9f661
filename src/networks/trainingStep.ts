import type { ModelPreset } from '../core/preset';
import type { PreprocessingProfile } from '../core/volume/profile';
import type { Random } from '../core/random';
import {
  adamW,
  addOptimiser,
  crossEntropy,
  gradients,
  GraphBuilder,
  mul,
  reduceSum,
  reshape,
  serialise,
  type StateTensor,
  type Value,
} from '../graph';
import { imageTower, logitScale, projectText, textFeatures } from './dualTower';
import {
  parametersAsInputs,
  type ParameterSource,
  type ParameterSpec,
  type ParameterTensor,
  type RequestedParameter,
} from './parameters';

export type { StateTensor };

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
   * (see `buildTextEncoder`), for a frozen tower only; then the graph reads no `text.*` parameter.
   */
  readonly textInput?: 'tokens' | 'features';
}

/** The data inputs of a training step; which of the text inputs exist depends on `textInput`. */
export const stepInputs = {
  /** float32 [B, 1, D, H, W], as `preprocess` gives it. */
  volume: 'volume',
  /** int32 [B, K, S] token ids. */
  ids: 'input_ids',
  /** int32 [B, K, S]: 1 for a token, 0 for padding. */
  mask: 'attention_mask',
  /** float32 [B, K, hidden]. */
  textFeatures: 'text_features',
  /** int32 [B]: index of the true option. */
  label: 'label',
} as const;

/** The results of a training step besides the next state. */
export const stepOutputs = {
  /** float32 []: mean cross-entropy over the batch. */
  loss: 'loss',
  /** float32 [B, K]. */
  logits: 'logits',
} as const;

export interface TrainingStepGraph {
  /** Serialised ONNX model. */
  readonly model: Uint8Array;
  /** Every weight the graph reads, each a float32 input of its name; frozen ones are inputs only. */
  readonly parameters: readonly ParameterSpec[];
  /** What a step updates: the trainable parameters, and the optimiser's moments of each. */
  readonly state: readonly StateTensor[];
  /**
   * The scalar inputs (float32 [], by input name) of one step.
   * `step` counts from 1: bias correction depends on it.
   */
  readonly scalars: (step: number, learningRate: number) => Readonly<Record<string, number>>;
}

/** Forward pass, gradients and AdamW update of one batch as one ONNX graph. */
export function buildTrainingStep(
  preset: ModelPreset,
  options: TrainingStepOptions,
): TrainingStepGraph {
  const graph = new GraphBuilder(`${preset.name} training step`);
  const { loss, logits, parameters } = buildLoss(graph, preset, options);
  const trainable = [...parameters].filter(([name]) => isTrainable(name, preset));
  const optimiser = adamW(preset.training);
  const { state, outputs } = addOptimiser(
    graph,
    optimiser,
    gradients(
      loss,
      trainable.map(([, { value }]) => value),
    ),
  );
  return {
    model: serialise(graph, {
      [stepOutputs.loss]: loss,
      [stepOutputs.logits]: logits,
      ...outputs,
    }),
    parameters: [...parameters].map(([name, { shape }]) => ({
      name,
      shape,
      trainable: isTrainable(name, preset),
    })),
    state,
    scalars: optimiser.scalarsAt,
  };
}

/** The gradient of the loss for every trainable parameter, as outputs `grad.<parameter>`. */
export function buildGradients(preset: ModelPreset, options: TrainingStepOptions): Uint8Array {
  const graph = new GraphBuilder(`${preset.name} gradients`);
  const { loss, logits, parameters } = buildLoss(graph, preset, options);
  const wanted = [...parameters].filter(([name]) => isTrainable(name, preset));
  const found = gradients(
    loss,
    wanted.map(([, { value }]) => value),
  );
  return serialise(graph, {
    [stepOutputs.loss]: loss,
    [stepOutputs.logits]: logits,
    ...Object.fromEntries([...found].map(([{ name }, gradient]) => [`grad.${name}`, gradient])),
  });
}

/** First weights of every parameter, frozen ones included, drawn as PyTorch and BERT draw them. */
export function initialParameters(
  preset: ModelPreset,
  random: Random,
): Map<string, ParameterTensor> {
  const scratch = new GraphBuilder('parameters');
  const { parameters } = buildLoss(scratch, preset, { batch: 1, options: 1, tokens: 1 });
  return new Map(
    [...parameters].map(([name, { shape, initialiser }]) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [name, { shape, data: initialiser(count, random) }];
    }),
  );
}

/** Depth, height and width of the tensor that the profile makes. */
export function volumeSize(profile: PreprocessingProfile): readonly [number, number, number] {
  return profile.kind === 'fit' ? profile.size : [240, 480, 480];
}

interface Loss {
  readonly loss: Value;
  /** [B, K] */
  readonly logits: Value;
  readonly parameters: ReadonlyMap<string, RequestedParameter>;
}

/** Cross-entropy over each question's options of exp(logit_scale) cos(image, text). */
function buildLoss(graph: GraphBuilder, preset: ModelPreset, options: TrainingStepOptions): Loss {
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
  if (options.textInput === 'features') {
    if (!preset.text.frozen) {
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

function isTrainable(name: string, preset: ModelPreset): boolean {
  return !(preset.text.frozen && name.startsWith('text.'));
}
