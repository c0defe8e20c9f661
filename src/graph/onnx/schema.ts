import { Root, type Type } from 'protobufjs';

/**
 * The messages of ONNX's onnx.proto that a plain graph needs, by field number
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
const root = Root.fromJSON({
  nested: {
    ModelProto: message({
      ir_version: [1, 'int64'],
      producer_name: [2, 'string'],
      producer_version: [3, 'string'],
      graph: [7, 'GraphProto'],
      opset_import: [8, 'OperatorSetIdProto', 'repeated'],
      metadata_props: [14, 'StringStringEntryProto', 'repeated'],
    }),
    StringStringEntryProto: message({ key: [1, 'string'], value: [2, 'string'] }),
    OperatorSetIdProto: message({ domain: [1, 'string'], version: [2, 'int64'] }),
    GraphProto: message({
      node: [1, 'NodeProto', 'repeated'],
      name: [2, 'string'],
      initializer: [5, 'TensorProto', 'repeated'],
      input: [11, 'ValueInfoProto', 'repeated'],
      output: [12, 'ValueInfoProto', 'repeated'],
    }),
    NodeProto: message({
      input: [1, 'string', 'repeated'],
      output: [2, 'string', 'repeated'],
      name: [3, 'string'],
      op_type: [4, 'string'],
      attribute: [5, 'AttributeProto', 'repeated'],
    }),
    AttributeProto: message({
      name: [1, 'string'],
      f: [2, 'float'],
      i: [3, 'int64'],
      s: [4, 'bytes'],
      g: [6, 'GraphProto'],
      ints: [8, 'int64', 'repeated'],
      type: [20, 'int32'],
    }),
    TensorProto: message({
      dims: [1, 'int64', 'repeated'],
      data_type: [2, 'int32'],
      name: [8, 'string'],
      raw_data: [9, 'bytes'],
    }),
    ValueInfoProto: message({ name: [1, 'string'], type: [2, 'TypeProto'] }),
    TypeProto: message({ tensor_type: [1, 'TensorTypeProto'] }),
    TensorTypeProto: message({ elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] }),
    TensorShapeProto: message({ dim: [1, 'DimensionProto', 'repeated'] }),
    DimensionProto: message({ dim_value: [1, 'int64'], dim_param: [2, 'string'] }),
  },
});

export const modelProto: Type = root.lookupType('ModelProto');

/** AttributeProto.type */
export const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

type Field = readonly [id: number, type: string, rule?: 'repeated'];

function message(fields: Readonly<Record<string, Field>>): {
  fields: Record<string, { id: number; type: string; rule?: string; options?: object }>;
} {
  return {
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, [id, type, rule]]) => [
        name,
        // proto2: repeated numbers are written one by one.
        rule === undefined ? { id, type } : { id, type, rule, options: { packed: false } },
      ]),
    ),
  };
}
