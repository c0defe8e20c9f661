import { apply } from '../operator';
import { elementCount, staticShape, type Value } from '../value';
import { concat, layoutOperators, padAll, reshape, slice, transpose } from './layout';
import { matmul } from './matrix';

/**
 * Windows that step by s along an axis see it as s interleaved axes: phase r holds the places
 * r, r + s, r + 2s ... Split so, windows step by 1, and what is copied lies in whole rows.
 */

/**
 * [N, C, ...space] -> [N, ...strides, C, ...space / strides]; strides divide the space. The last axis
 * is split by strided slices: onnxruntime transposes single numbers at a third of their speed.
 */
export function splitPhases(x: Value, strides: readonly number[]): Value {
  const outer = strides.slice(0, -1);
  const [stride] = strides.slice(-1);
  const [batch, channels, ...space] = staticShape(x);
  const pairs = outer.flatMap((step, axis) => [space[axis] / step, step]);
  const [groupAxes, phaseAxes] = pairAxes(outer.length, 2);
  const order = [0, ...phaseAxes, 1, ...groupAxes, 2 + pairs.length];
  const axis = x.shape.length - 1;
  const width = space[space.length - 1];
  const parts = Array.from({ length: stride }, (_, start) => {
    const part = slice(x, { axis, start, end: width, step: stride });
    const split = transpose(reshape(part, [batch, channels, ...pairs, width / stride]), order);
    return reshape(split, split.shape.toSpliced(strides.length, 0, 1));
  });
  const [first, ...others] = parts;
  return concat([first, ...others], strides.length);
}

/** Up to this length of the last axis a matrix product interleaves its phases faster. */
const longestProduct = 256;

/** The reverse of {@link splitPhases}. */
export function joinPhases(phases: Value, strides: readonly number[]): Value {
  const shape = staticShape(phases);
  const channels = strides.length + 1;
  const space = strides.map((stride, axis) => stride * shape[channels + 1 + axis]);
  const joinedShape = [shape[0], shape[channels], ...space];
  const width = space[space.length - 1];
  const [stride] = strides.slice(-1);
  const pairs = strides.map((_, axis) => [channels + 1 + axis, 1 + axis]);
  if (stride === 1 || width > longestProduct) {
    return reshape(transpose(phases, [0, channels, ...pairs.flat()]), joinedShape);
  }
  const [lastPair] = pairs.slice(-1);
  const order = [0, channels, ...pairs.slice(0, -1).flat(), ...lastPair.toReversed()];
  return matmul(reshape(transpose(phases, order), joinedShape), interleaving(phases, stride));
}

/** The permutation that takes place q of phase r, at r length + q, to stride q + r. */
function interleaving({ graph, type, shape }: Value, stride: number): Value {
  const length = Number(shape[shape.length - 1]);
  const width = stride * length;
  const ones = new Array<number>(width * width).fill(0);
  for (let from = 0; from < width; from++) {
    ones[from * width + stride * (from % length) + Math.floor(from / length)] = 1;
  }
  return graph.constant(type, [width, width], ones);
}

/** The axes of a list of pairs that starts at `first`: those of the firsts and of the seconds. */
export function pairAxes(count: number, first: number): readonly [number[], number[]] {
  const firsts = Array.from({ length: count }, (_, pair) => first + 2 * pair);
  return [firsts, firsts.map((axis) => axis + 1)];
}

/** `counts` places from `starts` on along the last axes. */
export function cut(x: Value, starts: readonly number[], counts: readonly number[]): Value {
  const first = x.shape.length - starts.length;
  return starts.reduce(
    (part, start, axis) => slice(part, { axis: first + axis, start, end: start + counts[axis] }),
    x,
  );
}

/** Adds the number `filling` before and after each of the last axes; negative amounts cut. */
export function padSpace(
  x: Value,
  before: readonly number[],
  after: readonly number[],
  filling = 0,
): Value {
  const others = new Array<number>(x.shape.length - before.length).fill(0);
  const amounts = [...others, ...before, ...others, ...after];
  return filling === 0 || amounts.every((amount) => amount <= 0)
    ? padAll(x, amounts)
    : apply(layoutOperators.Pad, [x, x.graph.integers(amounts), x.graph.scalar(x.type, filling)]);
}

/** All lists of numbers below the limits, the last number fastest. */
export function placesBelow(limits: readonly number[]): number[][] {
  return Array.from({ length: elementCount(limits) }, (_, index) =>
    limits.map((limit, axis) => Math.floor(index / elementCount(limits.slice(axis + 1))) % limit),
  );
}
