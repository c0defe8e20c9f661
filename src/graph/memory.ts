import { nodesBefore } from './gradients';
import type { Node } from './operator';
import { activationOperators } from './operators/activations';
import { elementwiseOperators } from './operators/elementwise';
import { elementCount, staticShape, type DataType, type Value } from './value';

const bytesOf: Readonly<Record<DataType, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  int32: 4,
  int64: 8,
  bool: 1,
};

/** Operators that onnxruntime lets write over an input. */
const inPlace: ReadonlySet<string> = new Set([
  ...Object.keys(elementwiseOperators),
  ...Object.keys(activationOperators),
]);

/** Operators whose output is their first input seen with another shape: onnxruntime copies nothing. */
const views: ReadonlySet<string> = new Set(['Reshape', 'Identity']);

/** Operators that onnxruntime may leave out: a product then reads the input itself, transposed. */
const absorbed: ReadonlySet<string> = new Set([...views, 'Transpose']);

/**
 * Bytes that are in use at the worst moment of computing `outputs`, inputs and constants counted:
 * each value from the node that makes it to the last that reads it, in the order of creation. An
 * element-wise operator writes over an input that nobody reads after it. What operators use inside
 * (columns of a convolution, packed matrices) is not counted, nor what an allocator leaves between.
 */
export function peakBytes(outputs: readonly Value[]): number {
  const nodes = nodesBefore(outputs);
  const lastReader = new Map<Value, Node>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      lastReader.set(owner(input), node);
    }
  }
  const kept = new Set(outputs.map((value) => owner(value)));
  const given = new Set([...nodes.flatMap(({ inputs }) => inputs), ...outputs].filter(isGiven));
  let inUse = [...given].reduce((sum, value) => sum + size(value), 0);
  let peak = inUse;
  for (const node of nodes) {
    const ending = [...new Set(node.inputs.map((value) => owner(value)))].filter(
      (value) => !isGiven(value) && !kept.has(value) && lastReader.get(value) === node,
    );
    const made = node.outputs.filter((value) => lastReader.has(value) || kept.has(value));
    const fresh = views.has(node.operator.type) ? 0 : total(made);
    const reused = overwrites(node, ending, fresh) ? fresh : 0;
    peak = Math.max(peak, inUse + fresh - reused);
    inUse += fresh - total(ending);
  }
  return peak;
}

/**
 * Of pairs of an input and a result, the inputs that the result may take the memory of, whatever
 * order the nodes run in: all that reads the input comes before the node that makes the result, or
 * is that node, which then goes element by element. `outputs`: all results of the graph.
 */
export function overwritable(
  pairs: readonly (readonly [input: Value, result: Value])[],
  outputs: readonly Value[],
): ReadonlySet<Value> {
  const readers = new Map<Value, Node[]>(pairs.map(([input]) => [input, []]));
  for (const node of nodesBefore(outputs)) {
    node.inputs.forEach((input) => readers.get(owner(input, absorbed))?.push(node));
  }
  const held = new Set(outputs.map((value) => owner(value)));
  const fitting = pairs.filter(([input, { source }]) => {
    const maker = source.kind === 'node' ? source.node : undefined;
    return (
      maker !== undefined &&
      !held.has(input) &&
      readers.get(input)?.every((reader) => isDoneBefore(reader, maker))
    );
  });
  return new Set(fitting.map(([input]) => input));
}

/** Whether `reader` has read an element for the last time when `maker` writes it. */
function isDoneBefore(reader: Node, maker: Node): boolean {
  return reader === maker ? inPlace.has(maker.operator.type) : leadsTo(reader, maker);
}

/** Whether one node is among those that another one's inputs are computed from. */
function leadsTo(node: Node, later: Node): boolean {
  const seen = new Set<Node>();
  const open = [later];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { source } of next.inputs) {
      // Nodes are numbered in the order of creation: those before `node` cannot come after it.
      if (source.kind === 'node' && source.node.index >= node.index && !seen.has(source.node)) {
        seen.add(source.node);
        open.push(source.node);
      }
    }
  }
  return seen.has(node);
}

/** The value whose memory this one is, or is read from. */
function owner(value: Value, through = views): Value {
  const { source } = value;
  return source.kind === 'node' && through.has(source.node.operator.type)
    ? owner(source.node.inputs[0], through)
    : value;
}

function overwrites({ operator }: Node, ending: readonly Value[], bytes: number): boolean {
  return inPlace.has(operator.type) && ending.some((value) => size(value) === bytes);
}

function isGiven({ source }: Value): boolean {
  return source.kind !== 'node';
}

function total(values: readonly Value[]): number {
  return values.reduce((sum, value) => sum + size(value), 0);
}

function size(value: Value): number {
  return elementCount(staticShape(value)) * bytesOf[value.type];
}
