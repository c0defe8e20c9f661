import { UserError } from '../core/errors';
import type { RunDescription } from '../core/run';
import type { RunFolder } from '../core/runs/runFolder';
import { isTrainedElsewhere } from '../core/runs/runProcess';

/* Why a training cannot begin. */

/** @throws UserError `run-busy` where another process trains the run */
export function refuseBusy(folder: RunFolder, run: RunDescription | undefined): void {
  if (run?.state === 'training' && isTrainedElsewhere(run.process)) {
    throw new UserError(
      'run-busy',
      `The run ${folder.name} is being trained by process ${run.process.pid}.`,
      'Wait for it, end it, or choose another run folder.',
    );
  }
}

export function runFinished({ name }: RunFolder, epoch: number, epochs: number): UserError {
  return new UserError(
    'run-finished',
    epoch >= epochs
      ? `The run ${name} has been trained for all of its ${epochs} epochs.`
      : `The run ${name} ended after ${epoch} epochs: its validation had not become better for long.`,
    'Give a higher number of epochs, or of validations to wait (patience), to train it further.',
  );
}

export function nothingToMine(dataset: string): UserError {
  return new UserError(
    'nothing-to-mine',
    `${dataset} has yes/no questions only, whose options belong together: nothing can be mined for them.`,
    'Leave the hard negatives out, or train on questions about reports too.',
  );
}

export function patienceWithoutValidation(): UserError {
  return new UserError(
    'patience-without-validation',
    'Training is to stop when the validation becomes no better, but there are no validation questions.',
    'Give validation questions (--valid), or leave the patience out.',
  );
}

export function nothingToResume(folder: RunFolder): UserError {
  return new UserError(
    'run-without-checkpoint',
    `There is no training to resume in ${folder.path}.`,
    'Train without resuming.',
  );
}

export function runExists(folder: RunFolder): UserError {
  return new UserError(
    'run-exists',
    `${folder.path} already holds a trained run.`,
    'Choose another run folder, resume this run (--resume), or delete the folder.',
  );
}
