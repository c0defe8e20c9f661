import { messageOf, UserError } from '../core/errors';
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

/**
 * The error for a step that did not fit in the memory of its device, with the largest batch, found
 * by halving, of which `runs` says that a step runs.
 */
export async function batchTooLarge(
  { batch, provider }: Pick<RunnerOptions, 'batch' | 'provider'>,
  optionCount: number,
  cause: unknown,
  runs: (batch: number) => Promise<boolean>,
): Promise<UserError> {
  let fitting = Math.floor(batch / 2);
  while (fitting > 0 && !(await runs(fitting))) {
    fitting = Math.floor(fitting / 2);
  }
  return new UserError(
    'out-of-memory',
    `A training step of ${batch} questions of ${optionCount} options does not fit in the memory of ${provider}.`,
    fitting > 0
      ? `Train with a batch of ${fitting} (--batch ${fitting}), which fits; --accumulate ${Math.ceil(batch / fitting)} keeps the gradients those of ${batch} questions.`
      : 'Choose a preset with a smaller volume or network, or another device.',
    cause,
  );
}

/** Whether a step with nothing in its arrays runs; errors other than of memory are thrown. */
export async function stepRuns(
  options: RunnerOptions,
  initial: StateSnapshot,
  optionCount: number,
): Promise<boolean> {
  let runner: TrainingRunner | undefined;
  try {
    runner = await TrainingRunner.create(options, initial);
    await runner.arrays(optionCount);
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
