import type { ModelPreset, TrainingDefaults } from '../core/preset';
import type { Random } from '../core/random';
import {
  adamW,
  addOptimiser,
  div,
  elementCount,
  gatherGradients,
  globalNorm,
  gradients,
  GraphBuilder,
  inMixedPrecision,
  overwritable,
  peakBytes,
  serialise,
  sgd,
  staticShape,
  stepScalars,
  withGathered,
  type Optimiser,
  type ParameterGradients,
  type StateTensor,
  type Value,
} from '../graph';
import { buildLoss, type Loss, type TrainingStepOptions } from './loss';
import type { ParameterSpec, ParameterTensor } from './parameters';
import { stepOutputs, type StepInput } from './stepTensors';

export type { StateTensor };

export interface TrainingStepGraph {
  /** Serialised ONNX model. */
  readonly model: Uint8Array;
  /** The least memory that a step takes, bytes: see `peakBytes`. */
  readonly bytes: number;
  /** The data of a batch; all are fed in each step. */
  readonly inputs: readonly StepInput[];
  /** Every weight the graph reads, each a float32 input of its name; frozen ones are inputs only. */
  readonly parameters: readonly ParameterSpec[];
  /**
   * What a step reads and writes: the trainable parameters, the optimiser's moments of each and,
   * where asked for, their running averages; or the sums of gradients in a `gather` step.
   */
  readonly state: readonly StateTensor[];
  /** The sums of gradients that an `update` step reads and does not write; else empty. */
  readonly gathered: readonly StateTensor[];
  /** Of the state, by name, what may be written over while the step runs. */
  readonly overwritable: ReadonlySet<string>;
  /** Whether the graph has the output `stepOutputs.gradientNorm`. */
  readonly hasGradientNorm: boolean;
  /** The scalar inputs (float32 [], by input name) of one step. */
  readonly scalars: (moment: StepMoment) => Readonly<Record<string, number>>;
}

/** What differs between two runs of the same step. */
export interface StepMoment {
  /** Counts from 1: bias correction depends on it. */
  readonly step: number;
  readonly learningRate: number;
  /** How many batches of this step came before; 0 where absent. */
  readonly gathered?: number;
  /** Of mixed precision; 1 where absent. */
  readonly lossScale?: number;
}

/**
 * Which part of an optimiser step a graph is. `whole`: all of it, of one batch. Where gradients are
 * averaged over several batches, all but the last `gather` and the last does the `update`.
 */
export type StepPart = 'whole' | 'gather' | 'update';

const optimisers: Readonly<
  Record<NonNullable<TrainingDefaults['optimiser']>, (training: TrainingDefaults) => Optimiser>
> = { adamw: adamW, sgd };

/** Forward pass, gradients and optimiser update of one batch as one ONNX graph. */
export function buildTrainingStep(
  preset: ModelPreset,
  options: TrainingStepOptions,
  part: StepPart = 'whole',
): TrainingStepGraph {
  const learning = learningFrom(preset, options);
  return part === 'gather' ? gatherStep(learning) : updateStep(learning, part);
}

/** What every part of a step begins with: the loss of a batch and its gradients. */
interface Learning {
  readonly preset: ModelPreset;
  readonly options: TrainingStepOptions;
  readonly graph: GraphBuilder;
  /** By output name. */
  readonly measured: Readonly<Record<string, Value>>;
  readonly gradients: ParameterGradients;
  readonly common: Pick<TrainingStepGraph, 'inputs' | 'parameters'>;
}

function learningFrom(preset: ModelPreset, options: TrainingStepOptions): Learning {
  const graph = new GraphBuilder(`${preset.name} training step`);
  const { loss, logits, parameters } = buildLoss(graph, preset, options);
  const inputs = graph.inputs.filter(({ name }) => !parameters.has(name)).map(stepInput);
  const trainable = [...parameters].filter(([name]) => isTrainable(name, preset));
  const lossScale = isMixed(preset) ? graph.input(stepScalars.lossScale, 'float32', []) : undefined;
  return {
    preset,
    options,
    graph,
    measured: { [stepOutputs.loss]: loss, [stepOutputs.logits]: logits },
    gradients: lossGradients(
      loss,
      trainable.map(([, { value }]) => value),
      lossScale,
    ),
    common: {
      inputs,
      parameters: [...parameters].map(([name, { shape }]) => ({
        name,
        shape,
        trainable: isTrainable(name, preset),
      })),
    },
  };
}

