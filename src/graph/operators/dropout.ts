import { elementCount, ShapeError, staticShape, type Value } from '../value';
import { add, div, less, mul, where } from './elementwise';
import { reshape } from './layout';

/** Odd numbers without pattern: 2³² over the golden ratio, and one of the finalisers of MurmurHash3. */
const stride = 0x9e3779b1 | 0;
const siteStride = 0x85ebca6b | 0;

/**
 * x / (1 - probability), or 0 with that probability (inverted dropout, as torch.nn.Dropout).
 *
 * What is dropped is a function of `seed` (int32 [], an input of the step), `site` (which dropout
 * of the network this is) and the place in the tensor, computed in the graph by integer arithmetic
 * that every provider does alike: a seed drops the same numbers on every device and after a
 * resume, and no mask crosses the bus. onnxruntime's own Dropout has a seed per session and draws
 * on, so that a resumed run would differ.
 */
export function dropout(x: Value, probability: number, seed: Value, site: number): Value {
  if (!(probability >= 0 && probability < 1)) {
    throw new ShapeError(`dropout with the probability ${probability}`);
  }
  if (probability === 0) {
    return x;
  }
  // Bits are even over all int32, so this share of them is less than the threshold.
  const threshold = Math.round(probability * 2 ** 32 - 2 ** 31);
  const dropped = less(randomBits(staticShape(x), seed, site), threshold);
  return where(dropped, 0, mul(x, 1 / (1 - probability)));
}

/** int32 numbers without visible pattern, one for each place of the shape; the high bits are best. */
function randomBits(shape: readonly number[], seed: Value, site: number): Value {
  if (seed.type !== 'int32' || seed.shape.length > 0) {
    throw new ShapeError('a seed is one int32');
  }
  const { graph } = seed;
  const columns = shape.at(-1) ?? 1;
  const rows = elementCount(shape) / columns;
  const multiples = (count: number, step: number): number[] =>
    Array.from({ length: count }, (_, index) => Math.imul(index, step));
  // The place in row-major order times `stride`, from two short constants.
  const ofRow = graph.constant('int32', [rows, 1], multiples(rows, Math.imul(columns, stride)));
  const ofColumn = graph.constant('int32', [columns], multiples(columns, stride));
  const key = mixed(add(mul(seed, stride), Math.imul(site + 1, siteStride)));
  return reshape(mixed(add(add(ofRow, key), ofColumn)), shape);
}

/**
 * A hash in the arithmetic modulo 2³² of int32 Add, Mul and Div, which wraps on processors and
 * GPUs alike; ONNX's shifts and exclusive or are missing on WebGPU. x (2x + 1) is a permutation
 * in which a bit depends on all lower ones (RC6, Rivest et al. 1998); the division brings high
 * bits down between two of them.
 */
function mixed(x: Value): Value {
  const once = permuted(x);
  return permuted(add(once, div(once, 2 ** 16)));
}

function permuted(x: Value): Value {
  return mul(x, add(add(x, x), 1));
}
