/** ONNX graphs as typed values: operators, shapes, gradients, optimisers, serialisation. */
export { GraphBuilder } from './builder';
export { gradients } from './gradients';
export { MissingGradientError, type Operator } from './operator';
export * from './operators';
export {
  addOptimiser,
  gatherGradients,
  globalNorm,
  stepScalars,
  withGathered,
  type ParameterGradients,
  type StateTensor,
} from './optimiserStep';
export { adam, adamW, sgd, type Optimiser } from './optimisers';
export { overwritable, peakBytes } from './memory';
export { inMixedPrecision, treatments, type HalfKind } from './mixedPrecision';
export { inspectModel } from './onnx/inspect';
export { loopModel, loopSteps, type LoopPlan } from './onnx/loop';
export { serialise } from './onnx/serialise';
export {
  elementCount,
  ShapeError,
  staticShape,
  type DataType,
  type Shape,
  type Value,
} from './value';
