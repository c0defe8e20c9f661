import { l10n } from 'vscode';
import type { ScoresStrings } from '../../../protocol/scores';

/** The scores panel's words in the language of the editor. */
export function scoresStrings(): ScoresStrings {
  return {
    run: l10n.t('Run'),
    fingerprints: l10n.t('Fingerprints'),
    model: l10n.t('Weights'),
    preprocessing: l10n.t('Preprocessing'),
    text: l10n.t('Tokenizer and text settings'),
    predictions: l10n.t('Predictions'),
    trueText: l10n.t('true'),
    correct: l10n.t('The true text comes first'),
    wrong: l10n.t('The true text comes on place {0} of {1}'),
    probability: l10n.t('Probability {0}'),
    logit: l10n.t('logit {0}'),
    rank: l10n.t('Place {0}'),
    showAll: l10n.t('Show All'),
    showLess: l10n.t('Show Less'),
    copy: l10n.t('Copy Ranking'),
    copyText: l10n.t('Copy'),
    copied: l10n.t('Copied'),
    reveal: l10n.t('Show in the question file'),
    empty: l10n.t('There is nothing to rank'),
    emptyRemedy: l10n.t(
      'Score this volume with a question file or a reports table that has texts for it.',
    ),
    bestOf: l10n.t('best {0} of {1}'),
    count: l10n.t('{0} texts'),
    filter: l10n.t('Filter by words'),
    noMatch: l10n.t('No text holds these words'),
    failed: l10n.t('The scores could not be made'),
  };
}
