import { gather, gatherElements, reshape } from '../../../../src/graph';
import { integerConstant, type RuleCases } from '../../../graph/ruleCase';

export const indexingRules: RuleCases = {
  'gather the same row twice': {
    rules: ['Gather'],
    shapes: { x: [4, 3] },
    build: ({ x }) => gather(x, integerConstant(x, [2, 0, 2])),
  },
  'gather along a middle axis, index of two axes': {
    rules: ['Gather'],
    shapes: { x: [2, 4, 3] },
    build: ({ x }) => gather(x, reshape(integerConstant(x, [3, 0, 3, 1]), [2, 2]), 1),
  },
  'gather single numbers, some twice': {
    rules: ['GatherElements'],
    shapes: { x: [3, 4] },
    build: ({ x }) => gatherElements(x, reshape(integerConstant(x, [0, 3, 0, 1, 1, 1]), [3, 2]), 1),
  },
};
