import type { Progress, Steps } from '../../progress';
import type { Random } from '../../random';
import type { Candidates } from './candidates';
import { Deck } from './deck';
import { dealtKinds, strategies } from './strategies';
import type { DealtKind, Table } from './strategies';
import type { Similarity, SimilarityMaker } from './similarity';
import { TextSimilarity } from './textSimilarity';

/** What share of the questions gets distractors of each kind: `{ hard: 2, random: 1 }`. */
export type KindShares = Readonly<Partial<Record<DealtKind, number>>>;

export interface DealOptions {
  /** Random ones where not given. */
  readonly shares?: KindShares;
  /** 0 for the first questions of the volumes, 1 for their second ones … */
  readonly round?: number;
  /** Of the texts; TF-IDF where not given. */
  readonly similarity?: Similarity;
}

/** The distractors of one candidate. */
export interface Hand {
  readonly kind: DealtKind;
  /** Indices of candidates. */
  readonly others: readonly number[];
}

/** More candidates than this are not tried beside one that is hard to please. */
const mostTries = 1000;

/**
 * Deals candidates into sets of `size` in which every two may meet. In a set every candidate is the
 * true option of its own question and a distractor of the others. The questions of a set thus have
 * the same options and each another truth: in these questions **nothing about the texts alone**
 * (length, wording, how common a text is, which option the others resemble most) **can tell which is
 * true**, whatever the kind of distractors.
 *
 * Hard sets are dealt first, while there is most to choose from. What is left when no more whole
 * sets can be dealt gets distractors of its own; a candidate for which even that fails has none.
 *
 * @returns for each candidate, in order, its distractors, or undefined.
 */
export function* dealOptionSets(
  candidates: Candidates,
  size: number,
  random: Random,
  { shares = { random: 1 }, round = 0, similarity }: DealOptions = {},
): Steps<(Hand | undefined)[]> {
  const hands: (Hand | undefined)[] = Array.from({ length: candidates.count }, () => undefined);
  const deck = new Deck(candidates, size, random);
  const table: Table = {
    candidates,
    deck,
    random,
    size,
    round,
    similarity: similarity ?? (yield* similarityOf(candidates)),
  };
  let tried = 0;
  const aside: { readonly first: number; readonly kind: DealtKind }[] = [];
  for (const [kind, sets] of setsOfEach(shares, Math.floor(candidates.count / size))) {
    for (let dealt = 0; dealt < sets; dealt++) {
      const { first } = deck;
      if (first === undefined) {
        break;
      }
      yield dealingStage(++tried, candidates.count);
      const set = collect(candidates, first, strategies[kind](table, first, 'open'), size);
      if (set.length === size) {
        for (const member of set) {
          hands[member] = { kind, others: set.filter((other) => other !== member) };
          deck.take(member);
        }
      } else if (candidates.isSelective) {
        aside.push({ first, kind });
        deck.take(first);
        dealt--;
      } else {
        break; // all that are left say too much the same
      }
    }
  }
  const usual = dealtKinds.find((kind) => shares[kind]) ?? 'random';
  const rest = [...deck.rest()].map((first) => ({ first, kind: usual }));
  for (const { first, kind } of [...aside, ...rest]) {
    yield dealingStage(++tried, candidates.count);
    const set = collect(candidates, first, strategies[kind](table, first, 'all'), size);
    hands[first] = set.length === size ? { kind, others: set.slice(1) } : undefined;
  }
  return hands;
}

function dealingStage(done: number, total: number): Progress {
  return { stage: 'Choosing distractors', done, total };
}

/** How alike the candidates' texts are: by TF-IDF where nothing else compares them. */
export function similarityOf(
  candidates: Candidates,
  compare: SimilarityMaker = (texts) => TextSimilarity.of(texts),
): Steps<Similarity> {
  return compare(candidates.members.map((_, text) => candidates.textAt(text)));
}

/** How many of `total` sets each kind gets, in the order of dealing; the last one takes what rounding leaves. */
function setsOfEach(shares: KindShares, total: number): (readonly [DealtKind, number])[] {
  const wanted = dealtKinds.filter((kind) => (shares[kind] ?? 0) > 0);
  const sum = wanted.reduce((all, kind) => all + (shares[kind] ?? 0), 0);
  let upTo = 0;
  let dealt = 0;
  return wanted.map((kind, index) => {
    upTo += shares[kind] ?? 0;
    const until = index === wanted.length - 1 ? Infinity : Math.round((total * upTo) / sum);
    const sets = until - dealt;
    dealt = until;
    return [kind, sets] as const;
  });
}

/** `first` and the first of `others` that may all meet, at most `size`. */
function collect(
  candidates: Candidates,
  first: number,
  others: Iterable<number>,
  size: number,
): number[] {
  const set = [first];
  let tries = candidates.isSelective ? mostTries : Infinity;
  for (const other of others) {
    if (set.every((member) => candidates.mayMeet(member, other))) {
      set.push(other);
      if (set.length === size) {
        break;
      }
    }
    if (--tries === 0) {
      break;
    }
  }
  return set;
}
