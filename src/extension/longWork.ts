import * as vscode from 'vscode';
import type { LongWork, Progress } from '../core/progress';

/** The signal that aborts when `token` is cancelled. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  } else {
    token.onCancellationRequested(() => {
      controller.abort();
    });
  }
  return controller.signal;
}

/** Runs `action` under a notification with progress and a Cancel button. */
export function withProgress<T>(title: string, action: (work: LongWork) => Promise<T>): Promise<T> {
  return Promise.resolve(
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (bar, token) => action({ onProgress: barReporter(bar), signal: signalOf(token) }),
    ),
  );
}

/** Turns absolute progress into the increments that VS Code's bar takes. */
function barReporter(
  bar: vscode.Progress<{ message?: string; increment?: number }>,
): (progress: Progress) => void {
  let shownPercent = 0;
  return (progress) => {
    // The bar cannot go back: the stages of one job share it, a later one fills what is left.
    const percent = progress.total ? Math.min(100, (100 * progress.done) / progress.total) : 0;
    const increment = Math.max(0, percent - shownPercent);
    shownPercent += increment;
    bar.report({ message: progressLine(progress), increment });
  };
}

/** What is being done, in the user's language. */
export function stageName(stage: string): string {
  return vscode.l10n.t(stage);
}

/** "Reading volumes 3/12 — loss 0.71". */
export function progressLine({ stage, done, total, detail }: Progress): string {
  const count = total === undefined ? '' : ` ${done}/${total}`;
  return `${stageName(stage)}${count}${detail === undefined ? '' : ` — ${detail}`}`;
}
