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
  const texts = membersByText(candidates);
  const deck = new Deck(candidates, texts, size, random);
  for (;;) {
    const set = collectDistinct(candidates, deck.inTurn(), size);
    if (set.length < size) {
      break;
    }
    for (const member of set) {
      distractors[member] = set.filter((other) => other !== member);
      deck.take(member);
    }
  }
  for (const index of deck.rest()) {
    distractors[index] = drawDistractors(candidates, texts, index, size - 1, random);
  }
  return distractors;
}

function membersByText(candidates: readonly Candidate[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  candidates.forEach(({ textKey }, index) => {
    const members = groups.get(textKey);
    if (members === undefined) {
      groups.set(textKey, [index]);
    } else {
      members.push(index);
    }
  });
  return [...groups.values()];
}

/** Candidates in shuffled order, each taken once. */
class Deck {
  private readonly order: readonly number[];
  private readonly taken: Uint8Array;
  private start = 0;
  private left: number;
  /**
   * Candidates of the texts so common that they may have to be in every set, or some would be left
   * in the end with nothing to stand beside.
   */
  private readonly common: readonly Set<number>[];

  constructor(
    candidates: readonly Candidate[],
    texts: readonly (readonly number[])[],
    private readonly size: number,
    random: Random,
  ) {
    this.order = random.shuffled(candidates.map((_, index) => index));
    this.taken = new Uint8Array(candidates.length);
    this.left = candidates.length;
    this.common = texts
      .filter((members) => members.length > 1 && 2 * size * members.length >= this.left)
      .map((members) => new Set(random.shuffled(members)));
  }

  /** Those that are not taken: first one of each text that cannot wait, then the others in order. */
  *inTurn(): Generator<number> {
    for (const members of this.common) {
      const [first] = members;
      if (members.size > 0 && members.size * this.size >= this.left) {
        yield first;
      }
    }
    yield* this.rest();
  }

  /** Those that are not taken, in order. */
  *rest(): Generator<number> {
    while (this.start < this.order.length && this.taken[this.order[this.start]]) {
      this.start++;
    }
    for (let place = this.start; place < this.order.length; place++) {
      if (!this.taken[this.order[place]]) {
        yield this.order[place];
      }
    }
  }

  take(index: number): void {
    this.taken[index] = 1;
    this.left--;
    for (const members of this.common) {
      members.delete(index);
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
  texts: readonly (readonly number[])[],
  index: number,
  count: number,
  random: Random,
): readonly number[] | undefined {
  // Nearly always a few throws are enough; only where few texts are left every text is tried.
  const throws = Array.from({ length: 16 * (count + 1) }, () => random.index(candidates.length));
  let set = collectDistinct(candidates, [index, ...throws], count + 1);
  if (set.length <= count) {
    set = collectDistinct(candidates, [index, ...oneOfEach(texts, random)], count + 1);
  }
  return set.length > count ? set.slice(1) : undefined;
}

/** Every text in random order, with a few of the candidates it stands for (patients may clash). */
function oneOfEach(texts: readonly (readonly number[])[], random: Random): number[] {
  const triesAText = 8;
  return random
    .shuffled(texts)
    .flatMap((members) =>
      members.length <= triesAText
        ? random.shuffled(members)
        : Array.from({ length: triesAText }, () => random.pick(members)),
    );
}

function differ(a: Candidate, b: Candidate): boolean {
  return a.patient !== b.patient && a.textKey !== b.textKey;
}
