import { l10n } from 'vscode';
import type { RunStrings } from '../../../protocol/run';

/** The run page's words in the language of the editor. */
export function runStrings(): RunStrings {
  return {
    loss: l10n.t('Loss'),
    accuracy: l10n.t('Accuracy'),
    step: l10n.t('Step'),
    epoch: l10n.t('Epoch'),
    throughput: l10n.t('Throughput'),
    questionsPerSecond: l10n.t('{0} questions/s'),
    timeLeft: l10n.t('Time left'),
    learningRate: l10n.t('Learning rate'),
    preset: l10n.t('Preset'),
    dataset: l10n.t('Questions'),
    validSet: l10n.t('Validation questions'),
    device: l10n.t('Device'),
    folder: l10n.t('Run folder'),
    seed: l10n.t('Seed'),
    questions: l10n.t('{0} questions'),
    model: l10n.t('Model'),
    started: l10n.t('Started'),
    cancel: l10n.t('Cancel Training'),
    cancelling: l10n.t('Cancelling…'),
    openFolder: l10n.t('Show in Explorer'),
    training: l10n.t('training'),
    validation: l10n.t('validation'),
    waiting: l10n.t('Waiting for the first step'),
    noSteps: l10n.t('No step was logged'),
    skipped: l10n.t(
      '{0} steps were left out because their loss or gradients were no numbers; the last was step {1}, with question {2}.',
    ),
    skippedOne: l10n.t(
      'Step {1} was left out because its loss or gradients were no numbers; it had question {2}.',
    ),
    states: {
      training: l10n.t('Training'),
      cancelled: l10n.t('Cancelled'),
      failed: l10n.t('Failed'),
      finished: l10n.t('Finished'),
    },
    part: l10n.t('Part'),
    table: l10n.t('Logged steps as a table'),
    failedToLoad: l10n.t('This run cannot be shown'),
    retry: l10n.t('Try Again'),
  };
}
