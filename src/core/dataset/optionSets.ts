import type { Random } from '../random';

/** What the dealer must know of a scan's report: whose it is, and what it says. */
export interface Candidate {
  readonly patient: string;
  /** Equal for texts that are equal after normalisation. */
  readonly textKey: string;
}

/**
 * Deals candidates into sets of `size` in which no patient and no text stands twice. In a set every
 * candidate is the true option of its own question and a distractor of the others, so each text is
 * true exactly as often as chance has it, and nothing about a text alone (its length, its wording,
 * how common it is) tells whether it is the true one.
 *
 * What is left when no more whole sets can be dealt gets distractors drawn at random; a candidate
 * for which even that fails has none.
 *
 * @returns for each candidate, in order, the indices of its distractors, or undefined.
 */
export function dealOptionSets(
  candidates: readonly Candidate[],
  size: number,
  random: Random,
): (readonly number[] | undefined)[] {
  const distractors: (readonly number[] | undefined)[] = candidates.map(() => undefined);
  const order = random.shuffled(candidates.map((_, index) => index));
  const dealt = new Uint8Array(candidates.length);
  for (let first = 0; first < order.length; first++) {
    if (dealt[order[first]]) {
      continue;
    }
    const waiting = undealt(order, dealt, first);
    const set = collectDistinct(candidates, waiting, size);
    if (set.length === size) {
      for (const member of set) {
        distractors[member] = set.filter((other) => other !== member);
        dealt[member] = 1;
      }
    } else {
      distractors[order[first]] = drawDistractors(candidates, order[first], size - 1, random);
      dealt[order[first]] = 1;
    }
  }
  return distractors;
}

function* undealt(order: readonly number[], dealt: Uint8Array, from: number): Generator<number> {
  for (let place = from; place < order.length; place++) {
    if (!dealt[order[place]]) {
      yield order[place];
    }
  }
}

/** The first `size` candidates of `indices` that differ in patient and text. */
function collectDistinct(
  candidates: readonly Candidate[],
  indices: Iterable<number>,
  size: number,
): number[] {
  const set: number[] = [];
  for (const index of indices) {
    if (set.every((member) => differ(candidates[member], candidates[index]))) {
      set.push(index);
      if (set.length === size) {
        break;
      }
    }
  }
  return set;
}

/** Distractors for one candidate from all others, or undefined where there are not enough. */
function drawDistractors(
  candidates: readonly Candidate[],
  index: number,
  count: number,
  random: Random,
): readonly number[] | undefined {
  // Nearly always a few throws are enough; only where they are not is everything looked through.
  const throws = Array.from({ length: 16 * (count + 1) }, () => random.index(candidates.length));
  let set = collectDistinct(candidates, [index, ...throws], count + 1);
  if (set.length <= count) {
    const all = random.shuffled(candidates.map((_, each) => each));
    set = collectDistinct(candidates, [index, ...all], count + 1);
  }
  return set.length > count ? set.slice(1) : undefined;
}

function differ(a: Candidate, b: Candidate): boolean {
  return a.patient !== b.patient && a.textKey !== b.textKey;
}
