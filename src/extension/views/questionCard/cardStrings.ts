import { l10n } from 'vscode';
import type { CardStrings } from '../../../protocol/questionCard';
import { optionStrings, outcomeStrings, scanStrings } from '../questionStrings';
import { windowStrings } from '../windowStrings';

/** The question card's words in the language of the editor. */
export function cardStrings(): CardStrings {
  return {
    ...windowStrings(),
    ...optionStrings(),
    ...outcomeStrings(),
    ...scanStrings(),
    stems: {
      full_report: l10n.t('Which report belongs to this scan?'),
      impression: l10n.t('Which impression belongs to this scan?'),
      keywords: l10n.t('Which keywords belong to this scan?'),
      yes_no: l10n.t('Which statement is true of this scan?'),
      unknown: l10n.t('Which text belongs to this scan?'),
    },
    place: l10n.t('{0}, line {1}'),
    reveal: l10n.t('Show this question in the editor (E)'),
    previous: l10n.t('Previous question (←)'),
    next: l10n.t('Next question (→)'),
    previousWrong: l10n.t('Previous question answered wrong (Shift+W)'),
    nextWrong: l10n.t('Next question answered wrong (W)'),
    questions: l10n.t('Go to another question'),
    metadata: l10n.t('Patient and scan'),
    findings: l10n.t('Findings'),
    image: l10n.t('Image'),
    openVolume: l10n.t('Open the volume in the preview (O)'),
    imageMissing: l10n.t('The image is not there'),
    imageMissingRemedy: l10n.t(
      'Copy it beside the question file, or name its folder under "image_roots" in the side file or in the setting ctMcqa.imageRoots.',
    ),
    imageFailed: l10n.t('The image cannot be shown'),
    retry: l10n.t('Try Again'),
    loadingImage: l10n.t('Reading the volume'),
    differences: l10n.t('Differences'),
    differencesHint: l10n.t('Mark what sets each option apart from the true one (D)'),
    keys: l10n.t('Keys'),
    keyRows: [
      ['← →', l10n.t('previous or next question')],
      ['W', l10n.t('next question answered wrong, with Shift the previous')],
      ['1 2 3 4', l10n.t('lung, mediastinum, bone, soft tissue')],
      ['D', l10n.t('mark the differences, or not')],
      ['O', l10n.t('open the volume')],
      ['E', l10n.t('back to the editor')],
    ],
    failed: l10n.t('The question cannot be shown'),
  };
}
