import type { Operator } from '../operator';
import { activationOperators } from './activations';
import { convolutionOperators } from './convolution';
import { elementwiseOperators } from './elementwise';
import { indexingOperators } from './indexing';
import { layoutOperators } from './layout';
import { matrixOperators } from './matrix';
import { normalisationOperators } from './normalisation';
import { reductionOperators } from './reduction';

export * from './activations';
export * from './attention';
export * from './convolution';
export * from './dropout';
export * from './elementwise';
export * from './featureNormalisation';
export { embedding, gather, gatherElements } from './indexing';
export * from './layout';
export * from './losses';
export * from './matrix';
export * from './normalisation';
export { logSumExp, reduceMax, reduceMean, reduceMin, reduceSum, sumTo } from './reduction';
export * from './resize';

/** Every operator, by its ONNX name. */
export const operators: Readonly<Record<string, Operator>> = {
  ...elementwiseOperators,
  ...activationOperators,
  ...reductionOperators,
  ...layoutOperators,
  ...indexingOperators,
  ...matrixOperators,
  ...convolutionOperators,
  ...normalisationOperators,
};
