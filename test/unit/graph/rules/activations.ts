import {
  erf,
  gelu,
  leakyRelu,
  mul,
  quickGelu,
  relu,
  sigmoid,
  softplus,
  tanh,
} from '../../../../src/graph';
import type { RuleCases } from '../../../graph/ruleCase';

export const activationsRules: RuleCases = {
  relu: { rules: ['Relu'], shapes: { x: [3, 4] }, build: ({ x }) => relu(x) },
  erf: { rules: ['Erf'], shapes: { x: [5] }, build: ({ x }) => erf(x), type: 'float32' },
  gelu: {
    rules: ['Gelu'],
    shapes: { x: [5] },
    build: ({ x }) => gelu(x),
    type: 'float32',
    range: [-3, 3],
  },
  'leaky relu': {
    rules: ['LeakyRelu'],
    shapes: { x: [4] },
    build: ({ x }) => leakyRelu(mul(x, x.graph.constant(x.type, [4], [1, -1, -1, 1])), 0.2),
    type: 'float32',
    range: [0.1, 1],
  },
  tanh: { rules: ['Tanh'], shapes: { x: [5] }, build: ({ x }) => tanh(x), range: [-2, 2] },
  sigmoid: { rules: ['Sigmoid'], shapes: { x: [5] }, build: ({ x }) => sigmoid(x), range: [-3, 3] },
  softplus: {
    rules: ['Softplus'],
    shapes: { x: [5] },
    build: ({ x }) => softplus(x),
    range: [-3, 3],
    type: 'float32',
  },
  'gelu, tanh approximation': {
    rules: ['Gelu'],
    shapes: { x: [7] },
    build: ({ x }) => gelu(x, 'tanh'),
    type: 'float32',
    range: [-3, 3],
  },
  'quick gelu': {
    rules: ['Sigmoid'],
    shapes: { x: [5] },
    build: ({ x }) => quickGelu(x),
    range: [-3, 3],
  },
};
