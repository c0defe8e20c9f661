import { UserError } from '../core/errors';
import type { TrainingDefaults } from '../core/preset';
import type { AnsweredQuestion } from './questions';

/** How many questions a message names. */
const namedQuestions = 10;
/** So many steps left out one after the other are no accident. */
export const mostSkippedSteps = 20;

/** What to try where training in half precision diverged. */
const mixedRemedy = ' Halves end at 65504: in float32 (--precision float32) it may not happen.';

/** `questions`: those of the step, where it is known which they were. */
export function lossNotFinite(
  step: number,
  what: string,
  questions: readonly AnsweredQuestion[] = [],
  precision: TrainingDefaults['precision'] = 'float32',
): UserError {
  const names = questions.slice(0, namedQuestions).map(({ id }) => id);
  const more = questions.length > namedQuestions ? ', ...' : '';
  const where = names.length > 0 ? ` on the questions ${names.join(', ')}${more}` : '';
  return new UserError(
    'loss-not-finite',
    `Training diverged at step ${step}: ${what}${where}.`,
    `Train with a learning rate of a third: again, or on from the last checkpoint if there is one (--resume --lr).${precision === 'mixed' ? mixedRemedy : ''}`,
  );
}
