import type { GraphBuilder } from './builder';
import { add, div, less, maximum, mul, sqrt, sub, where } from './operators/elementwise';
import { reduceSum } from './operators/reduction';
import type { Optimiser } from './optimisers';
import { staticShape, type Value } from './value';

/** A tensor that a step reads as the input `name` and writes as the output `next`. */
export interface StateTensor {
  readonly name: string;
  readonly next: string;
  readonly shape: readonly number[];
  /**
   * Parameters start as the initial weights, and so do their running averages; moments and sums of
   * gradients start as zeros.
   */
  readonly role: 'parameter' | 'moment' | 'average' | 'gradient';
}

/** The gradient of each parameter, as `gradients` finds them. */
export type ParameterGradients = ReadonlyMap<Value, Value>;

export interface OptimiserStepOptions {
  /** Which parameters weight decay applies to; all where absent. */
  readonly decays?: (parameter: Value) => boolean;
  /** Largest norm of all gradients together; they are scaled down to it. Not clipped where absent. */
  readonly clipNorm?: number;
  /** Whether a running average of each parameter is kept. */
  readonly average?: boolean;
}

/** What an optimiser step adds to a graph: inputs, and the next state by output name. */
export interface OptimiserStep {
  readonly state: readonly StateTensor[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/** The scalar inputs of a step besides the optimiser's own. */
export const stepScalars = {
  /** Weight of the newest parameters in their running average. */
  averageWeight: 'average_weight',
  /** 1 where gradients were gathered before in this step, else 0. */
  gathered: 'gathered',
  /** What the loss is multiplied by before its gradients are found in half precision. */
  lossScale: 'loss_scale',
} as const;

/** Keeps torch.nn.utils.clip_grad_norm_ from a division by 0. */
const clipEpsilon = 1e-6;

/** The optimiser's part of a training step. */
export function addOptimiser(
  graph: GraphBuilder,
  optimiser: Optimiser,
  parameterGradients: ParameterGradients,
  { decays = () => true, clipNorm, average = false }: OptimiserStepOptions = {},
): OptimiserStep {
  const scalar = (name: string): Value => graph.input(name, 'float32', []);
  const scalars = Object.fromEntries(optimiser.scalars.map((name) => [name, scalar(name)]));
  const averageWeight = average ? scalar(stepScalars.averageWeight) : undefined;
  const next = new NextState();
  const found =
    clipNorm === undefined ? parameterGradients : clipped(graph, parameterGradients, clipNorm);
  for (const [parameter, gradient] of found) {
    const companion = (name: string): Value =>
      graph.input(`${name}.${parameter.name}`, parameter.type, parameter.shape);
    graph.within(`optimiser.${parameter.name}`, () => {
      const moments = optimiser.moments.map(companion);
      const update = optimiser.update({
        parameter,
        gradient,
        moments,
        scalars,
        decays: decays(parameter),
      });
      next.add('parameter', parameter, update.parameter);
      moments.forEach((moment, position) => {
        next.add('moment', moment, update.moments[position]);
      });
      if (averageWeight !== undefined) {
        const mean = companion('average');
        const towards = mul(sub(update.parameter, mean), averageWeight);
        next.add('average', mean, add(mean, towards));
      }
    });
  }
  return next;
}

/**
 * In place of an optimiser: adds `share` times the gradients to sums that a later step takes up.
 * The scalar input `gathered` of 0 begins the sums anew, whatever they were.
 */
export function gatherGradients(
  graph: GraphBuilder,
  parameterGradients: ParameterGradients,
  share: number,
): OptimiserStep {
  const next = new NextState();
  const isFirst = less(graph.input(stepScalars.gathered, 'float32', []), 0.5);
  for (const [parameter, gradient] of parameterGradients) {
    graph.within(`gather.${parameter.name}`, () => {
      const sum = gatheredInput(graph, parameter);
      const own = mul(gradient, share);
      next.add('gradient', sum, where(isFirst, own, add(sum, own)));
    });
  }
  return next;
}

/** What was gathered before, with `share` times these gradients. */
export function withGathered(
  graph: GraphBuilder,
  parameterGradients: ParameterGradients,
  share: number,
): { readonly gradients: ParameterGradients; readonly sums: readonly StateTensor[] } {
  const sums = new NextState();
  const gradients = new Map<Value, Value>();
  for (const [parameter, gradient] of parameterGradients) {
    graph.within(`gather.${parameter.name}`, () => {
      const sum = gatheredInput(graph, parameter);
      sums.add('gradient', sum, sum);
      gradients.set(parameter, add(sum, mul(gradient, share)));
    });
  }
  return { gradients, sums: sums.state };
}

/** Euclidean norm of all gradients together, float32 []. */
export function globalNorm(graph: GraphBuilder, parameterGradients: ParameterGradients): Value {
  return graph.within('gradient_norm', () =>
    sqrt([...parameterGradients.values()].map((g) => reduceSum(mul(g, g))).reduce(add)),
  );
}

/** Scaled by min(1, most / (norm + ε)), as torch.nn.utils.clip_grad_norm_ does. */
function clipped(
  graph: GraphBuilder,
  parameterGradients: ParameterGradients,
  most: number,
): ParameterGradients {
  const norm = globalNorm(graph, parameterGradients);
  return graph.within('clip', () => {
    const excess = maximum(div(add(norm, clipEpsilon), most), 1);
    return new Map([...parameterGradients].map(([p, gradient]) => [p, div(gradient, excess)]));
  });
}

function gatheredInput(graph: GraphBuilder, { name, type, shape }: Value): Value {
  return graph.input(`gradient.${name}`, type, shape);
}

/** Collects the state of a step and what it becomes. */
class NextState implements OptimiserStep {
  readonly state: StateTensor[] = [];
  readonly outputs: Record<string, Value> = {};

  add(role: StateTensor['role'], value: Value, nextValue: Value): void {
    const { name } = value;
    this.state.push({ name, next: `next.${name}`, shape: staticShape(value), role });
    this.outputs[`next.${name}`] = nextValue;
  }
}
