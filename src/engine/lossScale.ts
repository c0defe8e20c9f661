import { UserError } from '../core/errors';

/**
 * What the loss is multiplied by in mixed precision, and how it came to be so: what a checkpoint
 * keeps of it.
 */
export interface LossScale {
  readonly scale: number;
  /** Steps taken since the scale was changed. */
  readonly steps: number;
  /** Steps left out so far because their gradients overflowed. */
  readonly overflows: number;
}

/**
 * The scale starts high, halves when gradients overflow, and doubles after so many steps in a row
 * that did not: the rules and numbers of torch.cuda.amp.GradScaler (its documentation,
 * https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling; Micikevicius et al. 2018, section
 * 3.2). Powers of two change no digit of a gradient.
 */
export const firstLossScale: LossScale = { scale: 2 ** 16, steps: 0, overflows: 0 };
export const scaleRules = { growth: 2, growthInterval: 2000, backoff: 0.5 } as const;
/** GradScaler goes on down; a scale below 1 makes gradients smaller than they are, and saves none. */
const smallest = 1;

/** After a step whose gradients were numbers. */
export function afterStep({ scale, steps, overflows }: LossScale): LossScale {
  if (steps + 1 < scaleRules.growthInterval) {
    return { scale, steps: steps + 1, overflows };
  }
  const grown = scale * scaleRules.growth;
  return { scale: Number.isFinite(Math.fround(grown)) ? grown : scale, steps: 0, overflows };
}

/**
 * After a step that was left out because its gradients overflowed.
 * @throws UserError `gradients-overflow` where no scale is left
 */
export function afterOverflow({ scale, overflows }: LossScale): LossScale {
  const smaller = scale * scaleRules.backoff;
  if (smaller < smallest) {
    throw new UserError(
      'gradients-overflow',
      `Gradients overflow in half precision at every scale of the loss down to ${smallest}.`,
      'Train in float32 (--precision float32), or with a learning rate of a third.',
    );
  }
  return { scale: smaller, steps: 0, overflows: overflows + 1 };
}
