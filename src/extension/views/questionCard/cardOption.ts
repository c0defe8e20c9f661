import { optionLetter } from '../../../core/dataset/optionLetter';
import type { QuestionPrediction } from '../../../core/dataset/prediction';
import type { McqOption } from '../../../core/dataset/record';
import { volumeStem } from '../../../core/dataset/volumeName';
import type { CardOption } from '../../../protocol/questionCard';

/**
 * An option as pages show it.
 *
 * @param text its wording, references resolved; undefined where the reference leads nowhere
 * @param prediction the answer to the question, where there is one
 */
export function cardOption(
  { ref, source, kind, label, similarity, edits, undecidable }: McqOption,
  index: number,
  text: string | undefined,
  prediction: QuestionPrediction | undefined,
): CardOption {
  const origin = source ?? ref;
  const probability = prediction?.probabilities.at(index);
  return {
    letter: optionLetter(index),
    ...(text !== undefined && { text }),
    truth: label === 1,
    ...(kind !== undefined && { kind }),
    ...(origin !== undefined && { source: volumeStem(origin) }),
    ...(similarity !== undefined && { similarity }),
    ...(edits !== undefined && edits.length > 0 && { edits }),
    ...(undecidable !== undefined && { undecidable }),
    ...(probability !== undefined && {
      answer: { chosen: prediction?.predicted === index, probability },
    }),
  };
}
