import type { Random } from '../core/random';

/** Draws the first values of a parameter of `count` numbers. */
export type Initialiser = (count: number, random: Random) => Float32Array;

/**
 * PyTorch's default for Linear and Conv, weight and bias: uniform within ±1/√fanIn
 * (kaiming_uniform_ with a = √5 comes to the same bound).
 */
export function uniformByFanIn(fanIn: number): Initialiser {
  const bound = 1 / Math.sqrt(fanIn);
  return (count, random) =>
    Float32Array.from({ length: count }, () => random.between(-bound, bound));
}

/**
 * Uniform within ±√(6 / (fanIn + fanOut)), which keeps the size of what passes (Glorot & Bengio 2010);
 * torch.nn.MultiheadAttention starts its projections so.
 */
export function xavierUniform(fanIn: number, fanOut: number): Initialiser {
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return (count, random) =>
    Float32Array.from({ length: count }, () => random.between(-bound, bound));
}

/** Normal around 0; BERT's initializer_range is 0.02. */
export function normal(deviation: number): Initialiser {
  return (count, random) => Float32Array.from({ length: count }, () => deviation * random.normal());
}

export function filled(number: number): Initialiser {
  return (count) => new Float32Array(count).fill(number);
}
