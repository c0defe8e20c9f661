import type { Operator } from '../operator';
import { convolutionOperators } from './convolution';
import { elementwiseOperators } from './elementwise';
import { indexingOperators } from './indexing';
import { layoutOperators } from './layout';
import { matrixOperators } from './matrix';
import { normalisationOperators } from './normalisation';
import { reductionOperators } from './reduction';

export * from './convolution';
export * from './elementwise';
export * from './layout';
export * from './matrix';
export * from './normalisation';
export { reduceMean, reduceSum, sumTo } from './reduction';

/** Every operator, by its ONNX name. */
export const operators: Readonly<Record<string, Operator>> = {
  ...elementwiseOperators,
  ...reductionOperators,
  ...layoutOperators,
  ...indexingOperators,
  ...matrixOperators,
  ...convolutionOperators,
  ...normalisationOperators,
};
