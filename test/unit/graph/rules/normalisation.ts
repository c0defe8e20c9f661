import {
  batchNorm,
  batchNormInference,
  binaryCrossEntropy,
  crossEntropy,
  dropout,
  groupNorm,
  instanceNorm,
  l2Normalise,
  layerNorm,
  logSoftmax,
  softmax,
  type Value,
} from '../../../../src/graph';
import { integerConstant, type RuleCases } from '../../../graph/ruleCase';

export const normalisationRules: RuleCases = {
  softmax: { rules: ['Softmax'], shapes: { x: [2, 3, 4] }, build: ({ x }) => softmax(x, 1) },
  'log softmax': { rules: [], shapes: { x: [2, 4] }, build: ({ x }) => logSoftmax(x) },
  'layer norm': {
    rules: ['LayerNormalization'],
    shapes: { x: [2, 3, 5], scale: [5], bias: [5] },
    build: ({ x, scale, bias }) => layerNorm(x, scale, bias, 1e-5),
    type: 'float32',
  },
  'L2 normalisation': { rules: [], shapes: { x: [3, 4] }, build: ({ x }) => l2Normalise(x) },
  'cross-entropy': {
    rules: [],
    shapes: { x: [3, 4] },
    build: ({ x }) => crossEntropy(x, integerConstant(x, [1, 0, 3])),
  },
  'instance norm': {
    rules: [],
    shapes: { x: [2, 3, 4, 2], scale: [3], bias: [3] },
    build: ({ x, scale, bias }) => instanceNorm(x, 1e-2, { scale, bias }),
  },
  'group norm': {
    rules: [],
    shapes: { x: [2, 4, 3, 2], scale: [4], bias: [4] },
    build: ({ x, scale, bias }) => groupNorm(x, 2, 1e-2, { scale, bias }),
  },
  'dropout by a seed': {
    rules: [],
    shapes: { x: [3, 8] },
    build: ({ x }) => dropout(x, 0.4, x.graph.scalar('int32', 7), 1),
  },
  'batch norm of a training batch': {
    rules: [],
    shapes: { x: [3, 2, 2, 2], scale: [2], bias: [2] },
    build: ({ x, scale, bias }) => {
      const running = { mean: x.graph.scalar(x.type, 0), variance: x.graph.scalar(x.type, 1) };
      return batchNorm(x, { scale, bias }, running).output;
    },
  },
  'batch norm by running statistics': {
    rules: [],
    shapes: { x: [2, 3, 2], scale: [3], bias: [3], mean: [3], variance: [3] },
    build: ({ x, scale, bias, mean, variance }) =>
      batchNormInference(x, { scale, bias }, { mean, variance }),
    range: [0.5, 2],
  },
  'cross-entropy, smoothed, weighted, some rows ignored': {
    rules: [],
    shapes: { x: [4, 3] },
    build: ({ x }) =>
      crossEntropy(x, integerConstant(x, [1, -100, 2, 0]), {
        smoothing: 0.1,
        classWeights: x.graph.constant(x.type, [3], [0.5, 2, 1]),
        ignoredLabel: -100,
      }),
  },
  'binary cross-entropy, weighted, some targets missing': {
    rules: ['Softplus'],
    shapes: { x: [2, 3] },
    build: ({ x }) => {
      const row = (numbers: number[]): Value => x.graph.constant(x.type, [2, 3], numbers);
      return binaryCrossEntropy(x, row([1, 0, 1, 0, 0, 1]), {
        positiveWeights: row([2, 1, 3, 2, 1, 3]),
        known: row([1, 1, 0, 1, 0, 1]),
      });
    },
    type: 'float32',
  },
};
