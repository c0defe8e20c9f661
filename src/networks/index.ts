/** The models: networks as functions over graph/, and the ONNX graphs made of them. */
export {
  buildImageProbe,
  buildImageTower,
  buildInferenceModel,
  buildTextEncoder,
  buildTextTower,
  inferenceTensors,
} from './inference';
export type { Parameters, ParameterSpec, ParameterTensor } from './parameters';
export { volumeSize, type TrainingStepOptions } from './loss';
export { stepInputs, stepOutputs, type StepInput } from './stepTensors';
export {
  buildGradients,
  buildTrainingStep,
  initialParameters,
  type StateTensor,
  type StepPart,
  type TrainingStepGraph,
} from './trainingStep';
