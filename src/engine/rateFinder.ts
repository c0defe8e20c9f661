import { dirname, join } from 'node:path';
import { throwIfCancelled, UserError } from '../core/errors';
import { hasDiverged, searchedRate, suggestedRate, withPoint } from '../core/metrics/rateSearch';
import type { RatePoint, RateSearch } from '../core/metrics/rateSearch';
import { trainingStage, yieldToEvents } from '../core/progress';
import type { LongWork } from '../core/progress';
import type { TrainOptions } from '../core/run';
import { planTraining } from './trainingPlan';
import { TrainingSteps } from './trainingSteps';

/** What to search a learning rate for, and among which rates. */
export interface RateSearchOptions extends Omit<TrainOptions, 'run' | 'valid' | 'resume'> {
  readonly lowest?: number;
  readonly highest?: number;
  readonly steps?: number;
}

/**
 * Trains for some steps with a rate that rises exponentially, until the loss diverges. Writes
 * nothing but the cache of prepared volumes, where a run beside the data set would keep it.
 */
export async function findLearningRate(
  { lowest = 1e-7, highest = 1, steps = 100, ...options }: RateSearchOptions,
  work: LongWork,
): Promise<RateSearch> {
  const run = join(dirname(options.dataset), '.ct-mcqa', 'runs', '.find-lr');
  const plan = await planTraining({ ...options, run }, work);
  const training = await TrainingSteps.prepare(plan, work);
  try {
    let points: RatePoint[] = [];
    for (let epoch = 1; points.length < steps; epoch++) {
      const epochSteps = training.epoch(epoch);
      training.loadAhead(epoch, 0);
      for (const index of epochSteps.keys()) {
        throwIfCancelled(work.signal);
        const rate = searchedRate(points.length, steps, lowest, highest);
        const questions = training.together(epochSteps, index, 1);
        const loss = await training
          .take(questions, points.length + 1, [rate])
          .then(([step]) => step.loss, asDivergence);
        const next = withPoint(points, rate, loss);
        if (hasDiverged(next)) {
          return result(points, true);
        }
        points = next;
        work.onProgress?.({ stage: trainingStage, done: points.length, total: steps });
        await yieldToEvents();
        if (points.length >= steps) {
          break;
        }
      }
    }
    return result(points, false);
  } finally {
    await training.dispose();
  }
}

/** Gradients that overflow half precision at every scale are as good as a loss that is no number. */
function asDivergence(error: unknown): number {
  if (error instanceof UserError && error.code === 'gradients-overflow') {
    return NaN;
  }
  throw error;
}

function result(points: readonly RatePoint[], diverged: boolean): RateSearch {
  const suggested = suggestedRate(points);
  return { points, ...(suggested !== undefined && { suggested }), diverged };
}
