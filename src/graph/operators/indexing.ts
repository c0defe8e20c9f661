import { apply, integer, operatorTable } from '../operator';
import {
  elementCount,
  formatType,
  positiveAxis,
  ShapeError,
  staticShape,
  type Value,
} from '../value';
import { detach, equal, where } from './elementwise';
import { expand, reshape } from './layout';

/** Operators that read or write where an index says. In the formulae dy is the gradient of y. */
export const indexingOperators = operatorTable({
  // y = x[index] along one axis (rows of a table):  dx[index] += dy
  Gather: {
    infer: ([x, index], attributes) => {
      const axis = integer(attributes, 'axis');
      const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
      return [{ type: x.type, shape }];
    },
    gradient: ({ inputs: [x, index], attributes }, dy) => [
      () => {
        const axis = integer(attributes, 'axis');
        const shape = staticShape(x);
        const count = elementCount(staticShape(index));
        const places = reshape(
          index,
          shape.map((_, along) => (along === axis ? count : 1)),
        );
        const partShape = shape.with(axis, count);
        return scatterAdd(shape, expand(places, partShape), reshape(dy, partShape), axis);
      },
      undefined,
    ],
  },
  // y[i, j, k] = x[i, index[i, j, k], k], here along the second axis:
  //   dx[i, index[i, j, k], k] += dy[i, j, k]
  GatherElements: {
    infer: ([x, index]) => {
      if (x.shape.length !== index.shape.length) {
        throw new ShapeError(`GatherElements of ${formatType(x)} at ${formatType(index)}`);
      }
      return [{ type: x.type, shape: index.shape }];
    },
    gradient: ({ inputs: [x, index], attributes }, dy) => [
      () => scatterAdd(staticShape(x), index, dy, integer(attributes, 'axis')),
      undefined,
    ],
  },
  /** y = x, then y[index] += updates along one axis, in the order of the updates; for rules. */
  ScatterElements: { infer: ([x]) => [x] },
});

/** The parts of x named by an integer tensor, along one axis. */
export function gather(x: Value, index: Value, axis = 0): Value {
  return apply(indexingOperators.Gather, [x, index], { axis: positiveAxis(axis, x.shape.length) });
}

/** One number of x for each number of `index`, which differs from x in the size of `axis` only. */
export function gatherElements(x: Value, index: Value, axis = 0): Value {
  return apply(indexingOperators.GatherElements, [x, index], {
    axis: positiveAxis(axis, x.shape.length),
  });
}

/**
 * Rows of a table [entries, width] by integer. As torch.nn.Embedding with `padding_idx`, the row
 * `padding` is read like any other but learns nothing.
 */
export function embedding(table: Value, index: Value, padding?: number): Value {
  const rows = gather(table, index);
  if (padding === undefined) {
    return rows;
  }
  const isPadding = equal(reshape(index, [...index.shape, 1]), padding);
  return where(isPadding, detach(rows), rows);
}

/**
 * Zeros of the shape given, to which `updates` are added along `axis` at the places that `index`
 * (integers, same shape as the updates) names. onnxruntime's CPU provider adds them in order, on
 * one thread: the same inputs give the same bits.
 */
function scatterAdd(shape: readonly number[], index: Value, updates: Value, axis = 0): Value {
  const zeros = expand(updates.graph.scalar(updates.type, 0), shape);
  const attributes = { axis, reduction: 'add' };
  return apply(indexingOperators.ScatterElements, [zeros, index, updates], attributes);
}
