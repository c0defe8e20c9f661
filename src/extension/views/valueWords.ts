import { l10n } from 'vscode';
import type { OptionKind } from '../../core/dataset/record';

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
