import { softmax } from '../core/metrics/ranking';

/** What a map explains: a number of the options' logits, and its gradient in them. */
export interface ExplainTarget {
  readonly value: (logits: readonly number[]) => number;
  readonly weights: (logits: readonly number[]) => number[];
}

/**
 * What speaks for `option`: the difference of its logit to that of `against`, or, against all
 * others, its log-odds log(p / (1 - p)) = l_option - log Σ exp(l_other), which unlike log p does not
 * flatten out where the model is sure. A single text has nothing to stand against; against itself an
 * option has 0.
 */
export function targetOf(
  option: number,
  texts: number,
  against: number | undefined,
): ExplainTarget {
  const others =
    against === undefined
      ? Array.from({ length: texts }, (_, index) => index).filter((index) => index !== option)
      : [against];
  const othersOf = (logits: readonly number[]): number[] => others.map((other) => logits[other]);
  return {
    value: (logits) => logits[option] - (others.length === 0 ? 0 : logSumExp(othersOf(logits))),
    weights: (logits) => {
      const weights = logits.map((_, index) => Number(index === option));
      softmax(othersOf(logits)).forEach((share, at) => {
        weights[others[at]] -= share;
      });
      return weights;
    },
  };
}

function logSumExp(values: readonly number[]): number {
  const highest = Math.max(...values);
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
