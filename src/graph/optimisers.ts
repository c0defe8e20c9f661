import type { GraphBuilder } from './builder';
import { add, div, mul, sqrt, sub } from './operators/elementwise';
import { staticShape, type Value } from './value';

/** What an optimiser adds to a graph for one parameter. */
export interface Update {
  readonly parameter: Value;
  /** In the order of {@link Optimiser.moments}. */
  readonly moments: readonly Value[];
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
  readonly update: (
    parameter: Value,
    gradient: Value,
    moments: readonly Value[],
    scalars: Readonly<Record<string, Value>>,
  ) => Update;
}

export interface AdamWSettings {
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * AdamW (Loshchilov and Hutter 2019) as torch.optim.AdamW computes it:
 *   m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²
 *   p ← (1 - lr λ) p - lr / (1 - β₁ᵗ) · m / (√v / r + ε),   r = √(1 - β₂ᵗ)
 * The last fraction is multiplied by r above and below (Kingma and Ba 2015, end of section 2),
 * which saves a pass over the parameters.
 */
export function adamW({ betas: [beta1, beta2], epsilon, weightDecay }: AdamWSettings): Optimiser {
  return {
    moments: ['first_moment', 'second_moment'],
    scalars: ['decay', 'step_size', 'step_epsilon'],
    scalarsAt: (step, learningRate) => {
      const rootCorrection = Math.sqrt(1 - beta2 ** step);
      return {
        decay: 1 - learningRate * weightDecay,
        step_size: (learningRate * rootCorrection) / (1 - beta1 ** step),
        step_epsilon: epsilon * rootCorrection,
      };
    },
    update: (parameter, gradient, [first, second], { decay, step_size, step_epsilon }) => {
      const m = add(mul(first, beta1), mul(gradient, 1 - beta1));
      const v = add(mul(second, beta2), mul(mul(gradient, gradient), 1 - beta2));
      const direction = div(m, add(sqrt(v), step_epsilon));
      return {
        parameter: sub(mul(parameter, decay), mul(direction, step_size)),
        moments: [m, v],
      };
    },
  };
}

/** A tensor that a step reads as the input `name` and writes as the output `next`. */
export interface StateTensor {
  readonly name: string;
  readonly next: string;
  readonly shape: readonly number[];
  /** Moments start as zeros, parameters as the initial weights. */
  readonly role: 'parameter' | 'moment';
}

/** The optimiser's part of a training step: its inputs, and the next state by output name. */
export function addOptimiser(
  graph: GraphBuilder,
  optimiser: Optimiser,
  parameterGradients: ReadonlyMap<Value, Value>,
): { readonly state: readonly StateTensor[]; readonly outputs: Readonly<Record<string, Value>> } {
  const scalars = Object.fromEntries(
    optimiser.scalars.map((name) => [name, graph.input(name, 'float32', [])]),
  );
  const state: StateTensor[] = [];
  const outputs: Record<string, Value> = {};
  const keep = (role: StateTensor['role'], value: Value, next: Value): void => {
    const { name } = value;
    state.push({ name, next: `next.${name}`, shape: staticShape(value), role });
    outputs[`next.${name}`] = next;
  };
  for (const [parameter, gradient] of parameterGradients) {
    graph.within(`optimiser.${parameter.name}`, () => {
      const moments = optimiser.moments.map((moment) =>
        graph.input(`${moment}.${parameter.name}`, parameter.type, parameter.shape),
      );
      const next = optimiser.update(parameter, gradient, moments, scalars);
      keep('parameter', parameter, next.parameter);
      moments.forEach((moment, position) => {
        keep('moment', moment, next.moments[position]);
      });
    });
  }
  return { state, outputs };
}
