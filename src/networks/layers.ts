import { conv, convMaxPool, layerNorm, linear, type Value } from '../graph';
import { filled, uniformByFanIn, type Initialiser } from './initialisers';
import type { ParameterSource } from './parameters';

/** Layers with weights, named as torch.nn names them: `weight` and `bias`. */

interface LinearOptions {
  readonly bias?: boolean;
  readonly weights?: Initialiser;
  readonly biases?: Initialiser;
}

/** x Wᵀ + b over the last axis. */
export function linearLayer(
  x: Value,
  outputs: number,
  parameter: ParameterSource,
  options: LinearOptions = {},
): Value {
  const inputs = Number(x.shape.at(-1));
  const { bias = true, weights = uniformByFanIn(inputs), biases = weights } = options;
  const weight = parameter('weight', [outputs, inputs], weights);
  return linear(x, weight, bias ? parameter('bias', [outputs], biases) : undefined);
}

/** 3 x 3 x 3 convolution that keeps the size; x is [batch, channels, depth, height, width]. */
export function conv3Layer(x: Value, channels: number, parameter: ParameterSource): Value {
  const { weight, bias } = conv3Parameters(x, channels, parameter);
  return conv(x, weight, bias, { padding: 1 });
}

/** {@link conv3Layer}, then the largest of every 2 x 2 x 2 voxels. */
export function conv3PoolLayer(x: Value, channels: number, parameter: ParameterSource): Value {
  const { weight, bias } = conv3Parameters(x, channels, parameter);
  return convMaxPool(x, weight, bias, { padding: 1, pool: 2 });
}

function conv3Parameters(
  x: Value,
  channels: number,
  parameter: ParameterSource,
): { readonly weight: Value; readonly bias: Value } {
  const inputs = Number(x.shape[1]);
  const initialiser = uniformByFanIn(inputs * 27);
  return {
    weight: parameter('weight', [channels, inputs, 3, 3, 3], initialiser),
    bias: parameter('bias', [channels], initialiser),
  };
}

export function layerNormLayer(x: Value, epsilon: number, parameter: ParameterSource): Value {
  const size = [Number(x.shape.at(-1))];
  const scale = parameter('weight', size, filled(1));
  return layerNorm(x, scale, parameter('bias', size, filled(0)), epsilon);
}
