/** A departure from chance is reported where it comes about by chance in one file of a thousand. */
export const rareByChance = 0.001;

/**
 * An upper bound of the probability that `successes` or more of `trials` independent trials succeed,
 * whose probabilities have the mean `chance`: exp(-n KL(k/n || p)), Hoeffding 1963, theorem 1. It holds
 * for few trials as for many, and is 1 where there are no more successes than expected.
 */
export function chanceOfAsMany(successes: number, trials: number, chance: number): number {
  const share = successes / trials;
  if (trials === 0 || share <= chance) {
    return 1;
  }
  const term = (p: number, q: number): number => (p === 0 ? 0 : p * Math.log(p / q));
  return Math.exp(-trials * (term(share, chance) + term(1 - share, 1 - chance)));
}

/** Counts how often something holds against how often it would by chance. */
export class ChanceCount {
  successes = 0;
  trials = 0;
  private expected = 0;

  /** @param success from 0 to 1: an answer shared by two of the options counts a half. */
  add(success: number, chance: number): void {
    this.successes += success;
    this.trials++;
    this.expected += chance;
  }

  get chance(): number {
    return this.trials === 0 ? 0 : this.expected / this.trials;
  }

  /** Whether there are more successes than chance explains; `looks`: how many counts are looked at. */
  isRare(looks = 1): boolean {
    return chanceOfAsMany(this.successes, this.trials, this.chance) < rareByChance / looks;
  }

  /** Whole percents, for messages. */
  get percents(): { readonly share: number; readonly chance: number } {
    return {
      share: Math.round((100 * this.successes) / Math.max(1, this.trials)),
      chance: Math.round(100 * this.chance),
    };
  }
}
