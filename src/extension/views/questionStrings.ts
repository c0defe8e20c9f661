import { l10n } from 'vscode';
import type { Doubt, EditName } from '../../core/dataset/distractors';
import type { OptionStrings, OutcomeStrings, ScanStrings } from '../../protocol/questionCard';
import { kindWords, sexWords } from './valueWords';

/** Words for the options of a question in the language of the editor. */
export function optionStrings(): OptionStrings {
  return {
    trueOption: l10n.t('true'),
    chosenOption: l10n.t("model's choice"),
    probability: l10n.t('Probability {0}'),
    source: l10n.t('Text of {0}'),
    textMissing: l10n.t('The reports table has no such report.'),
    similarity: l10n.t('{0} of the words as in the true option'),
    onlyHere: l10n.t('Not in the true option'),
    onlyInTrue: l10n.t('Only in the true option'),
    kinds: kindWords(),
    recordedSimilarity: l10n.t('Similarity {0}'),
    edits: l10n.t('Made from the true report: {0}'),
    undecidable: l10n.t('Nobody could tell it from the true option: {0}'),
    builderWords: { ...editWords(), ...doubtWords() },
  };
}

/** Words for how a run answered a question in the language of the editor. */
export function outcomeStrings(): OutcomeStrings {
  return {
    outcomes: {
      correct: l10n.t('Answered right'),
      wrong: l10n.t('Answered wrong'),
      stale: l10n.t('Changed since it was answered'),
      open: l10n.t('Answered; which option is true is not known'),
    },
    run: l10n.t('Run {0}'),
    unanswered: l10n.t('No run has answered this question'),
  };
}

/** Words for patient and scan in the language of the editor. */
export function scanStrings(): ScanStrings {
  return {
    age: l10n.t('Age'),
    sex: l10n.t('Sex'),
    sexes: sexWords(),
    manufacturer: l10n.t('Scanner'),
    kernel: l10n.t('Kernel'),
    spacing: l10n.t('Spacing'),
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
