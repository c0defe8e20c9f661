import type { ModelPreset } from '../core/preset';
import type { ParameterSpec } from './parameters';

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

/** A tensor that a step reads as input `name` and writes, updated, as output `next`. */
export interface StateTensor {
  readonly name: string;
  readonly next: string;
  readonly shape: readonly number[];
  /** Moments start as zeros, parameters as the initial weights. */
  readonly role: 'parameter' | 'moment';
}

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

export type BuildTrainingStep = (
  preset: ModelPreset,
  options: TrainingStepOptions,
) => TrainingStepGraph;
