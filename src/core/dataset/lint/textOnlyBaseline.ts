import { ChanceCount } from './chance';
import { foldedUnit, hashOfWord, mark, mixed, noWord, withUnit } from './wordHash';

/** A question as a reader sees it who has no image. */
export interface TextOnlyQuestion {
  readonly texts: readonly string[];
  readonly truth: number;
}

/** Weight of a word that was never seen: half an option. */
const pseudoCount = 0.5;

/**
 * How well a reader does who never sees an image: naive Bayes on the words of an option and on the
 * place its length has among the lengths of the question, learnt on half of the questions and tried on
 * the other, both ways round. In a fair set it does no better than chance.
 */
export function tryTextOnly(questions: readonly TextOnlyQuestion[]): ChanceCount {
  const described = questions.map(({ texts, truth }) => ({ options: featuresOf(texts), truth }));
  const halves = [0, 1].map((half) => described.filter((_, index) => index % 2 === half));
  const count = new ChanceCount();
  halves.forEach((half, index) => {
    const weights = learn(halves[1 - index]);
    for (const { options, truth } of half) {
      count.add(hit(options, truth, weights), 1 / options.length);
    }
  });
  return count;
}

interface Described {
  /** Of each option the hashes of its features. */
  readonly options: readonly ReadonlySet<number>[];
  readonly truth: number;
}

function featuresOf(texts: readonly string[]): ReadonlySet<number>[] {
  return texts.map((text) => {
    const longer = texts.filter((other) => other.length > text.length).length;
    const shorter = texts.filter((other) => other.length < text.length).length;
    return wordsOf(text)
      .add(hashOfWord(`${longer} longer of ${texts.length}`))
      .add(hashOfWord(`${shorter} shorter of ${texts.length}`));
  });
}

function wordsOf(text: string): Set<number> {
  const words = new Set<number>();
  let word = noWord;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? foldedUnit(text.charCodeAt(at)) : mark;
    if (unit > mark) {
      word = withUnit(word, unit);
    } else if (word !== noWord) {
      words.add(mixed(word));
      word = noWord;
    }
  }
  return words;
}

/** Feature -> log of how much likelier it is in true options than in the others. */
function learn(questions: readonly Described[]): ReadonlyMap<number, number> {
  const inTrue = new Map<number, number>();
  const inFalse = new Map<number, number>();
  let falseOptions = 0;
  for (const { options, truth } of questions) {
    falseOptions += options.length - 1;
    options.forEach((features, index) => {
      const counts = index === truth ? inTrue : inFalse;
      for (const feature of features) {
        counts.set(feature, (counts.get(feature) ?? 0) + 1);
      }
    });
  }
  const logShare = (count = 0, options: number): number =>
    Math.log((count + pseudoCount) / (options + 2 * pseudoCount));
  return new Map(
    [...new Set([...inTrue.keys(), ...inFalse.keys()])].map((feature) => [
      feature,
      logShare(inTrue.get(feature), questions.length) -
        logShare(inFalse.get(feature), falseOptions),
    ]),
  );
}

/** 1 where the option with the greatest weight is the true one, a share of it where several have that. */
function hit(
  options: readonly ReadonlySet<number>[],
  truth: number,
  weights: ReadonlyMap<number, number>,
): number {
  const scores = options.map((features) => {
    let score = 0;
    for (const feature of features) {
      score += weights.get(feature) ?? 0;
    }
    return score;
  });
  const best = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  return scores[truth] === best ? 1 / scores.filter((score) => score === best).length : 0;
}
