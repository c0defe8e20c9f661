import { l10n } from 'vscode';
import type { OptionKind } from '../../core/dataset/record';
import { templateOf } from './build/noteTemplates';

/** How a distractor was chosen, in the language of the editor. */
export function kindWords(): Record<Exclude<OptionKind, 'true'>, string> {
  return {
    random: l10n.t('random'),
    hard: l10n.t('hard'),
    easy: l10n.t('easy'),
    generated: l10n.t('generated'),
  };
}

/** The letters of a record's `sex`. */
export function sexWords(): Record<'M' | 'F' | 'O', string> {
  return { M: l10n.t('male'), F: l10n.t('female'), O: l10n.t('other') };
}

/** Why the builder left volumes out, which it says in English. */
export function skipReason(reason: string): string {
  return l10n.t(reason);
}

/** What the builder notes about its work, which it says in English. */
export function builderNote(note: string): string {
  const { template, values } = templateOf(note);
  return l10n.t(template, ...values);
}
