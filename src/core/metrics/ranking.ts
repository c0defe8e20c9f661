import { Random } from '../random';

/**
 * The share of the ways to order tied options in which the true one is among the first `k`.
 * Without ties that is 1 or 0; a model that gives every option the same logit gets exactly chance,
 * whatever the order the options stand in.
 */
export function recallCredit(logits: readonly number[], truth: number, k: number): number {
  const { higher, tied } = rankOf(logits, truth);
  return Math.min(1, Math.max(0, (k - higher) / tied));
}

/** Reciprocal rank of the true option, averaged over the ways to order ties. */
export function reciprocalRank(logits: readonly number[], truth: number): number {
  const { higher, tied } = rankOf(logits, truth);
  let sum = 0;
  for (let place = 1; place <= tied; place++) {
    sum += 1 / (higher + place);
  }
  return sum / tied;
}

/** How many options stand above the true one, and how many share its logit (itself counted). */
function rankOf(logits: readonly number[], truth: number): { higher: number; tied: number } {
  const own = logits[truth];
  let higher = 0;
  let tied = 0;
  for (const logit of logits) {
    if (logit > own || Number.isNaN(own)) {
      higher++;
    } else if (logit === own) {
      tied++;
    }
  }
  return Number.isNaN(own) ? { higher: logits.length, tied: 1 } : { higher, tied };
}

/** Index of the highest logit, the first of ties. */
export function predictedOption(logits: readonly number[]): number {
  let best = 0;
  for (let option = 1; option < logits.length; option++) {
    if (logits[option] > logits[best]) {
      best = option;
    }
  }
  return best;
}

/** Softmax, safe for large logits. */
export function softmax(logits: readonly number[]): number[] {
  // Not spread into Math.max: a table may hold more texts than a call takes arguments.
  const highest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - highest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((value) => value / sum);
}

export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/**
 * 95 % percentile bootstrap interval of the mean of `values`, resampling whole clusters: questions
 * about one patient are not independent, so patients are drawn, not questions.
 * (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; Davison & Hinkley 1997, 3.8.)
 *
 * Where every cluster has the same mean, resampling sees no variance and the bootstrap interval
 * would be a point; Wilson's score interval with the clusters as sample size stands in.
 *
 * @param clusters one key per value, such as the patient.
 */
export function clusteredInterval(
  values: readonly number[],
  clusters: readonly string[],
  random: Random = Random.fromSeed(0, 'bootstrap'),
  resamples = 2000,
): [number, number] {
  const sums = new Map<string, { sum: number; count: number }>();
  values.forEach((value, i) => {
    const cluster = sums.get(clusters[i]) ?? { sum: 0, count: 0 };
    cluster.sum += value;
    cluster.count++;
    sums.set(clusters[i], cluster);
  });
  const groups = [...sums.values()];
  const firstMean = groups.length === 0 ? NaN : groups[0].sum / groups[0].count;
  if (groups.every(({ sum, count }) => sum / count === firstMean)) {
    return wilsonInterval(firstMean, groups.length);
  }
  const means: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0;
    let count = 0;
    for (const group of groups.map(() => random.pick(groups))) {
      sum += group.sum;
      count += group.count;
    }
    means.push(sum / count);
  }
  means.sort((a, b) => a - b);
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

/** Wilson's 95 % score interval of a proportion (E. B. Wilson, JASA 22, 1927). */
export function wilsonInterval(proportion: number, trials: number): [number, number] {
  if (trials === 0) {
    return [0, 1];
  }
  const z = 1.959963984540054;
  const shrink = 1 + (z * z) / trials;
  const centre = (proportion + (z * z) / (2 * trials)) / shrink;
  const half =
    (z / shrink) *
    Math.sqrt((proportion * (1 - proportion)) / trials + (z * z) / (4 * trials * trials));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Linear interpolation between order statistics, numpy's default. */
function quantile(sorted: readonly number[], q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}
