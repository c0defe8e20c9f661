import {
  adaptiveAveragePool,
  averagePool,
  conv,
  convMaxPool,
  convTranspose,
  globalAveragePool,
  maxPool,
} from '../../../../src/graph';
import type { RuleCases } from '../../../graph/ruleCase';

export const convolutionRules: RuleCases = {
  'convolution, padded': {
    rules: ['Conv'],
    shapes: { x: [2, 2, 3, 4, 3], w: [3, 2, 3, 3, 3], b: [3] },
    build: ({ x, w, b }) => conv(x, w, b, { padding: 1 }),
    type: 'float32',
  },
  'convolution of one scan and one channel, strided and dilated': {
    rules: ['Conv'],
    shapes: { x: [1, 1, 6, 7], w: [2, 1, 2, 3] },
    build: ({ x, w }) =>
      conv(x, w, undefined, { stride: [2, 1], dilation: [1, 2], padding: [1, 2] }),
    type: 'float32',
  },
  'convolution of many channels, dilated and unevenly padded': {
    rules: ['Conv'],
    shapes: { x: [2, 8, 3, 5], w: [3, 8, 2, 3], b: [3] },
    build: ({ x, w, b }) => conv(x, w, b, { dilation: [1, 2], padding: [0, 1] }),
    type: 'float32',
  },
  'convolution of many channels and few outputs': {
    rules: ['Conv'],
    shapes: { x: [1, 9, 4, 3], w: [1, 9, 3, 2] },
    build: ({ x, w }) => conv(x, w, undefined, { padding: [1, 0] }),
    type: 'float32',
  },
  'convolution padded beyond its kernel': {
    rules: ['Conv'],
    shapes: { x: [1, 8, 3, 2], w: [2, 8, 1, 3] },
    build: ({ x, w }) => conv(x, w, undefined, { padding: [1, 3] }),
    type: 'float32',
  },
  'convolution along one axis, strided beyond its kernel': {
    rules: ['Conv'],
    shapes: { x: [2, 2, 8], w: [3, 2, 2] },
    build: ({ x, w }) => conv(x, w, undefined, { stride: 3, padding: 1 }),
    type: 'float32',
  },
  'convolution in groups, strided and dilated': {
    rules: ['Conv'],
    shapes: { x: [2, 4, 6, 5], w: [6, 2, 3, 2], b: [6] },
    build: ({ x, w, b }) =>
      conv(x, w, b, { groups: 2, stride: [2, 1], dilation: [1, 2], padding: 1 }),
    type: 'float32',
  },
  'convolution of each channel by itself': {
    rules: ['Conv'],
    shapes: { x: [2, 3, 4, 5], w: [3, 1, 3, 3] },
    build: ({ x, w }) => conv(x, w, undefined, { groups: 3, padding: 1 }),
    type: 'float32',
  },
  'transposed convolution': {
    rules: ['Conv'],
    shapes: { x: [2, 4, 3, 2], w: [4, 1, 3, 2], b: [2] },
    build: ({ x, w, b }) =>
      convTranspose(x, w, b, { groups: 2, stride: 2, padding: [1, 0], outputPadding: [1, 0] }),
    type: 'float32',
  },
  'convolution of one channel and max pooling, as one product': {
    rules: ['MatMul', 'ReduceMax'],
    shapes: { x: [2, 1, 5, 4, 6], w: [2, 1, 3, 3, 3], b: [2] },
    build: ({ x, w, b }) => convMaxPool(x, w, b, { pool: 2, padding: 1 }),
  },
  'convolution of many channels and max pooling': {
    rules: ['Conv', 'MaxPool'],
    shapes: { x: [1, 9, 5, 4], w: [2, 9, 3, 3], b: [2] },
    build: ({ x, w, b }) => convMaxPool(x, w, b, { pool: 2, padding: 1 }),
    type: 'float32',
  },
  'max pooling of odd sizes': {
    rules: ['MaxPool'],
    shapes: { x: [2, 2, 4, 5, 3] },
    build: ({ x }) => maxPool(x, 2),
  },
  'overlapping max pooling': {
    rules: ['MaxPool'],
    shapes: { x: [1, 2, 5, 5] },
    build: ({ x }) => maxPool(x, 3, { stride: 2, padding: 1 }),
  },
  'max pooling with gaps between the windows': {
    rules: ['MaxPool'],
    shapes: { x: [1, 2, 8, 5] },
    build: ({ x }) => maxPool(x, [2, 1], { stride: [3, 2] }),
  },
  'average pooling of odd sizes': {
    rules: ['AveragePool'],
    shapes: { x: [2, 2, 4, 5, 3] },
    build: ({ x }) => averagePool(x, 2),
    type: 'float32',
  },
  'overlapping average pooling, padding counted': {
    rules: ['AveragePool'],
    shapes: { x: [1, 2, 5, 6] },
    build: ({ x }) => averagePool(x, 3, { stride: 2, padding: 1 }),
    type: 'float32',
  },
  'overlapping average pooling, padding not counted': {
    rules: ['AveragePool'],
    shapes: { x: [1, 2, 5, 6] },
    build: ({ x }) => averagePool(x, [3, 2], { stride: [2, 1], padding: 1, countPadding: false }),
    type: 'float32',
  },
  'adaptive average pooling': {
    rules: ['MatMul'],
    shapes: { x: [2, 2, 5, 4] },
    build: ({ x }) => adaptiveAveragePool(x, [3, 2]),
  },
  'global average pooling': {
    rules: ['ReduceMean'],
    shapes: { x: [2, 2, 3, 2] },
    build: ({ x }) => globalAveragePool(x),
  },
};
