import type { Random } from '../../random';
import type { AboutSentence } from './aboutSentences';
import type { DonorSentence } from './donors';

/** What was done to a report. */
export type EditName =
  | 'side swapped'
  | 'negation flipped'
  | 'size changed'
  | 'degree changed'
  | 'finding added'
  | 'finding removed';

/** `replacement` in place of the characters from `start` to `end`. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A change of what a report says, in every sentence that speaks of it. */
export interface Edit {
  readonly name: EditName;
  /** The family of the finding that it adds or asserts. */
  readonly family?: string;
  /** Places of the sentences that it changes. */
  readonly sentences: readonly number[];
  readonly replacements: readonly Replacement[];
}

/** Finds all changes of one kind that leave a report without a contradiction. */
export type FindEdits = (
  report: readonly AboutSentence[],
  random: Random,
  donors: readonly DonorSentence[],
) => Edit[];

/** The text with some edits made. What two of them replace alike is replaced once. */
export function edited(text: string, edits: readonly Edit[]): string {
  const replacements = new Map(
    edits
      .flatMap((edit) => edit.replacements)
      .map((each) => [`${each.start} ${each.end} ${each.replacement}`, each]),
  );
  return [...replacements.values()]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce(
      (changed, { start, end, replacement }) =>
        changed.slice(0, start) + replacement + changed.slice(end),
      text,
    )
    .replace(emptyHeading, '')
    .trim();
}

/** A heading whose text is gone. */
const emptyHeading = /\s(?:conclusion|impression|result|opinion)s?:\s*$/i;

/** A word in the case of another. */
export function inCaseOf(model: string, word: string): string {
  if (model.length > 1 && model === model.toUpperCase()) {
    return word.toUpperCase();
  }
  return model.startsWith(model[0].toUpperCase()) ? capitalised(word) : word;
}

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
