import type { ModelPreset } from '../core/preset';
import type { Random } from '../core/random';
import {
  adamW,
  addOptimiser,
  gradients,
  GraphBuilder,
  serialise,
  staticShape,
  type StateTensor,
  type Value,
} from '../graph';
import { buildLoss, type TrainingStepOptions } from './loss';
import type { ParameterSpec, ParameterTensor } from './parameters';
import { stepOutputs, type StepInput } from './stepTensors';

export type { StateTensor };

export interface TrainingStepGraph {
  /** Serialised ONNX model. */
  readonly model: Uint8Array;
  /** The data of a batch; all are fed in each step. */
  readonly inputs: readonly StepInput[];
  /** Every weight the graph reads, each a float32 input of its name; frozen ones are inputs only. */
  readonly parameters: readonly ParameterSpec[];
  /** What a step updates: the trainable parameters, and the optimiser's moments of each. */
  readonly state: readonly StateTensor[];
  /**
   * The scalar inputs (float32 [], by input name) of one step.
   * `step` counts from 1: bias correction depends on it.
   */
  readonly scalars: (step: number, learningRate: number) => Readonly<Record<string, number>>;
}

/** Forward pass, gradients and AdamW update of one batch as one ONNX graph. */
export function buildTrainingStep(
  preset: ModelPreset,
  options: TrainingStepOptions,
): TrainingStepGraph {
  const graph = new GraphBuilder(`${preset.name} training step`);
  const { loss, logits, parameters } = buildLoss(graph, preset, options);
  const inputs = graph.inputs.filter(({ name }) => !parameters.has(name)).map(stepInput);
  const trainable = [...parameters].filter(([name]) => isTrainable(name, preset));
  const optimiser = adamW(preset.training);
  const { state, outputs } = addOptimiser(
    graph,
    optimiser,
    gradients(
      loss,
      trainable.map(([, { value }]) => value),
    ),
  );
  return {
    model: serialise(graph, {
      [stepOutputs.loss]: loss,
      [stepOutputs.logits]: logits,
      ...outputs,
    }),
    inputs,
    parameters: [...parameters].map(([name, { shape }]) => ({
      name,
      shape,
      trainable: isTrainable(name, preset),
    })),
    state,
    scalars: optimiser.scalarsAt,
  };
}

/** The gradient of the loss for every trainable parameter, as outputs `grad.<parameter>`. */
export function buildGradients(preset: ModelPreset, options: TrainingStepOptions): Uint8Array {
  const graph = new GraphBuilder(`${preset.name} gradients`);
  const { loss, logits, parameters } = buildLoss(graph, preset, options);
  const wanted = [...parameters].filter(([name]) => isTrainable(name, preset));
  const found = gradients(
    loss,
    wanted.map(([, { value }]) => value),
  );
  return serialise(graph, {
    [stepOutputs.loss]: loss,
    [stepOutputs.logits]: logits,
    ...Object.fromEntries([...found].map(([{ name }, gradient]) => [`grad.${name}`, gradient])),
  });
}

/** First weights of every parameter, frozen ones included, drawn as PyTorch and BERT draw them. */
export function initialParameters(
  preset: ModelPreset,
  random: Random,
): Map<string, ParameterTensor> {
  const scratch = new GraphBuilder('parameters');
  const { parameters } = buildLoss(scratch, preset, {
    batch: 1,
    options: 1,
    tokens: 1,
    textInput: 'tokens',
  });
  return new Map(
    [...parameters].map(([name, { shape, initialiser }]) => {
      const count = shape.reduce((product, size) => product * size, 1);
      return [name, { shape, data: initialiser(count, random) }];
    }),
  );
}

function stepInput({ name, type, shape }: Value): StepInput {
  if (type !== 'float32' && type !== 'int32') {
    throw new Error(`the data input ${name} is of type ${type}`);
  }
  return { name, type, shape: staticShape({ type, shape }) };
}

function isTrainable(name: string, preset: ModelPreset): boolean {
  return preset.text.learning === 'trainable' || !name.startsWith('text.');
}
