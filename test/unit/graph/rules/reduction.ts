import { logSumExp, reduceMax, reduceMean, reduceMin, reduceSum } from '../../../../src/graph';
import type { RuleCases } from '../../../graph/ruleCase';

export const reductionRules: RuleCases = {
  'sum of some axes': {
    rules: ['ReduceSum'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => reduceSum(x, { axes: [0, -1] }),
  },
  'mean of some axes, kept': {
    rules: ['ReduceMean'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => reduceMean(x, { axes: [1, 2], keep: true }),
  },
  'largest along some axes': {
    rules: ['ReduceMax'],
    shapes: { x: [2, 3, 4] },
    build: ({ x }) => reduceMax(x, { axes: [0, 2] }),
  },
  'smallest of all': {
    rules: ['ReduceMin'],
    shapes: { x: [2, 5] },
    build: ({ x }) => reduceMin(x),
  },
  'log of a sum of exponentials': {
    rules: [],
    shapes: { x: [3, 4] },
    build: ({ x }) => logSumExp(x, { axes: [1] }),
  },
};
