/** The models: networks as functions over graph/, and the ONNX graphs made of them. */
export {
  buildFusionHead,
  buildImageProbe,
  buildImageTower,
  buildInferenceModel,
  buildTextEncoder,
  buildTextTower,
  inferenceTensors,
} from './inference';
export type { Parameters, ParameterSpec, ParameterTensor } from './parameters';
export { findingsOf } from './classification';
export { firstScale, readsTokens, usesLogitScale } from './fusion';
export { volumeSize, type TrainingStepOptions } from './loss';
export { metadataInput, metadataSize } from './metadata';
export {
  buildVolumeGradient,
  buildVolumeLogits,
  saliencyTensors,
  type TextSizes,
} from './saliency';
export { stepInputs, stepOutputs, type StepInput } from './stepTensors';
export {
  buildGradients,
  buildTrainingStep,
  countWeights,
  initialParameters,
  type StateTensor,
  type StepMoment,
  type StepPart,
  type TrainingStepGraph,
} from './trainingStep';
