import { concat, expand, flip, pad, reshape, slice, transpose } from '../../../../src/graph';
import type { RuleCases } from '../../../graph/ruleCase';

export const layoutRules: RuleCases = {
  reshape: { rules: ['Reshape'], shapes: { x: [2, 6] }, build: ({ x }) => reshape(x, [3, 4]) },
  transpose: {
    rules: ['Transpose'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => transpose(x, [2, 0, 1]),
  },
  'slice with a step': {
    rules: ['Slice'],
    shapes: { x: [2, 9] },
    build: ({ x }) => slice(x, { axis: 1, start: 1, end: 8, step: 3 }),
  },
  'pad and cut': {
    rules: ['Pad'],
    shapes: { x: [2, 5] },
    build: ({ x }) => pad(x, { axis: 1, before: 2, after: -1 }),
  },
  concat: {
    rules: ['Concat'],
    shapes: { a: [2, 1], b: [2, 3] },
    build: ({ a, b }) => concat([a, b, a], 1),
  },
  expand: { rules: ['Expand'], shapes: { x: [1, 3, 1] }, build: ({ x }) => expand(x, [2, 3, 4]) },
  'slice backwards': {
    rules: ['Slice'],
    shapes: { x: [2, 5, 3] },
    build: ({ x }) => flip(flip(x, 1), 0),
  },
};
