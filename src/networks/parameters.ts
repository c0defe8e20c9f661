import type { GraphBuilder, Value } from '../graph';
import type { Initialiser } from './initialisers';

/** One weight tensor of a model. Names are PyTorch's, such as `text.layers.0.q.weight`. */
export interface ParameterSpec {
  readonly name: string;
  /** Row-major, last axis fastest; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** False for the weights of a frozen tower. */
  readonly trainable: boolean;
}

/** The numbers of one parameter, row-major. */
export interface ParameterTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** All weights of a model by parameter name. */
export type Parameters = ReadonlyMap<string, ParameterTensor>;

/**
 * How a network gets its weights: it names each where it uses it, with shape and first values,
 * and the source decides whether that becomes an input of the graph or a stored constant. Asked
 * again for a name it gives the same value: a part that is used twice has one set of weights.
 */
export type ParameterSource = (
  name: string,
  shape: readonly number[],
  initialiser: Initialiser,
) => Value;

/** The source seen from inside a part of the network: names get the prefix `scope.`. */
export function within(source: ParameterSource, scope: string): ParameterSource {
  return (name, shape, initialiser) => source(`${scope}.${name}`, shape, initialiser);
}

/** A parameter that was asked for, and the value that stands for it in the graph. */
export interface RequestedParameter {
  readonly value: Value;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
}

/** Makes every parameter a float32 input of the graph and remembers it. */
export function parametersAsInputs(graph: GraphBuilder): {
  readonly source: ParameterSource;
  readonly requested: ReadonlyMap<string, RequestedParameter>;
} {
  const requested = new Map<string, RequestedParameter>();
  const source: ParameterSource = (name, shape, initialiser) => {
    const known = requested.get(name);
    if (known !== undefined) {
      return known.value;
    }
    const value = graph.input(name, 'float32', shape);
    requested.set(name, { value, shape, initialiser });
    return value;
  };
  return { source, requested };
}

/** Stores the weights in the graph. Throws where one is missing or of another shape. */
export function parametersAsConstants(graph: GraphBuilder, weights: Parameters): ParameterSource {
  const stored = new Map<string, Value>();
  return (name, shape) => {
    const known = stored.get(name);
    if (known !== undefined) {
      return known;
    }
    const tensor = weights.get(name);
    if (tensor === undefined) {
      throw new Error(`the weights lack ${name}`);
    }
    if (tensor.shape.join() !== shape.join()) {
      throw new Error(`${name} is [${tensor.shape.join()}] in the weights, not [${shape.join()}]`);
    }
    const value = graph.constant('float32', shape, tensor.data, name);
    stored.set(name, value);
    return value;
  };
}
