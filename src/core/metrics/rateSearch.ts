/*
 * The learning-rate range test (Smith, Cyclical Learning Rates, 2017, section 3.3): the rate rises
 * exponentially from step to step, and the loss tells from where on it is too large.
 */

/** One step of the search. */
export interface RatePoint {
  readonly learningRate: number;
  readonly loss: number;
  /** Mean of the losses so far, the newest counting most. */
  readonly smoothedLoss: number;
}

/** The JSON of `ct-mcqa find-lr`. */
export interface RateSearch {
  readonly points: readonly RatePoint[];
  /** Absent where the loss fell nowhere. */
  readonly suggested?: number;
  /** True where the loss grew beyond bounds before the last rate. */
  readonly diverged: boolean;
}

/** What stays of the mean of the losses at each step. */
const smoothing = 0.9;
/** A smoothed loss of so many times the lowest one has diverged. */
const divergence = 4;
/** The first steps have seen too few batches to tell a slope. */
const uncertainPoints = 5;

/** A fall by less than this share is chance. */
const leastFall = 0.01;

/** The rate of step `step` of `steps`, from 0 on: exponential from `lowest` to `highest`. */
export function searchedRate(step: number, steps: number, lowest: number, highest: number): number {
  return lowest * (highest / lowest) ** (step / Math.max(1, steps - 1));
}

/** The points with one more; the mean is corrected for its start at 0, as Adam's moments are. */
export function withPoint(
  points: readonly RatePoint[],
  learningRate: number,
  loss: number,
): RatePoint[] {
  const before = points.reduce((mean, point) => smoothing * mean + (1 - smoothing) * point.loss, 0);
  const mean = smoothing * before + (1 - smoothing) * loss;
  const smoothedLoss = mean / (1 - smoothing ** (points.length + 1));
  return [...points, { learningRate, loss, smoothedLoss }];
}

/** Whether the loss has grown beyond bounds, or is no number. */
export function hasDiverged(points: readonly RatePoint[]): boolean {
  const last = points.at(-1);
  const lowest = Math.min(...points.map(({ smoothedLoss }) => smoothedLoss));
  return last !== undefined && !(last.smoothedLoss <= divergence * lowest);
}

/**
 * The rate at which the smoothed loss falls steepest over the logarithm of the rate, before its
 * lowest point; undefined where it falls nowhere.
 */
export function suggestedRate(points: readonly RatePoint[]): number | undefined {
  const finite = points.filter(({ smoothedLoss }) => Number.isFinite(smoothedLoss));
  const losses = finite.map(({ smoothedLoss }) => smoothedLoss);
  const lowest = losses.indexOf(Math.min(...losses));
  if (!(losses[lowest] < (1 - leastFall) * losses[0])) {
    return undefined;
  }
  let steepest = 0;
  let suggested: number | undefined;
  for (let i = uncertainPoints; i <= lowest; i++) {
    // The rates are evenly spaced on the logarithm, hence differences are slopes.
    const slope = losses[i] - losses[i - 1];
    if (slope < steepest) {
      steepest = slope;
      suggested = finite[i].learningRate;
    }
  }
  return suggested;
}
