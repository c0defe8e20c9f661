import { messageOf, UserError } from '../core/errors';
import { heedCancellation } from '../core/progress';
import type { LongWork } from '../core/progress';
import type { StateSnapshot } from './deviceState';
import { NotEnoughMemoryError } from './memory';
import { TrainingRunner } from './trainingRunner';
import type { RunnerOptions } from './trainingRunner';

/** What onnxruntime and the drivers of its devices say when memory runs out. */
const outOfMemory =
  /out of (device |host )?memory|failed to allocate|bad[_ ]alloc|allocation failed|exceeds the (max|remaining)|not enough memory/i;

export function isOutOfMemory(error: unknown): boolean {
  return error instanceof NotEnoughMemoryError || outOfMemory.test(messageOf(error));
}

/** What to do where the batch that fits was not found out: the search was cancelled, or failed. */
const smallerBatch = 'Train with a smaller batch (--batch).';

/**
 * The error for a step that did not fit in the memory of its device, with the largest batch, found
 * by halving, of which `runs` says that a step runs. Never throws: where the search is cancelled or
 * fails, the error says no number.
 */
export async function batchTooLarge(
  { batch, provider }: Pick<RunnerOptions, 'batch' | 'provider'>,
  optionCount: number,
  cause: unknown,
  runs: (batch: number) => Promise<boolean>,
  work: LongWork,
): Promise<UserError> {
  const remedy = await largestFitting(batch, runs, work).then(
    (fitting) =>
      fitting > 0
        ? `Train with a batch of ${fitting} (--batch ${fitting}), which fits; --accumulate ${Math.ceil(batch / fitting)} keeps the gradients those of ${batch} questions.`
        : 'Choose a preset with a smaller volume or network, or another device.',
    () => smallerBatch,
  );
  return new UserError(
    'out-of-memory',
    `A training step of ${batch} questions of ${optionCount} options does not fit in the memory of ${provider}.`,
    remedy,
    cause,
  );
}

/** The largest half, quarter, ... of `batch` that runs; 0 where none does. @throws CancelledError */
async function largestFitting(
  batch: number,
  runs: (batch: number) => Promise<boolean>,
  { onProgress, signal }: LongWork,
): Promise<number> {
  const total = Math.floor(Math.log2(batch));
  let fitting = Math.floor(batch / 2);
  for (let done = 0; fitting > 0; done++) {
    onProgress?.({ stage: 'Finding a batch that fits', done, total, detail: `${fitting}` });
    await heedCancellation(signal);
    if (await runs(fitting)) {
      break;
    }
    fitting = Math.floor(fitting / 2);
  }
  return fitting;
}

/**
 * Whether a step with nothing in its arrays runs. @throws CancelledError, heeded before it is
 * compiled and before it runs; errors other than of memory
 */
export async function stepRuns(
  options: RunnerOptions,
  initial: StateSnapshot,
  optionCount: number,
  signal?: AbortSignal,
): Promise<boolean> {
  let runner: TrainingRunner | undefined;
  try {
    runner = await TrainingRunner.create(options, initial);
    await heedCancellation(signal);
    await runner.arrays(optionCount);
    await heedCancellation(signal);
    await runner.step(optionCount, 1, 0);
    return true;
  } catch (error) {
    if (isOutOfMemory(error)) {
      return false;
    }
    throw error;
  } finally {
    await runner?.dispose();
  }
}
