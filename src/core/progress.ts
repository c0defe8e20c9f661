import { throwIfCancelled } from './errors';

/** One report of long work: `done` of `total` units of the stage named. */
export interface Progress {
  /** What is being done, in the user's words: "Reading volumes". */
  readonly stage: string;
  readonly done: number;
  /** Absent where the amount of work is not known beforehand. */
  readonly total?: number;
  /** What to show beside the bar, such as the loss of the last step. */
  readonly detail?: string;
}

/** The stage that the steps of a training are reported under: a cancellation waits for the step's end. */
export const trainingStage = 'Training';

/** The stage that a cancelled training reports while it saves what it learnt. */
export const savingStage = 'Saving the checkpoint';

/** What every long operation takes: a way to tell how far it is, and a way to stop it. */
export interface LongWork {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Lets a cancellation arrive and heeds it: the message that brings one from another process takes
 * two turns of the event loop. @throws CancelledError
 */
export async function heedCancellation(signal: AbortSignal | undefined): Promise<void> {
  await yieldToEvents();
  await yieldToEvents();
  throwIfCancelled(signal);
}

/** Lets timers and messages run, so that a cancellation can arrive during long synchronous work. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
