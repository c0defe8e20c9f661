import { apply, operatorTable } from '../operator';
import type { Value } from '../value';
import { expand } from './layout';

/** Operators that write where an index says; used by gradient rules, themselves without one. */
export const indexingOperators = operatorTable({
  /** y = x, then y[index] += updates along the first axis, in the order of the updates. */
  ScatterElements: { infer: ([x]) => [x] },
});

/**
 * Zeros of the shape given, to which `updates` are added at the rows that `index` (int64, same
 * shape as the updates) names. onnxruntime's CPU provider adds them in order, on one thread: the
 * same inputs give the same bits.
 */
export function scatterAdd(shape: readonly number[], index: Value, updates: Value): Value {
  return scatter(shape, index, updates, 'add');
}

/** As {@link scatterAdd}, where no place is named twice. */
export function scatterOnce(shape: readonly number[], index: Value, updates: Value): Value {
  return scatter(shape, index, updates, 'none');
}

function scatter(
  shape: readonly number[],
  index: Value,
  updates: Value,
  reduction: 'add' | 'none',
): Value {
  const zeros = expand(updates.graph.scalar(updates.type, 0), shape);
  return apply(indexingOperators.ScatterElements, [zeros, index, updates], { axis: 0, reduction });
}
