/** The data inputs of a training step; which of them a step has depends on its preset. */
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

/** A data input of one training step graph. */
export interface StepInput {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  /** Row-major, last axis fastest. */
  readonly shape: readonly number[];
}
