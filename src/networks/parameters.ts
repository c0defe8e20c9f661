/** One weight tensor of a model. Names are PyTorch's, such as `text.layers.0.q.weight`. */
export interface ParameterSpec {
  readonly name: string;
  /** Row-major, last axis fastest; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** False for the weights of a frozen tower. */
  readonly trainable: boolean;
}

/** The numbers of one parameter, row-major. */
export interface ParameterTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** All weights of a model by parameter name. */
export type Parameters = ReadonlyMap<string, ParameterTensor>;
