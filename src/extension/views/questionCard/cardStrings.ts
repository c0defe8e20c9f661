import { l10n } from 'vscode';
import type { Doubt, EditName } from '../../../core/dataset/distractors';
import type { CardStrings } from '../../../protocol/questionCard';
import { kindWords, sexWords } from '../valueWords';
import { windowStrings } from '../windowStrings';

/** The question card's words in the language of the editor. */
export function cardStrings(): CardStrings {
  return {
    ...windowStrings(),
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
    trueOption: l10n.t('true'),
    chosenOption: l10n.t("model's choice"),
    probability: l10n.t('Probability {0}'),
    source: l10n.t('Text of {0}'),
    outcomes: {
      correct: l10n.t('Answered right'),
      wrong: l10n.t('Answered wrong'),
      stale: l10n.t('Changed since it was answered'),
      open: l10n.t('Answered; which option is true is not known'),
    },
    run: l10n.t('Run {0}'),
    unanswered: l10n.t('No run has answered this question'),
    metadata: l10n.t('Patient and scan'),
    age: l10n.t('Age'),
    sex: l10n.t('Sex'),
    sexes: sexWords(),
    manufacturer: l10n.t('Scanner'),
    kernel: l10n.t('Kernel'),
    spacing: l10n.t('Spacing'),
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
    textMissing: l10n.t('The reports table has no such report.'),
    differences: l10n.t('Differences'),
    differencesHint: l10n.t('Mark what sets each option apart from the true one (D)'),
    onlyHere: l10n.t('Not in the true option'),
    onlyInTrue: l10n.t('Only in the true option'),
    similarity: l10n.t('{0} of the words as in the true option'),
    kinds: kindWords(),
    recordedSimilarity: l10n.t('Similarity {0}'),
    edits: l10n.t('Made from the true report: {0}'),
    undecidable: l10n.t('Nobody could tell it from the true option: {0}'),
    builderWords: { ...editWords(), ...doubtWords() },
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

/** What the builder does to a report, in the language of the editor. */
function editWords(): Record<EditName, string> {
  return {
    'side swapped': l10n.t('side swapped'),
    'negation flipped': l10n.t('negation flipped'),
    'size changed': l10n.t('size changed'),
    'degree changed': l10n.t('degree changed'),
    'finding added': l10n.t('finding added'),
    'finding removed': l10n.t('finding removed'),
  };
}

/** Why the builder takes two options for undecidable, in the language of the editor. */
function doubtWords(): Record<Doubt, string> {
  return {
    'same findings': l10n.t('same findings'),
    'nearly the same text': l10n.t('nearly the same text'),
  };
}
