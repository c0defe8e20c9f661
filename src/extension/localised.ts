import { l10n } from 'vscode';
import { UserError } from '../core/errors';
import { translated, type Sentence } from '../core/sentence';
import type { HuJudgement } from '../core/volume/hu';

/** The sentence in the language of the editor, where the extension has it in that. */
export function localised(said: Sentence): Sentence {
  // Not by l10n.t, which logs every text that it has not: many an error's text is whole already.
  return translated(said, (template) => l10n.bundle?.[template] ?? template);
}

/**
 * Anything thrown, what a user is told of it in the language of the editor. For people only: logs and
 * language models are told in English.
 */
export function localisedError(thrown: unknown): unknown {
  if (!(thrown instanceof UserError)) {
    return thrown;
  }
  const { code, told, cause } = thrown;
  return new UserError(code, localised(told.message), localised(told.remedy), cause);
}

/** What is said of a volume's HU in the language of the editor. */
export function localisedJudgement({ note, reason, remedy, ...rest }: HuJudgement): HuJudgement {
  return {
    ...rest,
    ...(note && { note: localised(note) }),
    ...(reason && { reason: localised(reason) }),
    ...(remedy && { remedy: { ...remedy, text: localised(remedy.text) } }),
  };
}
