import type { QuestionPrediction } from './prediction';
import { questionHash } from './predictions';
import type { McqRecord } from './record';

/** How a model's answer stands to its question. */
export type OutcomeKind =
  | 'correct'
  | 'wrong'
  /** The question was changed after it was answered. */
  | 'stale'
  /** The question has not exactly one true option. */
  | 'open';

/**
 * What became of a question that was answered. The truth is the record's own, so that a label
 * corrected later counts at once.
 *
 * @param texts of the options, references resolved; undefined where one leads nowhere
 */
export function outcomeKind(
  record: McqRecord,
  texts: readonly (string | undefined)[],
  { question_hash: hash, predicted }: QuestionPrediction,
): OutcomeKind {
  const known = texts.filter((text) => text !== undefined);
  const isSame = known.length === texts.length && questionHash(record.image_path, known) === hash;
  const truths = record.options.flatMap(({ label }, index) => (label === 1 ? [index] : []));
  if (!isSame) {
    return 'stale';
  }
  return truths.length !== 1 ? 'open' : truths[0] === predicted ? 'correct' : 'wrong';
}
