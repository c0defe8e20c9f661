import type { TrainingDefaults } from '../core/preset';

/** A warm-up takes at most this share of a run, so that short runs reach the peak at all. */
const longestWarmup = 0.25;

/**
 * The learning rate of optimiser step `step` (1 .. steps): linear warm-up to the peak, then constant
 * or half a cosine towards 0 (Loshchilov & Hutter, SGDR, 2017, without restarts).
 */
export function learningRateAt(
  step: number,
  steps: number,
  training: Pick<TrainingDefaults, 'learningRate' | 'warmupSteps' | 'schedule'>,
): number {
  const { learningRate: peak, schedule } = training;
  const warmup = Math.min(training.warmupSteps, Math.floor(steps * longestWarmup));
  if (step <= warmup) {
    return (peak * step) / warmup;
  }
  if (schedule === 'constant') {
    return peak;
  }
  const progress = (step - 1 - warmup) / (steps - warmup);
  return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
}
