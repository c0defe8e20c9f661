import type { GraphBuilder } from '../builder';
import { nodesBefore } from '../gradients';
import type { AttributeValue, Node } from '../operator';
import { onnxTypes } from '../operators/elementwise';
import type { Dimension, Value, ValueType } from '../value';
import { attributeTypes, modelProto } from './schema';

/** Opset 20 is the first with Gelu and is complete in every onnxruntime since 1.17. */
export const opset = 20;
/** The file format version that belongs to opset 20 (ONNX 1.15). */
const irVersion = 9;

export interface ModelDescription {
  /** Key and value pairs stored with the model. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * The graph as an ONNX model: its inputs, and the nodes and constants that the outputs, given by
 * name, depend on. An input that nothing depends on is left out.
 */
export function serialise(
  graph: GraphBuilder,
  outputs: Readonly<Record<string, Value>>,
  { metadata = {} }: ModelDescription = {},
): Uint8Array {
  const results = Object.entries(outputs);
  const nodes = nodesBefore(results.map(([, value]) => value));
  const used = new Set([...nodes.flatMap(({ inputs }) => inputs), ...results.map(([, v]) => v)]);
  const { names, aliases } = nameOutputs(results);
  const nameOf = (value: Value): string => names.get(value) ?? value.name;
  const model = {
    ir_version: irVersion,
    producer_name: 'ct-mcqa',
    opset_import: [{ domain: '', version: opset }],
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: graph.name,
      node: [...nodes.map((node) => nodeProto(node, used, nameOf)), ...aliases],
      initializer: [...used].filter(isConstant).map((value) => tensorProto(value, nameOf(value))),
      input: graph.inputs.filter((value) => used.has(value)).map((v) => valueProto(v.name, v)),
      output: results.map(([name, value]) => valueProto(name, value)),
    },
  };
  return modelProto.encode(model).finish();
}

/** Computed values take their output's name; what is an input, or an output twice, is copied. */
function nameOutputs(results: readonly (readonly [string, Value])[]): {
  readonly names: ReadonlyMap<Value, string>;
  readonly aliases: readonly object[];
} {
  const names = new Map<Value, string>();
  const aliases: object[] = [];
  for (const [name, value] of results) {
    if (value.source.kind === 'node' && !names.has(value)) {
      names.set(value, name);
    } else {
      const input = [names.get(value) ?? value.name];
      aliases.push({ op_type: 'Identity', name: `output/${name}`, input, output: [name] });
    }
  }
  return { names, aliases };
}

function nodeProto(
  { operator, inputs, outputs, attributes, scope, index }: Node,
  used: ReadonlySet<Value>,
  nameOf: (value: Value) => string,
): object {
  // Outputs that nobody reads are not asked for: indices of a MaxPool cost time.
  const last = outputs.findLastIndex((output) => used.has(output));
  return {
    op_type: operator.type,
    name: `${scope === '' ? '' : `${scope}/`}${operator.type}#${index}`,
    input: inputs.map(nameOf),
    output: outputs.slice(0, last + 1).map(nameOf),
    attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
  };
}

function attributeProto(name: string, value: AttributeValue): object {
  if (typeof value === 'number') {
    return { name, i: value, type: attributeTypes.int };
  }
  if (typeof value === 'string') {
    return { name, s: Buffer.from(value), type: attributeTypes.string };
  }
  return 'float' in value
    ? { name, f: value.float, type: attributeTypes.float }
    : { name, ints: value, type: attributeTypes.ints };
}

function isConstant(value: Value): boolean {
  return value.source.kind === 'constant';
}

function tensorProto(value: Value, name: string): object {
  if (value.source.kind !== 'constant') {
    throw new TypeError(`${value.name} is not a constant`);
  }
  // ONNX stores little-endian numbers, as every machine that onnxruntime runs on does.
  const { buffer, byteOffset, byteLength } = value.source.data;
  return {
    name,
    dims: value.shape,
    data_type: onnxTypes[value.type],
    raw_data: new Uint8Array(buffer, byteOffset, byteLength),
  };
}

function valueProto(name: string, { type, shape }: ValueType): object {
  const dim = shape.map((size: Dimension) =>
    typeof size === 'number' ? { dim_value: size } : { dim_param: size },
  );
  return { name, type: { tensor_type: { elem_type: onnxTypes[type], shape: { dim } } } };
}
