/**
 * Predictions stand in a file of their own beside the data set (`name.predictions.jsonl`), so that
 * scoring never rewrites a data set. First line: {@link PredictionHeader}; then one
 * {@link QuestionPrediction} a line.
 */
export interface PredictionHeader {
  readonly kind: 'ct-mcqa-predictions';
  readonly version: 1;
  /** Run folder name. */
  readonly run: string;
  /** Data set file name the questions stand in. */
  readonly dataset: string;
  /** SHA-256 of the model's weights. */
  readonly model_hash: string;
  /** Fingerprint of the preprocessing profile. */
  readonly preprocessing: string;
  /** Fingerprint of tokenizer and text settings. */
  readonly text: string;
  /** ISO 8601. */
  readonly created: string;
}

/** The model's answer to one question. */
export interface QuestionPrediction {
  readonly id: string;
  /** Hash of image path and option texts; a prediction whose hash differs from the record's is stale. */
  readonly question_hash: string;
  /** One logit an option, in the record's order. */
  readonly logits: readonly number[];
  /** Softmax of the logits. */
  readonly probabilities: readonly number[];
  /** Index of the option with the highest logit (the first of ties). */
  readonly predicted: number;
  /** Index of the option labelled 1; null where the record has not exactly one. */
  readonly truth: number | null;
}
