/** A stretch of words that both texts have, that only `text` has, or that only `reference` has. */
export interface DifferencePart {
  readonly kind: 'same' | 'added' | 'missing';
  /** With the white space that follows it; of a `same` part as `text` writes it. */
  readonly text: string;
}

export interface WordDifference {
  /** In the order of `text`; `same` and `added` together are `text`, to the character. */
  readonly parts: readonly DifferencePart[];
  /** Words in common over the mean number of words (Dice's coefficient), 0 to 1. */
  readonly similarity: number;
}

interface Word {
  /** The word and the white space that follows it. */
  readonly text: string;
  /** Equal for words that count as the same: case and white space do not. */
  readonly key: string;
}

/**
 * Texts further apart than this many words are compared no further: they have little to do with each
 * other, and the time stays linear in their length.
 */
const mostEdits = 1000;

/**
 * How `text` differs from `reference`, word by word, with the fewest words added or missing. Numbers
 * (`4.5`), hyphenated words, each mark of punctuation and each Han character are words.
 */
export function wordDifference(reference: string, text: string): WordDifference {
  const [before, after] = [wordsOf(reference), wordsOf(text)];
  const pairs = commonWords(before, after);
  const parts: { kind: DifferencePart['kind']; text: string }[] = [];
  const add = (kind: DifferencePart['kind'], words: readonly Word[]): void => {
    const added = words.map((word) => word.text).join('');
    const last = parts.at(-1);
    if (last?.kind === kind) {
      last.text += added;
    } else if (added !== '') {
      parts.push({ kind, text: added });
    }
  };
  let [inBefore, inAfter] = [0, 0];
  for (const [x, y] of [...pairs, [before.length, after.length] as const]) {
    add('missing', before.slice(inBefore, x));
    add('added', after.slice(inAfter, y));
    add('same', after.slice(y, y + 1));
    [inBefore, inAfter] = [x + 1, y + 1];
  }
  const words = before.length + after.length;
  return { parts, similarity: words === 0 ? 1 : (2 * pairs.length) / words };
}

const han = '\\p{Script=Han}';
const letter = `(?!${han})[\\p{L}\\p{M}\\p{N}]`;
/** Leading white space; a Han character; a word or number; any other character. */
const wordPattern = new RegExp(
  `^\\s+|(?:${han}|(?:${letter})+(?:[.,'’-](?:${letter})+)*|\\S)\\s*`,
  'gu',
);

function wordsOf(text: string): Word[] {
  return (text.match(wordPattern) ?? []).map((word) => ({
    text: word,
    key: word.trimEnd().toLowerCase(),
  }));
}

/** Indices of a word in both texts. */
type Pair = readonly [number, number];

/** A longest common subsequence, unless the texts are too far apart; then the words of its beginning. */
function commonWords(before: readonly Word[], after: readonly Word[]): Pair[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head].key === after[head].key) {
    head++;
  }
  let tail = 0;
  while (
    tail < shorter - head &&
    before[before.length - 1 - tail].key === after[after.length - 1 - tail].key
  ) {
    tail++;
  }
  const keysOf = (words: readonly Word[]): string[] =>
    words.slice(head, words.length - tail).map(({ key }) => key);
  return [
    ...Array.from({ length: head }, (_, i): Pair => [i, i]),
    ...greedyMatches(keysOf(before), keysOf(after)).map(([x, y]): Pair => [head + x, head + y]),
    ...Array.from({ length: tail }, (_, i): Pair => {
      const back = tail - i;
      return [before.length - back, after.length - back];
    }),
  ];
}

/**
 * The greedy algorithm of E. W. Myers, "An O(ND) difference algorithm and its variations",
 * Algorithmica 1 (1986): for each number of edits the furthest point on every diagonal
 * (words of `before` minus words of `after`), remembered for the way back.
 */
function greedyMatches(before: readonly string[], after: readonly string[]): Pair[] {
  const most = Math.min(before.length + after.length, mostEdits);
  const furthest = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const rounds: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits++) {
    // Diagonals -edits-1 … edits+1 as they stand before this round.
    rounds.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = middle + diagonal;
      const isInsertion =
        diagonal === -edits || (diagonal !== edits && furthest[at - 1] < furthest[at + 1]);
      let x = isInsertion ? furthest[at + 1] : furthest[at - 1] + 1;
      while (
        x < before.length &&
        x - diagonal < after.length &&
        before[x] === after[x - diagonal]
      ) {
        x++;
      }
      furthest[at] = x;
      if (x >= before.length && x - diagonal >= after.length) {
        return wayBack(rounds, before.length, after.length);
      }
    }
  }
  return wayBack(rounds, ...furthestPoint(furthest, middle, most, before.length, after.length));
}

/** Where the search got furthest in both texts together when it was given up. */
function furthestPoint(
  furthest: Int32Array,
  middle: number,
  edits: number,
  beforeLength: number,
  afterLength: number,
): Pair {
  let best: Pair = [0, 0];
  for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
    const x = furthest[middle + diagonal];
    const y = x - diagonal;
    if (x <= beforeLength && y >= 0 && y <= afterLength && x + y > best[0] + best[1]) {
      best = [x, y];
    }
  }
  return best;
}

/** The matches on the way from the point (x, y) back to the beginning, first one first. */
function wayBack(rounds: readonly Int32Array[], fromX: number, fromY: number): Pair[] {
  const pairs: Pair[] = [];
  let [x, y] = [fromX, fromY];
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const diagonal = x - y;
    // The round holds diagonals from -edits-1 on.
    const at = (other: number): number => rounds[edits][other + edits + 1];
    const isInsertion =
      diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const previousX = edits === 0 ? 0 : isInsertion ? at(diagonal + 1) : at(diagonal - 1);
    const startX = edits === 0 ? 0 : isInsertion ? previousX : previousX + 1;
    while (x > startX) {
      x--;
      y--;
      pairs.push([x, y]);
    }
    if (edits > 0) {
      [x, y] = [previousX, previousX - (isInsertion ? diagonal + 1 : diagonal - 1)];
    }
  }
  return pairs.reverse();
}
