import { add } from './operators/elementwise';
import { missingGradient, type Node } from './operator';
import { formatType, sameShape, ShapeError, type Value } from './value';

/**
 * Reverse-mode differentiation: the gradient of the scalar `loss`, times the scalar `factor`, with
 * respect to each of `parameters`. Builds only what these need: nothing for values that do not lead
 * from a parameter to the loss. Throws MissingGradientError where an operator on the way has no rule.
 */
export function gradients(
  loss: Value,
  parameters: readonly Value[],
  factor = loss.graph.scalar(loss.type, 1),
): Map<Value, Value> {
  if (loss.shape.length > 0) {
    throw new ShapeError(`gradients of a loss that is no scalar: ${formatType(loss)}`);
  }
  const { graph } = loss;
  const path = nodesBetween(parameters, loss);
  const contributions = new Map<Value, Value[]>([[loss, [factor]]]);
  const total = (value: Value): Value | undefined => contributions.get(value)?.reduce(add);

  for (const node of path.nodes) {
    const outputGradient = total(node.outputs[0]);
    if (outputGradient !== undefined) {
      graph.within(`grad.${node.scope}`, () => {
        passThrough(node, outputGradient, path.values, contributions);
      });
    }
  }
  return new Map(
    parameters.map((parameter) => {
      const gradient = total(parameter);
      if (gradient === undefined) {
        throw new Error(`${loss.name} does not depend on ${parameter.name}`);
      }
      return [parameter, gradient];
    }),
  );
}

/** Adds what `node` contributes to the gradients of those of its inputs that are wanted. */
function passThrough(
  node: Node,
  outputGradient: Value,
  wanted: ReadonlySet<Value>,
  contributions: Map<Value, Value[]>,
): void {
  const { gradient } = node.operator;
  const rules = typeof gradient === 'function' ? gradient(node, outputGradient) : [];
  node.inputs.forEach((input, position) => {
    if (!wanted.has(input)) {
      return;
    }
    const contribution = rules[position]?.();
    if (contribution === undefined) {
      throw missingGradient(node, position);
    }
    if (!sameShape(contribution.shape, input.shape) || contribution.type !== input.type) {
      throw new ShapeError(
        `${node.operator.type}: gradient ${formatType(contribution)} of ${formatType(input)}`,
      );
    }
    contributions.set(input, [...(contributions.get(input) ?? []), contribution]);
  });
}

/** The nodes on a way from a parameter to the loss, last first, and all values on such ways. */
function nodesBetween(
  parameters: readonly Value[],
  loss: Value,
): { readonly nodes: readonly Node[]; readonly values: ReadonlySet<Value> } {
  const values = new Set<Value>(parameters);
  const nodes = nodesBefore([loss]).filter(({ operator, inputs, outputs }) => {
    const depends = operator.gradient !== 'stopped' && inputs.some((input) => values.has(input));
    if (depends) {
      outputs.forEach((output) => values.add(output));
    }
    return depends;
  });
  return { nodes: nodes.reverse(), values };
}

/** Every node that the values are computed from, in topological order. */
export function nodesBefore(values: readonly Value[]): Node[] {
  const found = new Set<Node>();
  const open = [...values];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value.source.kind === 'node' && !found.has(value.source.node)) {
      found.add(value.source.node);
      open.push(...value.source.node.inputs);
    }
  }
  return [...found].sort((a, b) => a.index - b.index);
}
