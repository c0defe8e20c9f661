import type { Random } from '../../random';
import type { Candidates } from './candidates';

/** Candidates in shuffled order, each taken once. */
export class Deck {
  private readonly order: readonly number[];
  private readonly taken: Uint8Array;
  private start = 0;
  private left: number;
  /** How many of each text are not taken. */
  private readonly open: Int32Array;
  /**
   * Candidates of the texts so common that they may have to be in every set, or some would be left
   * in the end with nothing to stand beside.
   */
  private readonly common: readonly Set<number>[];

  constructor(
    private readonly candidates: Candidates,
    private readonly size: number,
    random: Random,
  ) {
    const { count, members } = candidates;
    this.order = random.shuffled(Array.from({ length: count }, (_, index) => index));
    this.taken = new Uint8Array(count);
    this.left = count;
    this.open = Int32Array.from(members, ({ length }) => length);
    this.common = members
      .filter((each) => each.length > 1 && 2 * size * each.length >= count)
      .map((each) => new Set(random.shuffled(each)));
  }

  /** The candidate that the next set is dealt around. */
  get first(): number | undefined {
    for (const candidate of this.inTurn()) {
      return candidate;
    }
    return undefined;
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

  /** True where a candidate of the text is not taken. */
  hasOpen(text: number): boolean {
    return this.open[text] > 0;
  }

  /** The candidates of a text that are not taken. */
  *openOf(text: number): Generator<number> {
    for (const member of this.candidates.members[text]) {
      if (!this.taken[member]) {
        yield member;
      }
    }
  }

  /** One that is not taken, at random as long as there are many. */
  anyOpen(random: Random): number {
    for (let tries = 8; tries > 0; tries--) {
      const member = this.order[this.start + random.index(this.order.length - this.start)];
      if (!this.taken[member]) {
        return member;
      }
    }
    return this.first ?? this.order[0];
  }

  take(index: number): void {
    this.taken[index] = 1;
    this.left--;
    this.open[this.candidates.textOf[index]]--;
    for (const members of this.common) {
      members.delete(index);
    }
  }
}
