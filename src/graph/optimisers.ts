import { add, div, maximum, mul, sqrt, sub } from './operators/elementwise';
import type { Value } from './value';

/** What an optimiser adds to a graph for one parameter. */
export interface Update {
  readonly parameter: Value;
  /** In the order of {@link Optimiser.moments}. */
  readonly moments: readonly Value[];
}

/** What one update is computed from. */
export interface UpdateInputs {
  readonly parameter: Value;
  readonly gradient: Value;
  /** In the order of {@link Optimiser.moments}. */
  readonly moments: readonly Value[];
  readonly scalars: Readonly<Record<string, Value>>;
  /** Whether weight decay applies to this parameter. */
  readonly decays: boolean;
}

/**
 * An optimiser as a graph. Numbers that change from step to step come in as scalar inputs,
 * computed outside in double precision, so that one graph serves every step.
 */
export interface Optimiser {
  /** Names of the running statistics kept for each parameter; all start as zeros. */
  readonly moments: readonly string[];
  /** Names of the scalar inputs. */
  readonly scalars: readonly string[];
  /** The scalar inputs of a step; steps count from 1. */
  readonly scalarsAt: (step: number, learningRate: number) => Readonly<Record<string, number>>;
  readonly update: (inputs: UpdateInputs) => Update;
}

export interface AdamSettings {
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
  /**
   * `decoupled`: AdamW, decay shrinks the parameter beside the step; `gradient`: Adam as it was
   * first given, decay is part of the gradient and is scaled with it.
   */
  readonly decay?: 'decoupled' | 'gradient';
  /** Divides by the largest second moment so far (Reddi, Kale and Kumar 2018). */
  readonly amsgrad?: boolean;
}

/**
 * Adam (Kingma and Ba 2015) as torch.optim computes it:
 *   m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²
 *   p ← p - lr / (1 - β₁ᵗ) · m / (√v / r + ε),   r = √(1 - β₂ᵗ)
 * The last fraction is multiplied by r above and below (section 2 of the paper), which saves a pass
 * over the parameters. AdamW (Loshchilov and Hutter 2019) first takes p ← (1 - lr λ) p; the older
 * form takes g ← g + λ p instead. AMSGrad has max(v so far) in place of v below the line.
 */
export function adam(settings: AdamSettings): Optimiser {
  const { epsilon, weightDecay, decay = 'decoupled', amsgrad = false } = settings;
  const [beta1, beta2] = settings.betas;
  return {
    moments: ['first_moment', 'second_moment', ...(amsgrad ? ['largest_second_moment'] : [])],
    scalars: ['decay', 'step_size', 'step_epsilon'],
    scalarsAt: (step, learningRate) => {
      const rootCorrection = Math.sqrt(1 - beta2 ** step);
      return {
        decay: decay === 'decoupled' ? 1 - learningRate * weightDecay : weightDecay,
        step_size: (learningRate * rootCorrection) / (1 - beta1 ** step),
        step_epsilon: epsilon * rootCorrection,
      };
    },
    update: ({ parameter, gradient, moments: [first, second, largest], scalars, decays }) => {
      const decayed = decays && decay === 'decoupled' ? mul(parameter, scalars.decay) : parameter;
      const g =
        decays && decay === 'gradient' ? add(gradient, mul(parameter, scalars.decay)) : gradient;
      const m = add(mul(first, beta1), mul(g, 1 - beta1));
      const v = add(mul(second, beta2), mul(mul(g, g), 1 - beta2));
      const bound = amsgrad ? maximum(largest, v) : v;
      const direction = div(m, add(sqrt(bound), scalars.step_epsilon));
      return {
        parameter: sub(decayed, mul(direction, scalars.step_size)),
        moments: amsgrad ? [m, v, bound] : [m, v],
      };
    },
  };
}

/** Adam with decoupled weight decay, see {@link adam}. */
export function adamW(settings: Omit<AdamSettings, 'decay' | 'amsgrad'>): Optimiser {
  return adam({ ...settings, decay: 'decoupled' });
}

export interface SgdSettings {
  readonly weightDecay: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent as torch.optim.SGD computes it (no dampening):
 *   g ← g + λ p,   b ← μ b + g,   p ← p - lr d,   d = b, or g + μ b with Nesterov's momentum.
 */
export function sgd({ weightDecay, momentum = 0, nesterov = false }: SgdSettings): Optimiser {
  const direction = (g: Value, buffer: Value): Value =>
    nesterov ? add(g, mul(buffer, momentum)) : buffer;
  return {
    moments: momentum > 0 ? ['momentum'] : [],
    scalars: ['step_size'],
    scalarsAt: (_, learningRate) => ({ step_size: learningRate }),
    update: ({ parameter, gradient, moments, scalars, decays }) => {
      const g = decays && weightDecay > 0 ? add(gradient, mul(parameter, weightDecay)) : gradient;
      const buffers = moments.map((buffer) => add(mul(buffer, momentum), g));
      const step = buffers.length > 0 ? direction(g, buffers[0]) : g;
      return { parameter: sub(parameter, mul(step, scalars.step_size)), moments: buffers };
    },
  };
}
