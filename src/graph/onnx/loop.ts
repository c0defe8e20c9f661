import { attributeTypes, modelProto } from './schema';

/** How a model of one step becomes a model of many. */
export interface LoopPlan {
  /** Inputs of which each step has its own; they get a first axis, the steps. */
  readonly perStep: readonly string[];
  /** Inputs that the next step takes from the output `next`; outside they keep both names. */
  readonly carried: readonly { readonly name: string; readonly next: string }[];
}

/** The input of a looped model that says how many steps to run: int64 []. */
export const loopSteps = 'loop_steps';

/**
 * A model that runs another one `loop_steps` times inside one `Loop`: what is carried stays on the
 * device between the steps, so that with providers whose results always come back to main memory
 * (CUDA in onnxruntime-node) weights cross the bus once for many steps. Outputs that are not
 * carried come out stacked, [steps, ...]; inputs that are neither carried nor per step stay as they
 * are, the same for all steps.
 */
export function loopModel(model: Uint8Array, { perStep, carried }: LoopPlan): Uint8Array {
  // Decoded by the schema, whose messages have just these fields.
  const step = modelProto.decode(model) as unknown as ModelMessage;
  const { input, output, node, initializer, name } = step.graph;
  const stacked = new Set(perStep);
  const carriedNames = new Set(carried.map((tensor) => tensor.name));
  const inside = renaming([
    ...stacked,
    ...carriedNames,
    ...output.map((value) => value.name),
    iteration,
    condition,
  ]);
  const inputNamed = byName(input);
  const outputNamed = byName(output);
  const results = output.filter((value) => !carried.some(({ next }) => next === value.name));

  const body = {
    name: `${name} body`,
    node: [
      ...perStep.map((tensor) => gatherStep(tensor, inside(tensor))),
      ...node.map((each) => ({
        ...each,
        input: each.input.map(inside),
        output: each.output.map(inside),
      })),
      identity(inside(condition), goesOn),
    ],
    input: [
      scalarOf(inside(iteration), int64),
      scalarOf(inside(condition), bool),
      ...carried.map((tensor) => renamed(inputNamed(tensor.name), inside(tensor.name))),
    ],
    output: [
      scalarOf(goesOn, bool),
      ...carried.map(({ next }) => renamed(outputNamed(next), inside(next))),
      ...results.map((value) => renamed(value, inside(value.name))),
    ],
  };
  const loop = {
    op_type: 'Loop',
    name: 'steps',
    // An empty name: no condition but the number of steps.
    input: [loopSteps, '', ...carried.map((tensor) => tensor.name)],
    output: [...carried.map(({ next }) => next), ...results.map((value) => value.name)],
    attribute: [{ name: 'body', g: body, type: attributeTypes.graph }],
  };
  return modelProto
    .encode({
      ...step,
      graph: {
        name: `${name} loop`,
        node: [loop],
        initializer,
        input: [
          scalarOf(loopSteps, int64),
          ...input.map((value) => (stacked.has(value.name) ? withSteps(value) : value)),
        ],
        output: [...carried.map(({ next }) => outputNamed(next)), ...results.map(withSteps)],
      },
    })
    .finish();
}

const iteration = 'iteration';
const condition = 'condition';
const goesOn = 'goes_on';
/** TensorProto.DataType */
const int64 = 7;
const bool = 9;

interface ValueMessage {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number;
      readonly shape: { readonly dim: readonly object[] };
    };
  };
}

interface NodeMessage {
  readonly name: string;
  readonly op_type: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute?: readonly object[];
}

interface ModelMessage {
  readonly graph: {
    readonly name: string;
    readonly node: readonly NodeMessage[];
    readonly initializer: readonly object[];
    readonly input: readonly ValueMessage[];
    readonly output: readonly ValueMessage[];
  };
}

/** Names of the body that would hide one of the graph around it get a prefix. */
function renaming(names: readonly string[]): (name: string) => string {
  const hidden = new Set(names);
  return (name) => (hidden.has(name) ? `step/${name}` : name);
}

function byName(values: readonly ValueMessage[]): (name: string) => ValueMessage {
  return (name) => {
    const value = values.find((candidate) => candidate.name === name);
    if (value === undefined) {
      throw new Error(`the step has no input or output ${name}`);
    }
    return value;
  };
}

function renamed(value: ValueMessage, name: string): ValueMessage {
  return { ...value, name };
}

/** The value with the steps as its first axis. */
function withSteps({ name, type }: ValueMessage): ValueMessage {
  const { elem_type, shape } = type.tensor_type;
  const dim = [{ dim_param: 'steps' }, ...shape.dim];
  return { name, type: { tensor_type: { elem_type, shape: { dim } } } };
}

function scalarOf(name: string, elementType: number): ValueMessage {
  return { name, type: { tensor_type: { elem_type: elementType, shape: { dim: [] } } } };
}

/** This step's part of a stacked input. */
function gatherStep(stacked: string, name: string): NodeMessage {
  return {
    op_type: 'Gather',
    name: `step of ${stacked}`,
    input: [stacked, `step/${iteration}`],
    output: [name],
    attribute: [{ name: 'axis', i: 0, type: attributeTypes.int }],
  };
}

function identity(from: string, to: string): NodeMessage {
  return { op_type: 'Identity', name: to, input: [from], output: [to] };
}
