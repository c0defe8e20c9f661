/** The data inputs of a training step; which of them a step has depends on its preset. */
export const stepInputs = {
  /** float32 [B, 1, D, H, W], as `preprocess` gives it. */
  volume: 'volume',
  /** int32 [B, K, S] token ids. */
  ids: 'input_ids',
  /** int32 [B, K, S]: 1 for a token, 0 for padding. */
  mask: 'attention_mask',
  /** float32 [B, K, hidden], or [B, K, S, hidden] where the fusion reads every token. */
  textFeatures: 'text_features',
  /** float32 [B, M]: see `metadataVector`. */
  metadata: 'metadata',
  /** int32 [B]: index of the true option. */
  label: 'label',
  /**
   * float32 [B, B], or [B, B K]: 1 where the true text (any text) of the batch is the scan's own or
   * may be its negative, 0 where it is of the same patient or says the same.
   */
  allowedPairs: 'allowed_pairs',
  /** float32 [B, F]: 1, 0, or -1 where the label is not known. */
  findings: 'findings',
} as const;

/** The results of a training step besides the next state. */
export const stepOutputs = {
  /** float32 []: mean cross-entropy over the batch. */
  loss: 'loss',
  /** float32 [B, K]. */
  logits: 'logits',
  /** float32 []: of all gradients together, before clipping; where the step clips or may skip. */
  gradientNorm: 'gradient_norm',
} as const;

/** A data input of one training step graph. */
export interface StepInput {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  /** Row-major, last axis fastest. */
  readonly shape: readonly number[];
}
