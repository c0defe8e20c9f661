import {
  firstOtherScript,
  isIdeograph,
  languageOfScript,
  latinLanguageOf,
  stopWordCounts,
} from './languages';
import type { Language } from './languages';
import { foldedUnit, mark, mixed, noWord, space, withUnit } from './wordHash';

/** What the rules need to know of a text, found in one pass over its characters. */
export interface TextProfile {
  /** UTF-16 units. */
  readonly length: number;
  /** Words, marks and ideographs: a tokenizer only cuts these further, so there are no fewer tokens. */
  readonly leastTokens: number;
  readonly words: number;
  /** Undefined where too little says which. */
  readonly language: Language | undefined;
  /** Of the pairs of words that follow each other (see {@link estimatedLikeness}). */
  readonly signature: Uint32Array;
}

const bins = 64;
const emptyBin = 0xffffffff;
/** The language of a text shows in its beginning. */
const wordsForLanguage = 60;

/**
 * Reads a text once. The signature is a one-permutation min-hash (Li, Owen and Zhang 2012): pairs of
 * words are dealt into bins by their hash, and each bin keeps the least.
 */
export function profileOf(text: string): TextProfile {
  const signature = new Uint32Array(bins).fill(emptyBin);
  let words = 0;
  let marks = 0;
  let ideographs = 0;
  let stopWords = 0;
  let foreign: Language | undefined;
  let previous = noWord;
  let word = noWord;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? foldedUnit(text.charCodeAt(at)) : space;
    if (unit > mark) {
      word = withUnit(word, unit);
      if (unit < firstOtherScript) {
        continue;
      }
      if (!isIdeograph(unit)) {
        foreign ??= languageOfScript(unit);
        continue;
      }
      ideographs++; // a word of its own
    } else {
      marks += unit; // a mark is 1, a space 0
    }
    if (word !== noWord) {
      words++;
      if (words <= wordsForLanguage) {
        stopWords += stopWordCounts.get(word) ?? 0;
      }
      const pair = mixed(Math.imul(previous, 31) + word);
      const bin = pair % bins;
      if (pair < signature[bin]) {
        signature[bin] = pair;
      }
      previous = word;
      word = noWord;
    }
  }
  const language = foreign ?? (2 * ideographs > words ? 'Chinese' : latinLanguageOf(stopWords));
  return { length: text.length, leastTokens: words + marks, words, language, signature };
}

/**
 * About the share of word pairs that two texts have in common, of those that either has (Jaccard);
 * its deviation is at most 0.06.
 */
export function estimatedLikeness(a: TextProfile, b: TextProfile): number {
  let equal = 0;
  let filled = 0;
  for (let bin = 0; bin < bins; bin++) {
    const one = a.signature[bin];
    const other = b.signature[bin];
    if (one !== emptyBin || other !== emptyBin) {
      filled++;
      equal += one === other ? 1 : 0;
    }
  }
  return filled === 0 ? 0 : equal / filled;
}

/** The same exactly, of the texts themselves. */
export function likeness(a: string, b: string): number {
  const one = wordPairs(a);
  const other = wordPairs(b);
  const common = [...one].filter((pair) => other.has(pair)).length;
  return common / Math.max(1, one.size + other.size - common);
}

function wordPairs(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.map((word, index) => `${words[index - 1] ?? ''} ${word}`));
}
