import { UserError } from '../../core/errors';
import type { PageProblem, PreviewStrings } from '../../protocol/preview';
import { fill } from '../shared/format';

/** What went wrong in the page itself; what people are told of it comes with the page's words. */
export class PageError extends Error {
  override readonly name = 'PageError';

  constructor(
    readonly problem: PageProblem,
    readonly values: readonly number[] = [],
    cause?: unknown,
  ) {
    super([problem, ...values].join(' '), { cause });
  }
}

/** Anything thrown, a problem of the page in the words that the page has for it. */
export function inPageWords(thrown: unknown, problems: PreviewStrings['problems']): unknown {
  if (!(thrown instanceof PageError)) {
    return thrown;
  }
  const { message, remedy } = problems[thrown.problem];
  return new UserError(thrown.problem, fill(message, ...thrown.values), remedy, thrown);
}
