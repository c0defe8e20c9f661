import {
  attention,
  gemm,
  linear,
  matmul,
  mergeHeads,
  reshape,
  resize,
  splitHeads,
  tanh,
} from '../../../../src/graph';
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
  'heads split and merged': {
    rules: [],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => mergeHeads(tanh(splitHeads(x, 2))),
  },
  'trilinear resize, larger and smaller': {
    rules: [],
    shapes: { x: [1, 2, 2, 3, 4] },
    build: ({ x }) => resize(x, [3, 2, 4]),
  },
};
