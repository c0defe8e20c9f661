import type { Random } from '../../random';
import type { Candidates } from './candidates';
import type { Deck } from './deck';
import type { Similarity } from './similarity';

/** How distractors are chosen among the reports of others. */
export const dealtKinds = ['hard', 'easy', 'random'] as const;
export type DealtKind = (typeof dealtKinds)[number];

/** What a strategy chooses with. */
export interface Table {
  readonly candidates: Candidates;
  readonly deck: Deck;
  readonly random: Random;
  readonly similarity: Similarity;
  /** Options of a question. */
  readonly size: number;
  /** 0 for the first questions of the volumes, 1 for their second ones … */
  readonly round: number;
}

/** In which order candidates are tried beside `first`: those not dealt yet, or all of them. */
export type Companions = (table: Table, first: number, which: 'open' | 'all') => Iterable<number>;

/** Each kind of distractor. */
export const strategies: Readonly<Record<DealtKind, Companions>> = {
  /** The most alike first, then whoever comes. */
  hard: function* (table, first, which) {
    const { candidates, deck, similarity, size, round } = table;
    const text = candidates.textOf[first];
    const isThere = (other: number): boolean => which === 'all' || deck.hasOpen(other);
    // In later rounds those after them, so that no question is asked twice.
    const used = round * (size - 1);
    const nearest = similarity.nearest(text, used + triesAnOption * size, isThere);
    for (const other of nearest.slice(used)) {
      yield* which === 'all' ? candidates.members[other] : deck.openOf(other);
    }
    yield* strategies.random(table, first, which);
  },
  /** The least alike of some. */
  easy: function* (table, first, which) {
    const { candidates, deck, similarity, random, size } = table;
    const text = candidates.textOf[first];
    const some = Array.from({ length: triesAnOption * size }, () =>
      which === 'all' ? random.index(candidates.count) : deck.anyOpen(random),
    );
    const likeness = new Map(
      some.map((each) => [each, similarity.between(text, candidates.textOf[each])]),
    );
    yield* [...likeness].sort(([a, x], [b, y]) => x - y || a - b).map(([each]) => each);
    yield* strategies.random(table, first, which);
  },
  random: function* ({ candidates, deck, random, size }, _first, which) {
    if (which === 'open') {
      yield* deck.inTurn();
      return;
    }
    // Nearly always a few throws are enough; only where few texts are left every text is tried.
    for (let tries = triesAnOption * size; tries > 0; tries--) {
      yield random.index(candidates.count);
    }
    yield* oneOfEach(candidates.members, random);
  },
};

const triesAnOption = 16;

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
