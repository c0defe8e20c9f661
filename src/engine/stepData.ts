import { elementCount } from '../graph';
import type { StepInput } from '../networks';
import type { Runtime, Tensor } from './runtime';

/** The arrays a caller fills before a step, by input name (`stepInputs`); the same from step to step. */
export type StepArrays = Readonly<Record<string, Float32Array | Int32Array>>;

type Tensors = Record<string, Tensor>;

/** The data of one step, or of several that run together, stacked: those of step i are part i. */
export class StepData {
  private readonly stacked: StepArrays;

  constructor(
    private readonly runtime: Runtime,
    private readonly inputs: readonly StepInput[],
    steps: number,
  ) {
    this.stacked = Object.fromEntries(
      inputs.map((input) => {
        const count = steps * elementCount(input.shape);
        const array = input.type === 'float32' ? new Float32Array(count) : new Int32Array(count);
        return [input.name, array];
      }),
    );
  }

  /** What to fill for one step. */
  arrays(part: number): StepArrays {
    return Object.fromEntries(
      this.inputs.map((input) => [input.name, this.parts(input, part, part + 1)]),
    );
  }

  /** The inputs of one step, over the same memory. */
  tensorsOf(part: number): Tensors {
    return this.tensors(part, part + 1, ({ shape }) => shape);
  }

  /** The inputs of the first `count` steps, each with the steps as its first axis. */
  stackedTensors(count: number): Tensors {
    return this.tensors(0, count, ({ shape }) => [count, ...shape]);
  }

  private tensors(
    start: number,
    end: number,
    shapeOf: (input: StepInput) => readonly number[],
  ): Tensors {
    return Object.fromEntries(
      this.inputs.map((input) => {
        const array = this.parts(input, start, end);
        return [input.name, new this.runtime.Tensor(input.type, array, shapeOf(input))];
      }),
    );
  }

  private parts(input: StepInput, start: number, end: number): Float32Array | Int32Array {
    const size = elementCount(input.shape);
    return this.stacked[input.name].subarray(start * size, end * size);
  }
}
