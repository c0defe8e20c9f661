import { conv, maxPool } from '../../../../src/graph';
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
  'max pooling of odd sizes': {
    rules: ['MaxPool'],
    shapes: { x: [2, 2, 4, 5, 3] },
    build: ({ x }) => maxPool(x, 2),
    notWhollyOnWebgpu: 'MaxPool gives no indices there',
  },
  'overlapping max pooling': {
    rules: ['MaxPool'],
    shapes: { x: [1, 2, 5, 5] },
    build: ({ x }) => maxPool(x, 3, { stride: 2, padding: 1 }),
    notWhollyOnWebgpu: 'MaxPool gives no indices there',
  },
};
