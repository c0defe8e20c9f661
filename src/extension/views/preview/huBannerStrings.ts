import { l10n } from 'vscode';
import type { HuBannerStrings } from '../../../protocol/huBanner';

/** The words of the banner on HU in the language of the editor. */
export function huBannerStrings(): HuBannerStrings {
  return {
    kinds: {
      none_finite: l10n.t('No numbers'),
      constant: l10n.t('The same value everywhere'),
      labels: l10n.t('A mask or label map, not a CT'),
      normalised: l10n.t('Normalised values, not HU'),
      eight_bit: l10n.t('8-bit data'),
      rescaled_twice: l10n.t('Slope and intercept applied twice, not HU'),
      too_low: l10n.t('Values too low for HU'),
      raw_stored: l10n.t('Raw stored values, not HU'),
      clipped: l10n.t('Clipped values'),
      not_chest_ct: l10n.t('Not a chest CT, or not in HU'),
    },
    reason: l10n.t('Seen by: {0}.'),
    current: {
      csv: l10n.t('Slope and intercept of the metadata table are applied now.'),
      none: l10n.t('Stored values are shown as they are now.'),
    },
    fixes: {
      auto: l10n.t('Back to automatic'),
      csv: l10n.t("Use the table's slope and intercept in this workspace"),
      none: l10n.t('Use stored values in this workspace'),
    },
    fixHint: l10n.t(
      'Sets ctMcqa.rescale: previews, question cards and new training runs of this workspace follow.',
    ),
  };
}
