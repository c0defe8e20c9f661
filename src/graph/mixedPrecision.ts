import { getOrAdd } from './builder';
import { nodesBefore } from './gradients';
import { integer, type Node } from './operator';
import { cast } from './operators/elementwise';
import { elementCount, staticShape, type Value } from './value';

/** Treatments by the ONNX name of the operator. */
export type Treatments = Readonly<Record<string, 'product' | 'exact'>>;

/**
 * How an operator is treated; one that is not listed (norms, softmax, sums, losses, optimisers)
 * computes in float32 as before.
 *
 * - `product`: takes halves and gives halves. Nearly all operations of a step are in these, and
 *   devices do several times as many on halves.
 * - `exact`: every number of the result is one of the numbers that came in, or says how two of them
 *   compare. On halves it gives just what it would give on the same numbers in float32, at half the
 *   memory; so it changes no result where it computes, only where the Casts stand.
 *
 * torch.autocast has the same products (conv*, linear, matmul, bmm), and norms, softmax and losses in
 * float32, but lets what is in neither of its lists follow its input: there residual additions and
 * GELU after a product are of halves as well.
 */
export const treatments: Treatments = {
  Conv: 'product',
  Gemm: 'product',
  MatMul: 'product',

  Concat: 'exact',
  Equal: 'exact',
  Expand: 'exact',
  Gather: 'exact',
  Less: 'exact',
  Max: 'exact',
  MaxPool: 'exact',
  Min: 'exact',
  Neg: 'exact',
  Pad: 'exact',
  ReduceMax: 'exact',
  ReduceMin: 'exact',
  Relu: 'exact',
  Reshape: 'exact',
  Slice: 'exact',
  Transpose: 'exact',
  Where: 'exact',
};

/** How many numbers a product adds up for each of its result. */
const termCounts: Readonly<Record<string, (node: Node) => number>> = {
  Conv: ({ inputs: [, w] }) => elementCount(staticShape(w).slice(1)),
  Gemm: ({ inputs: [a], attributes }) =>
    staticShape(a)[integer(attributes, 'transA') === 1 ? 0 : 1],
  MatMul: ({ inputs: [a] }) => staticShape(a).slice(-1)[0],
};

/**
 * What a half is in the graph.
 *
 * - `float16`: a value of that type, for devices that multiply halves and add in float32, as CUDA.
 * - `float16_sums`: the same for devices that also add in halves, as WebGPU in onnxruntime 1.30 does
 *   (its issue 26732), and for those of which it is not known: products with long sums, such as the
 *   gradients of convolutions' weights, stay in float32.
 * - `rounded`: a float32 value rounded to what float16 can hold (its overflow is infinite too);
 *   products multiply and add such values in float32. For processors: onnxruntime has no half
 *   products for them, and leaves out Casts around float32 ones, so that nothing would be rounded.
 */
export type HalfKind = 'float16' | 'float16_sums' | 'rounded';

interface Halves {
  readonly toHalf: (full: Value) => Value;
  readonly toFull: (half: Value) => Value;
  /** Of what a product of halves gave. */
  readonly result: (product: Value) => Value;
  /** Terms of the longest sum that halves may be added up in. */
  readonly longestSum: number;
}

const rounded = (value: Value): Value => cast(cast(value, 'float16'), 'float32');
const float16: Halves = {
  toHalf: (full) => cast(full, 'float16'),
  toFull: (half) => cast(half, 'float32'),
  result: (product) => product,
  longestSum: Infinity,
};
const halvesOf: Readonly<Record<HalfKind, Halves>> = {
  float16,
  // A sum of n halves is off by up to n 2^-11 of its largest part, by some √n 2^-11 as a rule: 1.6 %.
  float16_sums: { ...float16, longestSum: 1024 },
  rounded: { toHalf: rounded, toFull: (half) => half, result: rounded, longestSum: Infinity },
};

/**
 * The outputs of a finished graph, forward and backward pass alike, with its products in half
 * precision: each float32 tensor that products read is cast once, what they give is cast back where
 * something else reads it. Inputs and outputs of the graph stay float32.
 */
export function inMixedPrecision(
  outputs: Readonly<Record<string, Value>>,
  kind: HalfKind,
  treated: Treatments = treatments,
): Record<string, Value> {
  const halves = halvesOf[kind];
  const treatmentOf: TreatmentOf = (node) => {
    const treatment = treated[node.operator.type];
    const isTooLong = (): boolean => termCounts[node.operator.type](node) > halves.longestSum;
    // A product of float64 or integers is none of halves.
    return treatment === 'product' && (!isFloat(node.outputs[0]) || isTooLong())
      ? undefined
      : treatment;
  };
  const nodes = nodesBefore(Object.values(outputs));
  const rewriting = new Rewriting(nodes, Object.values(outputs), halves, treatmentOf);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, rewriting.full(value)]),
  );
}

