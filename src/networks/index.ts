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
export {
  buildGradients,
  buildTrainingStep,
  initialParameters,
  stepInputs,
  stepOutputs,
  volumeSize,
  type StateTensor,
  type TrainingStepGraph,
  type TrainingStepOptions,
} from './trainingStep';
