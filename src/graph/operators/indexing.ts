import { apply, operatorTable } from '../operator';
import { staticShape, type Value } from '../value';
import { expand, reshape } from './layout';

/** Operators that write where an index says; used by gradient rules, themselves without one. */
export const indexingOperators = operatorTable({
  /** y = x, then y[index] += updates along the first axis, in the order of the updates. */
  ScatterElements: { infer: ([x]) => [x] },
});

/**
 * Zeros of the shape given, to which `updates` are added at the rows that `index` (int64, same
 * shape as the updates) names. ScatterElements rather than ScatterND: onnxruntime runs the latter
 * in parallel, which loses additions to the same place; this one is exact and repeatable.
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
  staticShape(updates);
  const zeros = expand(
    reshape(
      updates.graph.scalar(updates.type, 0),
      shape.map(() => 1),
    ),
    shape,
  );
  return apply(indexingOperators.ScatterElements, [zeros, index, updates], { axis: 0, reduction });
}