type TreatmentOf = (node: Node) => Treatments[string] | undefined;

/** Goes through the nodes in order; every value of the old graph gets its forms in the new one. */
class Rewriting {
  private readonly fulls = new Map<Value, Value>();
  private readonly halves = new Map<Value, Value>();
  /** Values that a node gives in half precision, where others are cast to it. */
  private readonly madeInHalf = new Set<Value>();
  private readonly wanted: Wanted;

  constructor(
    nodes: readonly Node[],
    outputs: readonly Value[],
    private readonly format: Halves,
    private readonly treatmentOf: TreatmentOf,
  ) {
    this.wanted = formsWanted(nodes, outputs, treatmentOf);
    nodes.forEach((node) => {
      this.rewrite(node);
    });
  }

  /** The value as float32 where it is a float, else as it was. */
  full(value: Value): Value {
    return getOrAdd(this.fulls, value, () =>
      this.madeInHalf.has(value) ? this.format.toFull(this.half(value)) : value,
    );
  }

  private half(value: Value): Value {
    return getOrAdd(this.halves, value, () => this.format.toHalf(this.full(value)));
  }

  private rewrite(node: Node): void {
    const { operator, inputs, outputs, attributes, scope } = node;
    const treatment = this.treatmentOf(node);
    const isProduct = treatment === 'product';
    const inHalf = isProduct || (treatment === 'exact' && this.isExactInHalf(node));
    const { graph } = outputs[0];
    graph.within(scope, () => {
      const forms = inputs.map((value) =>
        inHalf && isFloat(value) ? this.half(value) : this.full(value),
      );
      const results = graph.apply(operator, forms, attributes);
      for (const [position, output] of outputs.entries()) {
        const result = results[position];
        if (inHalf && isFloat(output)) {
          this.madeInHalf.add(output);
          this.halves.set(output, isProduct ? this.format.result(result) : result);
        } else {
          this.fulls.set(output, result);
        }
      }
    });
  }

  /**
   * To round before an exact operator is to round after it, so it goes in halves where nothing reads
   * the result in float32, or where all that comes in was made in half. Comparisons do in the latter
   * case only: of numbers that were rounded for them they might say something else.
   */
  private isExactInHalf({ inputs, outputs: [output] }: Node): boolean {
    const floats = inputs.filter(isFloat);
    const areHalf =
      floats.some((value) => this.madeInHalf.has(value)) &&
      floats.every((value) => this.madeInHalf.has(value) || isHalfConstant(value));
    const { inHalf, inFull } = this.wanted;
    return isFloat(output) ? inHalf.has(output) && (areHalf || !inFull.has(output)) : areHalf;
  }
}

/** In which forms the readers of a value want it, those behind exact operators counted. */
interface Wanted {
  readonly inHalf: ReadonlySet<Value>;
  readonly inFull: ReadonlySet<Value>;
}

function formsWanted(
  nodes: readonly Node[],
  outputs: readonly Value[],
  treatmentOf: TreatmentOf,
): Wanted {
  const inHalf = new Set<Value>();
  const inFull = new Set<Value>(outputs);
  for (const node of nodes.toReversed()) {
    const {
      inputs,
      outputs: [output],
    } = node;
    const treatment = treatmentOf(node);
    const passesOn = treatment === 'exact' && isFloat(output);
    const wantsHalf = passesOn ? inHalf.has(output) : treatment === 'product';
    const wantsFull = passesOn ? inFull.has(output) : treatment !== 'product';
    for (const input of inputs) {
      if (wantsHalf) {
        inHalf.add(input);
      }
      if (wantsFull) {
        inFull.add(input);
      }
    }
  }
  return { inHalf, inFull };
}

function isFloat({ type }: Value): boolean {
  return type === 'float32';
}

/** Bits of a float16 number behind its first one, its smallest exponent and its largest number. */
const fractionBits = 10;
const smallestExponent = -14;
const largest = 65504;

/** Whether float16 holds every number of a constant. */
function isHalfConstant({ source }: Value): boolean {
  return source.kind === 'constant' && Array.from(source.data, Number).every(isHalf);
}

function isHalf(number: number): boolean {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(number))), smallestExponent);
  return (
    number === 0 ||
    (Math.abs(number) <= largest && Number.isInteger(number / 2 ** (exponent - fractionBits)))
  );
}
