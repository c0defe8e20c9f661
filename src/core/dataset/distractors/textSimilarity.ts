import { normaliseReport } from '../../text/normalise';
import type { Steps } from '../../progress';
import { BestFew } from './bestFew';
import type { Similarity } from './similarity';

/** Words that more than this share of the texts have say nothing about any of them. */
const commonShare = 0.1;
/** In small pools every word counts. */
const leastCommon = 50;

/**
 * Cosine of TF-IDF vectors (Salton & Buckley 1988) with binary term frequency: reports repeat
 * themselves, and a word that stands twice says no more. Scores are sums of whole numbers, so that
 * the same texts give the same neighbours on every machine.
 */
export class TextSimilarity implements Similarity {
  /** Terms of each text, ascending; those of text `i` are from `starts[i]` to `starts[i + 1]`. */
  private readonly terms: Int32Array;
  private readonly starts: Int32Array;
  /** Squared weight of each term; 0 for terms too common to say anything. */
  private readonly weights: Int32Array;
  /** Squared length of each text's vector. */
  private readonly squaredLengths: Float64Array;
  /** Texts of each term in the manner of `terms`; none for terms that join no two texts. */
  private readonly postings: Int32Array;
  private readonly postingStarts: Int32Array;
  private readonly scores: Float64Array;

  private constructor({ terms, starts, documentCounts }: Terms) {
    const texts = starts.length - 1;
    this.terms = terms;
    this.starts = starts;
    this.weights = squaredWeights(documentCounts, texts);
    this.squaredLengths = Float64Array.from({ length: texts }, (_, text) =>
      this.sumOver(text, (term) => this.weights[term]),
    );
    [this.postings, this.postingStarts] = invert(terms, starts, this.weights, documentCounts);
    this.scores = new Float64Array(texts);
  }

  static *of(texts: readonly string[]): Steps<TextSimilarity> {
    return new TextSimilarity(yield* termsOf(texts));
  }

  nearest(text: number, count: number, accepts: (other: number) => boolean): number[] {
    const { scores, postings, postingStarts, weights } = this;
    const touched: number[] = [];
    for (let place = this.starts[text]; place < this.starts[text + 1]; place++) {
      const term = this.terms[place];
      for (let at = postingStarts[term]; at < postingStarts[term + 1]; at++) {
        const other = postings[at];
        if (scores[other] === 0) {
          touched.push(other);
        }
        scores[other] += weights[term];
      }
    }
    const best = new BestFew(count);
    for (const other of touched) {
      const score = scores[other];
      scores[other] = 0;
      // The cosine squared, but for the length of `text`, which is the same for all.
      const rank = (score * score) / this.squaredLengths[other];
      if (other !== text && best.wants(rank) && accepts(other)) {
        best.add(other, rank);
      }
    }
    return best.items;
  }

  between(some: number, other: number): number {
    const lengths = this.squaredLengths[some] * this.squaredLengths[other];
    return lengths === 0 ? 0 : this.sharedWeight(some, other) / Math.sqrt(lengths);
  }

  private sharedWeight(some: number, other: number): number {
    const { terms, starts, weights } = this;
    let sum = 0;
    let [here, there] = [starts[some], starts[other]];
    while (here < starts[some + 1] && there < starts[other + 1]) {
      const difference = terms[here] - terms[there];
      if (difference === 0) {
        sum += weights[terms[here]];
      }
      here += difference <= 0 ? 1 : 0;
      there += difference >= 0 ? 1 : 0;
    }
    return sum;
  }

  private sumOver(text: number, valueOf: (term: number) => number): number {
    let sum = 0;
    for (let place = this.starts[text]; place < this.starts[text + 1]; place++) {
      sum += valueOf(this.terms[place]);
    }
    return sum;
  }
}

/** The distinct words of the texts, numbered. */
interface Terms {
  /** As {@link TextSimilarity} holds them. */
  readonly terms: Int32Array;
  readonly starts: Int32Array;
  /** How many texts have each term. */
  readonly documentCounts: readonly number[];
}

function* termsOf(texts: readonly string[]): Steps<Terms> {
  const ids = new Map<string, number>();
  const documentCounts: number[] = [];
  const all: Int32Array[] = [];
  for (const [index, text] of texts.entries()) {
    yield { stage: 'Comparing reports', done: index, total: texts.length };
    const own = new Set<number>();
    for (const word of normaliseReport(text).split(' ')) {
      const known = ids.get(word);
      const id = known ?? ids.size;
      if (known === undefined) {
        ids.set(word, id);
        documentCounts.push(0);
      }
      own.add(id);
    }
    own.forEach((id) => documentCounts[id]++);
    all.push(Int32Array.from(own).sort());
  }
  const starts = new Int32Array(texts.length + 1);
  all.forEach(({ length }, text) => {
    starts[text + 1] = starts[text] + length;
  });
  const terms = new Int32Array(starts[texts.length]);
  all.forEach((own, text) => {
    terms.set(own, starts[text]);
  });
  return { terms, starts, documentCounts };
}

function squaredWeights(documentCounts: readonly number[], texts: number): Int32Array {
  const tooCommon = Math.max(leastCommon, Math.floor(texts * commonShare));
  return Int32Array.from(documentCounts, (count) =>
    count > tooCommon ? 0 : sixteenthsOfLog2(Math.floor((16 * (texts + 1)) / count)) ** 2,
  );
}

/** 16 log2 of a whole number, straight between the powers of two: whole, so the same everywhere. */
function sixteenthsOfLog2(value: number): number {
  const exponent = 31 - Math.clz32(value);
  return 16 * exponent + Math.floor((16 * (value - 2 ** exponent)) / 2 ** exponent);
}

/** For each term the texts that have it. */
function invert(
  terms: Int32Array,
  starts: Int32Array,
  weights: Int32Array,
  documentCounts: readonly number[],
): [Int32Array, Int32Array] {
  const joins = (term: number): boolean => weights[term] > 0 && documentCounts[term] > 1;
  const postingStarts = new Int32Array(documentCounts.length + 1);
  documentCounts.forEach((count, term) => {
    postingStarts[term + 1] = postingStarts[term] + (joins(term) ? count : 0);
  });
  const postings = new Int32Array(postingStarts[documentCounts.length]);
  const next = postingStarts.slice();
  for (let text = 0; text + 1 < starts.length; text++) {
    for (let place = starts[text]; place < starts[text + 1]; place++) {
      const term = terms[place];
      if (joins(term)) {
        postings[next[term]++] = text;
      }
    }
  }
  return [postings, postingStarts];
}
