import type { TrainingDefaults } from '../core/preset';

/** A warm-up takes at most this share of a run, so that short runs reach the peak at all. */
const longestWarmup = 0.25;

/** Share of the peak rate by schedule, for a progress from 0 (the end of the warm-up) to below 1. */
const shapes: Readonly<Record<TrainingDefaults['schedule'], (progress: number) => number>> = {
  constant: () => 1,
  // Loshchilov and Hutter, SGDR, 2017, without restarts.
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
  linear: (progress) => 1 - progress,
};

/**
 * The learning rate of optimiser step `step` (1 .. steps). It rises over w warm-up steps as
 * step / (w + 1), so that no step is wasted on a rate of 0, and reaches the peak in step w + 1; the
 * last step is the last one above 0.
 */
export function learningRateAt(
  step: number,
  steps: number,
  training: Pick<TrainingDefaults, 'learningRate' | 'warmupSteps' | 'schedule'>,
): number {
  const { learningRate: peak, schedule } = training;
  const warmup = warmupIn(steps, training);
  if (step <= warmup) {
    return (peak * step) / (warmup + 1);
  }
  return peak * shapes[schedule]((step - 1 - warmup) / (steps - warmup));
}

/** Steps over which the rate rises in a run of `steps`. */
export function warmupIn(
  steps: number,
  { warmupSteps }: Pick<TrainingDefaults, 'warmupSteps'>,
): number {
  return Math.min(warmupSteps, Math.floor(steps * longestWarmup));
}
