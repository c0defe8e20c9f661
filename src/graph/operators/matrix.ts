import { broadcastShapes } from '../broadcast';
import { apply, integer, operatorTable } from '../operator';
import { elementCount, formatType, isStatic, ShapeError, staticShape, type Value } from '../value';
import { add } from './elementwise';
import { reshape, transpose } from './layout';
import { sumTo } from './reduction';

/** Matrix products. In the formulae dY is the gradient of the output Y. */
export const matrixOperators = operatorTable({
  // Y = A B, batched over the leading axes:  dA = dY Bᵀ,  dB = Aᵀ dY, each summed over the axes
  // along which it was broadcast
  MatMul: {
    infer: ([a, b]) => {
      const [rows, inner] = a.shape.slice(-2);
      const [outer, columns] = b.shape.slice(-2);
      if (a.shape.length < 2 || b.shape.length < 2 || inner !== outer || a.type !== b.type) {
        throw new ShapeError(`MatMul of ${formatType(a)} and ${formatType(b)}`);
      }
      const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
      return [{ type: a.type, shape: [...batch, rows, columns] }];
    },
    gradient: ({ inputs: [a, b] }, dy) => [
      () => sumTo(matmul(dy, swapLast(b)), a.shape),
      () => secondFactorGradient(a, b, dy),
    ],
  },
  // Y = op(A) op(B) + c, op transposes or not.
  //   dop(A) = dY op(B)ᵀ,  dop(B) = op(A)ᵀ dY,  dc = dY summed to its shape
  // Gemm transposes while it packs, so no Transpose is ever written out.
  Gemm: {
    infer: ([a, b], attributes) => {
      const [rows, inner] = flippedIf(integer(attributes, 'transA'), a);
      const [outer, columns] = flippedIf(integer(attributes, 'transB'), b);
      if (a.shape.length !== 2 || b.shape.length !== 2 || inner !== outer || a.type !== b.type) {
        throw new ShapeError(`Gemm of ${formatType(a)} and ${formatType(b)}`);
      }
      return [{ type: a.type, shape: [rows, columns] }];
    },
    gradient: ({ inputs: [a, b, c], attributes }, dy) => {
      const transA = integer(attributes, 'transA') === 1;
      const transB = integer(attributes, 'transB') === 1;
      return [
        () =>
          transA ? gemm(b, dy, { transA: transB, transB: true }) : gemm(dy, b, { transB: !transB }),
        () =>
          transB ? gemm(dy, a, { transA: true, transB: transA }) : gemm(a, dy, { transA: !transA }),
        () => sumTo(dy, c.shape),
      ];
    },
  },
});

/** Matrix product over the last two axes; the axes before them broadcast. */
export const matmul = (a: Value, b: Value): Value => apply(matrixOperators.MatMul, [a, b]);

export interface GemmOptions {
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Added to the product, broadcast. */
  readonly bias?: Value;
}

/** Product of two matrices, each as it is or transposed. */
export function gemm(a: Value, b: Value, options: GemmOptions = {}): Value {
  return apply(matrixOperators.Gemm, options.bias === undefined ? [a, b] : [a, b, options.bias], {
    transA: options.transA === true ? 1 : 0,
    transB: options.transB === true ? 1 : 0,
  });
}

/** x Wᵀ + b over the last axis of x; W is [out, in] as PyTorch stores it. */
export function linear(x: Value, weight: Value, bias?: Value): Value {
  if (!isStatic(x)) {
    const product = matmul(x, transpose(weight, [1, 0]));
    return bias === undefined ? product : add(product, bias);
  }
  const shape = staticShape(x);
  const features = shape[shape.length - 1];
  const rows = reshape(x, [elementCount(shape.slice(0, -1)), features]);
  const result = gemm(rows, weight, { transB: true, ...(bias === undefined ? {} : { bias }) });
  return reshape(result, [...shape.slice(0, -1), weight.shape[0]]);
}

/** One product over all rows where a matrix B met a batch of A: no product per batch to add up. */
function secondFactorGradient(a: Value, b: Value, dy: Value): Value {
  if (b.shape.length > 2 || a.shape.length === 2 || !isStatic(a) || !isStatic(dy)) {
    return sumTo(matmul(swapLast(a), dy), b.shape);
  }
  const [rowsOfA, rowsOfDy] = [a, dy].map((x) => {
    const shape = staticShape(x);
    return reshape(x, [elementCount(shape.slice(0, -1)), shape[shape.length - 1]]);
  });
  return gemm(rowsOfA, rowsOfDy, { transA: true });
}

/** Swaps the last two axes. onnxruntime fuses it into a MatMul that follows. */
export function swapLast(x: Value): Value {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => axis);
  return transpose(x, [...order.slice(0, rank - 2), rank - 1, rank - 2]);
}

function flippedIf(flip: number, { shape }: Value): Value['shape'] {
  return flip === 1 ? [shape[1], shape[0]] : shape;
}
