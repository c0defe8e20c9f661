import * as vscode from 'vscode';
import { CancelledError, UserError, messageOf } from '../core/errors';
import { localisedError } from './localised';

/** Whether `thrown` only says that the user stopped the work. */
export function isCancellation(thrown: unknown): boolean {
  return thrown instanceof CancelledError || thrown instanceof vscode.CancellationError;
}

/** One line for people: what happened, and what to do where that is known. */
function describeFailure(failure: unknown): string {
  const thrown = localisedError(failure);
  return thrown instanceof UserError
    ? `${thrown.message} ${thrown.remedy}`
    : vscode.l10n.t('Unexpected error: {0}', messageOf(thrown));
}

/** An error notification with the log one click away. */
export function showErrorWithLog(log: vscode.LogOutputChannel, message: string): void {
  const showLog = vscode.l10n.t('Show Log');
  void vscode.window.showErrorMessage(message, showLog).then((choice) => {
    if (choice === showLog) {
      log.show();
    }
  });
}

/**
 * Tells the user that something failed. A {@link UserError} is told as it is; anything else is a
 * bug, and its stack goes to the log. Cancellation is no failure, and the end of a worker has been
 * told by the worker pool.
 */
export function showFailure(log: vscode.LogOutputChannel, thrown: unknown): void {
  if (isCancellation(thrown)) {
    return;
  }
  log.error(thrown instanceof Error ? thrown : String(thrown));
  if (thrown instanceof UserError && thrown.cause !== undefined) {
    log.error(`cause: ${messageOf(thrown.cause)}`);
  }
  if (!(thrown instanceof UserError && thrown.code === 'worker-ended')) {
    showErrorWithLog(log, describeFailure(thrown));
  }
}
