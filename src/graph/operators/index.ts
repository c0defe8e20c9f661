import type { Operator } from '../operator';
import { activationOperators } from './activations';
import { convolutionOperators } from './convolution';
import { elementwiseOperators } from './elementwise';
import { indexingOperators } from './indexing';
import { layoutOperators } from './layout';
import { matrixOperators } from './matrix';
import { normalisationOperators } from './normalisation';
import { poolingOperators } from './pooling';
import { reductionOperators } from './reduction';

export * from './activations';
export * from './attention';
export { conv, type ConvolutionOptions, type PerAxis } from './convolution';
export * from './dropout';
export * from './elementwise';
export * from './featureNormalisation';
export { embedding, gather, gatherElements } from './indexing';
export * from './layout';
export * from './losses';
export * from './matrix';
export * from './normalisation';
export { logSumExp, reduceMax, reduceMean, reduceMin, reduceSum, sumTo } from './reduction';
export { adaptiveAveragePool, averagePool, globalAveragePool, maxPool } from './pooling';
export { convMaxPool } from './pooledConvolution';
export * from './resize';
export { convTranspose } from './transposedConvolution';

/** Every operator, by its ONNX name. */
export const operators: Readonly<Record<string, Operator>> = {
  ...elementwiseOperators,
  ...activationOperators,
  ...reductionOperators,
  ...layoutOperators,
  ...indexingOperators,
  ...matrixOperators,
  ...convolutionOperators,
  ...poolingOperators,
  ...normalisationOperators,
};
