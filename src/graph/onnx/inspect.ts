import { attributeTypes, modelProto } from './schema';

/** What a serialised model contains, in words, for tests and tools. */
export interface ModelSummary {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly constants: readonly string[];
  readonly nodes: readonly {
    readonly type: string;
    readonly name: string;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    /** Attributes that are one integer. */
    readonly integers: Readonly<Record<string, number>>;
  }[];
}

interface Named {
  readonly name: string;
}

interface DecodedModel {
  readonly graph: {
    readonly input: readonly Named[];
    readonly output: readonly Named[];
    readonly initializer: readonly Named[];
    readonly node: readonly (Named & {
      readonly op_type: string;
      readonly input: readonly string[];
      readonly output: readonly string[];
      readonly attribute: readonly (Named & { readonly type: number; readonly i: unknown })[];
    })[];
  };
}

/** Reads the names and nodes of an ONNX model back. */
export function inspectModel(model: Uint8Array): ModelSummary {
  // Decoded by the schema, whose messages have just these fields.
  const { graph } = modelProto.decode(model) as unknown as DecodedModel;
  const names = (values: readonly Named[]): string[] => values.map(({ name }) => name);
  return {
    inputs: names(graph.input),
    outputs: names(graph.output),
    constants: names(graph.initializer),
    nodes: graph.node.map((node) => ({
      type: node.op_type,
      name: node.name,
      inputs: [...node.input],
      outputs: [...node.output],
      integers: Object.fromEntries(
        node.attribute
          .filter(({ type }) => type === attributeTypes.int)
          .map(({ name, i }) => [name, Number(i)]),
      ),
    })),
  };
}
