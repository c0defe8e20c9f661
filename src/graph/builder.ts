import type { Attributes, Node, Operator } from './operator';
import {
  elementCount,
  ShapeError,
  tensorData,
  type DataType,
  type Shape,
  type TensorData,
  type Value,
} from './value';

/** Constants up to this many bytes are compared by content, so that equal ones exist once. */
const comparedBytes = 1024;

/**
 * A graph under construction. Operators add themselves to the graph of their inputs; the same
 * operator on the same inputs is one node, so rules may repeat what the forward pass computed.
 */
export class GraphBuilder {
  readonly inputs: Value[] = [];
  private readonly names = new Set<string>();
  private readonly nodesByContent = new Map<string, Node>();
  private readonly constantsByContent = new Map<string, Value>();
  private readonly identities = new Map<Value, number>();
  private scopeName = '';

  constructor(readonly name: string) {}

  /** A tensor that is fed when the graph runs. */
  input(name: string, type: DataType, shape: Shape): Value {
    const value = this.value(this.claim(name), type, shape, { kind: 'input' });
    this.inputs.push(value);
    return value;
  }

  /** A tensor stored in the model; `name` for weights, which are then never merged with others. */
  constant(
    type: DataType,
    shape: readonly number[],
    numbers: TensorData | readonly number[],
    name?: string,
  ): Value {
    const data = ArrayBuffer.isView(numbers) ? numbers : tensorData(type, numbers);
    if (data.length !== elementCount(shape)) {
      throw new ShapeError(`${data.length} numbers for the shape [${shape.join(',')}]`);
    }
    const source = { kind: 'constant', data } as const;
    if (name !== undefined || data.byteLength > comparedBytes) {
      return this.value(this.claim(name ?? this.unusedName('constant')), type, shape, source);
    }
    const content = `${type}[${shape.join(',')}]=${data.join(',')}`;
    return getOrAdd(this.constantsByContent, content, () =>
      this.value(this.claim(this.unusedName('constant')), type, shape, source),
    );
  }

  /** A single number, shape []. */
  scalar(type: DataType, number: number): Value {
    return this.constant(type, [], [number]);
  }

  /** A list of sizes or axes, as operators such as Reshape take it. */
  integers(numbers: readonly number[]): Value {
    return this.constant('int64', [numbers.length], numbers);
  }

  /** The outputs of an operator. Use the functions of `operators/` instead where there is one. */
  apply(
    operator: Operator,
    inputs: readonly Value[],
    attributes: Attributes = {},
  ): readonly Value[] {
    const content = JSON.stringify([
      operator.type,
      inputs.map((value) => this.identity(value)),
      attributes,
    ]);
    return getOrAdd(this.nodesByContent, content, () => this.node(operator, inputs, attributes))
      .outputs;
  }

  /** Runs `build` with the name added to the scope of the nodes it makes. */
  within<T>(scope: string, build: () => T): T {
    const outer = this.scopeName;
    this.scopeName = outer === '' ? scope : `${outer}.${scope}`;
    try {
      return build();
    } finally {
      this.scopeName = outer;
    }
  }

  private node(operator: Operator, inputs: readonly Value[], attributes: Attributes): Node {
    const outputs: Value[] = [];
    const index = this.nodesByContent.size;
    const node: Node = { operator, inputs, attributes, outputs, index, scope: this.scopeName };
    const prefix = this.scopeName === '' ? '' : `${this.scopeName}/`;
    operator.infer(inputs, attributes).forEach(({ type, shape }, position) => {
      const name = this.claim(this.unusedName(`${prefix}${operator.type}`));
      outputs.push(this.value(name, type, shape, { kind: 'node', node, index: position }));
    });
    return node;
  }

  private value(name: string, type: DataType, shape: Shape, source: Value['source']): Value {
    const value = { graph: this, name, type, shape: [...shape], source };
    this.identities.set(value, this.identities.size);
    return value;
  }

  private identity(value: Value): number {
    const identity = this.identities.get(value);
    if (identity === undefined) {
      throw new Error(`${value.name} belongs to another graph than ${this.name}`);
    }
    return identity;
  }

  private unusedName(prefix: string): string {
    return `${prefix}_${this.names.size}`;
  }

  private claim(name: string): string {
    if (this.names.has(name)) {
      throw new Error(`two values named ${name} in the graph ${this.name}`);
    }
    this.names.add(name);
    return name;
  }
}

/** The entry of a key, made where it is missing. */
export function getOrAdd<Key, Entry>(map: Map<Key, Entry>, key: Key, make: () => Entry): Entry {
  let entry = map.get(key);
  if (entry === undefined) {
    entry = make();
    map.set(key, entry);
  }
  return entry;
}
