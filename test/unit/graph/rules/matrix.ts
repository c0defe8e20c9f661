import { attention, dropout, gemm, linear, matmul, reshape, resize } from '../../../../src/graph';
import { integerConstant, type RuleCase, type RuleCases } from '../../../graph/ruleCase';

export const matrixRules: RuleCases = {
  'matrix product, batched and broadcast': {
    rules: ['MatMul'],
    shapes: { a: [2, 3, 4], b: [4, 2] },
    build: ({ a, b }) => matmul(a, b),
  },
  linear: {
    rules: ['Gemm'],
    shapes: { x: [2, 3, 4], w: [5, 4], b: [5] },
    build: ({ x, w, b }) => linear(x, w, b),
  },
  ...Object.fromEntries(
    [false, true].flatMap((transA) =>
      [false, true].map((transB): [string, RuleCase] => [
        `gemm, transA ${String(transA)}, transB ${String(transB)}`,
        {
          rules: ['Gemm'],
          shapes: { a: transA ? [3, 2] : [2, 3], b: transB ? [4, 3] : [3, 4], bias: [2, 1] },
          build: ({ a, b, bias }) => gemm(a, b, { transA, transB, bias }),
        },
      ]),
    ),
  ),
  'matrix product, one batch for many': {
    rules: ['MatMul'],
    shapes: { a: [3, 4], b: [2, 4, 2] },
    build: ({ a, b }) => matmul(a, b),
  },
  'matrix product, batches broadcast both ways': {
    rules: ['MatMul'],
    shapes: { a: [2, 1, 3, 4], b: [3, 4, 2] },
    build: ({ a, b }) => matmul(a, b),
  },
  'attention across two sequences, with a mask and a bias': {
    rules: [],
    shapes: { q: [2, 2, 3, 4], k: [2, 2, 5, 4], v: [2, 2, 5, 2], bias: [3, 5] },
    build: ({ q, k, v, bias }) => {
      const mask = reshape(integerConstant(q, [1, 1, 1, 0, 0, 1, 1, 1, 1, 0]), [2, 1, 1, 5]);
      return attention(q, k, v, { mask, bias });
    },
  },
  'attention with dropout of its shares': {
    rules: [],
    shapes: { q: [1, 4, 2], k: [1, 5, 2], v: [1, 5, 3] },
    build: ({ q, k, v }) => {
      const seed = q.graph.scalar('int32', 3);
      return attention(q, k, v, { onShares: (shares) => dropout(shares, 0.5, seed, 0) });
    },
  },
  'trilinear resize, larger and smaller': {
    rules: [],
    shapes: { x: [1, 2, 2, 3, 4] },
    build: ({ x }) => resize(x, [3, 2, 4]),
  },
};
