import { Random } from '../core/random';

/**
 * The batches of an epoch, each a list of `batch` question indices. The order depends on the seed
 * and the epoch alone, so that a run can go on in the middle of an epoch without stored state.
 *
 * A training step is compiled for one number of options, hence a batch holds questions of equally
 * many. What is left of each kind is filled up from the front of the epoch's order, so that every
 * question is seen in every epoch and every batch is full.
 *
 * @param optionCounts number of options by question index
 */
export function epochBatches(
  optionCounts: readonly number[],
  batch: number,
  seed: number,
  epoch: number,
): number[][] {
  const random = Random.fromSeed(seed, 'question order', epoch);
  const groups = new Map<number, number[]>();
  optionCounts.forEach((count, question) => {
    const group = groups.get(count);
    if (group) {
      group.push(question);
    } else {
      groups.set(count, [question]);
    }
  });
  const batches: number[][] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) {
    const order = random.shuffled(group);
    for (let start = 0; start < order.length; start += batch) {
      batches.push(Array.from({ length: batch }, (_, i) => order[(start + i) % order.length]));
    }
  }
  return random.shuffled(batches);
}
