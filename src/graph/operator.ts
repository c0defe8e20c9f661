import { formatType, type Value, type ValueType } from './value';

/** ONNX tells integers and floats apart; numbers here are integers, `{ float }` is a float. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One use of an operator in a graph. */
export interface Node {
  readonly operator: Operator;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Position in the order of creation, which is a topological order. */
  readonly index: number;
  /** The part of the network it belongs to, such as `text.layers.0`; for profiles and messages. */
  readonly scope: string;
}

/**
 * Given a node and the gradient of the loss with respect to its first output, one function per
 * input that builds the gradient with respect to that input. Functions, because most are not
 * needed; `undefined` for an input that has no gradient (indices, shapes).
 * Further outputs (indices of a maximum, statistics) never carry a gradient.
 */
export type GradientRule = (
  node: Node,
  outputGradient: Value,
) => readonly ((() => Value) | undefined)[];

/** One ONNX operator: what its outputs look like, and how gradients pass through it. */
export interface Operator {
  /** ONNX operator type; semantics are those of the opset in `onnx/serialise.ts`. */
  readonly type: string;
  /** Types and shapes of the outputs; throws ShapeError. */
  readonly infer: (inputs: readonly Value[], attributes: Attributes) => readonly ValueType[];
  /** Without one, a gradient asked for is an error; `stopped` makes its inputs constants. */
  readonly gradient?: GradientRule | 'stopped';
}

/** A table of operators, written without repeating the names. */
export function operatorTable<Type extends string>(
  entries: Readonly<Record<Type, Omit<Operator, 'type'>>>,
): Readonly<Record<Type, Operator>> {
  return Object.fromEntries(
    Object.entries<Omit<Operator, 'type'>>(entries).map(([type, entry]) => [
      type,
      { type, ...entry },
    ]),
  ) as Record<Type, Operator>;
}

/** Adds the operator to the graph of its inputs; its first output. */
export function apply(
  operator: Operator,
  inputs: readonly [Value, ...Value[]],
  attributes: Attributes = {},
): Value {
  return inputs[0].graph.apply(operator, inputs, attributes)[0];
}

/** Thrown while a graph is built: a gradient is asked of an operator that has no rule for it. */
export class MissingGradientError extends Error {
  override readonly name = 'MissingGradientError';

  constructor(
    readonly operatorType: string,
    readonly scope: string,
    detail: string,
  ) {
    super(`${operatorType} has no gradient rule for ${detail}${scope === '' ? '' : ` (${scope})`}`);
  }
}

export function missingGradient(node: Node, input: number, why = ''): MissingGradientError {
  const what = `input ${input} of ${formatType(node.inputs[input])}${why === '' ? '' : `: ${why}`}`;
  return new MissingGradientError(node.operator.type, node.scope, what);
}

/** An attribute that the operator's own function always sets to a list of integers. */
export function integers(attributes: Attributes, name: string): readonly number[] {
  const value = attributes[name];
  if (!Array.isArray(value)) {
    throw new TypeError(`attribute ${name} is not a list`);
  }
  return value as readonly number[];
}

/** An attribute that the operator's own function always sets to a float. */
export function float(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== 'object' || !('float' in value)) {
    throw new TypeError(`attribute ${name} is not a float`);
  }
  return value.float;
}

/** An attribute that the operator's own function always sets to an integer. */
export function integer(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== 'number') {
    throw new TypeError(`attribute ${name} is not an integer`);
  }
  return value;
}
