import { CancelledError, throwIfCancelled } from './errors';

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

/** Long synchronous work, which can be broken off wherever it yields how far it is. */
export type Steps<T> = Generator<Progress, T, void>;

/** Time between two looks at the cancellation, ms. */
const lookInterval = 50;

/** Takes the steps, and lets events in between them. @throws CancelledError */
export async function takeSteps<T>(steps: Steps<T>, work: LongWork): Promise<T> {
  let paused = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      return step.value;
    }
    if (performance.now() - paused > lookInterval) {
      work.onProgress?.(step.value);
      await heedCancellation(work.signal);
      paused = performance.now();
    }
  }
}

/**
 * The answer, or CancelledError as soon as the signal aborts, for who waits for work that goes on for
 * others. Rejects as `answer` does.
 */
export async function unlessCancelled<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  throwIfCancelled(signal);
  let leave = (): void => undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      reject(new CancelledError());
    };
  });
  signal?.addEventListener('abort', leave);
  try {
    return await Promise.race([answer, left]);
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

/** Lets timers and messages run, so that a cancellation can arrive during long synchronous work. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
