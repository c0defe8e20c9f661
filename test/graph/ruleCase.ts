import type { DataType, Value } from '../../src/graph';

/** A small function of random inputs whose gradient is checked. */
export interface RuleCase {
  /** Operators whose rule this case is about; none where it is about a composition. */
  readonly rules: readonly string[];
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly build: (inputs: Record<string, Value>) => Value;
  /** float32 where onnxruntime's CPU provider has no float64 kernel. */
  readonly type?: 'float32';
  /** Why WebGPU leaves some node of it to the processor; checked to be so. */
  readonly notWhollyOnWebgpu?: string;
  /** Range of the inputs, away from poles and kinks; default -1 to 1. */
  readonly range?: readonly [number, number];
}

export type RuleCases = Readonly<Record<string, RuleCase>>;

/** A constant list, for indices and labels. */
export const integerConstant = (
  { graph }: Value,
  numbers: readonly number[],
  type: DataType = 'int32',
): Value => graph.constant(type, [numbers.length], numbers);