function gatherStep(learning: Learning): TrainingStepGraph {
  const { preset, graph, measured, gradients: own, common } = learning;
  const { state, outputs } = gatherGradients(graph, own, shareOfBatch(preset));
  return {
    ...common,
    ...modelOf(learning, { ...measured, ...outputs }, state),
    state,
    gathered: [],
    hasGradientNorm: false,
    scalars: (moment) => ({
      ...scaleScalar(preset, moment),
      [stepScalars.gathered]: Math.min(moment.gathered ?? 0, 1),
    }),
  };
}

function updateStep(learning: Learning, part: Exclude<StepPart, 'gather'>): TrainingStepGraph {
  const { preset, graph, measured, gradients: own, common } = learning;
  const { training } = preset;
  const { gradients: all, sums } =
    part === 'update'
      ? withGathered(graph, own, shareOfBatch(preset))
      : { gradients: own, sums: [] };
  const optimiser = optimisers[training.optimiser ?? 'adamw'](training);
  const { averageDecay, clipNorm, decayAll = false } = training;
  const { state, outputs } = addOptimiser(graph, optimiser, all, {
    // Biases, the scales and offsets of norms and the logit scale have fewer than two axes.
    decays: ({ shape }) => decayAll || shape.length > 1,
    clipNorm,
    average: averageDecay !== undefined,
  });
  const hasGradientNorm =
    clipNorm !== undefined || training.onBadLoss === 'skip' || isMixed(preset);
  const norm = hasGradientNorm && { [stepOutputs.gradientNorm]: globalNorm(graph, all) };
  return {
    ...common,
    ...modelOf(learning, { ...measured, ...norm, ...outputs }, state),
    state,
    gathered: sums,
    hasGradientNorm,
    scalars: (moment) => ({
      ...optimiser.scalarsAt(moment.step, moment.learningRate),
      ...scaleScalar(preset, moment),
      ...(averageDecay !== undefined && {
        [stepScalars.averageWeight]: 1 - averageDecayAt(moment.step, averageDecay),
      }),
    }),
  };
}

function isMixed({ training }: ModelPreset): boolean {
  return training.precision === 'mixed';
}

/** Share of one batch in the gradients of a step. */
function shareOfBatch({ training: { accumulate = 1 } }: ModelPreset): number {
  return 1 / accumulate;
}

function scaleScalar(
  preset: ModelPreset,
  { lossScale = 1 }: StepMoment,
): Readonly<Record<string, number>> {
  return isMixed(preset) ? { [stepScalars.lossScale]: lossScale } : {};
}

/**
 * With a scale, found of scale times the loss and divided by it, so that small ones are not lost
 * where they are halves on their way (a half below 6e-8 is 0).
 */
function lossGradients(
  loss: Value,
  parameters: readonly Value[],
  scale: Value | undefined,
): ParameterGradients {
  if (scale === undefined) {
    return gradients(loss, parameters);
  }
  const scaled = gradients(loss, parameters, scale);
  return scale.graph.within('unscale', () => {
    return new Map([...scaled].map(([parameter, gradient]) => [parameter, div(gradient, scale)]));
  });
}

function modelOf(
  { preset, options, graph }: Learning,
  computed: Readonly<Record<string, Value>>,
  state: readonly StateTensor[],
): Pick<TrainingStepGraph, 'model' | 'bytes' | 'overwritable'> {
  const outputs = isMixed(preset)
    ? inMixedPrecision(computed, options.halves ?? 'float16')
    : computed;
  const values = Object.values(outputs);
  const inputs = new Map(graph.inputs.map((input) => [input.name, input]));
  const pairs = state.flatMap(({ name, next }) => {
    const input = inputs.get(name);
    return input === undefined ? [] : [[input, outputs[next]] as const];
  });
  return {
    model: serialise(graph, outputs),
    bytes: peakBytes(values),
    overwritable: new Set([...overwritable(pairs, values)].map(({ name }) => name)),
  };
}

/**
 * How much of a running average the newest weights leave standing: at first less than `decay`, so
 * that the first weights do not linger (as TensorFlow's ExponentialMovingAverage does it).
 */
export function averageDecayAt(step: number, decay: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
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
  return new Map(
    [...requestedParameters(preset)].map(([name, { shape, initialiser }]) => [
      name,
      { shape, data: initialiser(elementCount(shape), random) },
    ]),
  );
}

/** Numbers that the model learns or is given, frozen ones included. */
export function countWeights(preset: ModelPreset): number {
  return [...requestedParameters(preset).values()].reduce(
    (sum, { shape }) => sum + elementCount(shape),
    0,
  );
}

/** Every parameter that the networks of a preset ask for. */
function requestedParameters(preset: ModelPreset): Loss['parameters'] {
  return buildLoss(new GraphBuilder('parameters'), preset, {
    batch: 1,
    options: 1,
    tokens: 1,
    textInput: 'tokens',
  }).parameters;
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
