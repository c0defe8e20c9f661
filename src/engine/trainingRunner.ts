import type { ModelPreset } from '../core/preset';
import type { Provider } from '../core/run';
import { loopModel, loopSteps } from '../graph';
import type { HalfKind } from '../graph';
import { buildTrainingStep, stepOutputs } from '../networks';
import type { StepMoment, StepPart, TrainingStepGraph } from '../networks';
import { createDeviceState } from './deviceState';
import type { DeviceState, StateSnapshot } from './deviceState';
import { afterOverflow, afterStep, firstLossScale } from './lossScale';
import type { LossScale } from './lossScale';
import { requireMemory } from './memory';
import { createSession, loadRuntime, run } from './runtime';
import type { Runtime, Session, Tensor } from './runtime';
import { StepData } from './stepData';
import type { StepArrays } from './stepData';

export interface RunnerOptions {
  readonly preset: ModelPreset;
  readonly provider: Provider;
  /** Questions a step (B). */
  readonly batch: number;
  /** Token row length (S). */
  readonly tokens: number;
}

export interface StepResult {
  /** Mean loss of the batch. */
  readonly loss: number;
  /** [B, K] */
  readonly logits: Float32Array;
  /** Norm of all gradients together before clipping, where the step computes it. */
  readonly gradientNorm?: number;
  /**
   * False where loss or gradients are no numbers. The state is as it was before where the preset
   * skips such steps; where it stops at them, nothing may be read of it any more.
   */
  readonly isSound: boolean;
  /**
   * True where a step of mixed precision is not sound although its loss is a number: its gradients
   * overflowed, and those of the next one have a smaller scale.
   */
  readonly hasOverflowed: boolean;
}

/** The compiled step for one number of options. */
interface CompiledStep {
  readonly session: Session;
  readonly graph: TrainingStepGraph;
}

/**
 * Steps that one run takes by device, where the preset does not say: onnxruntime-node brings every
 * result of these devices back to main memory, so that weights and moments would cross the bus in
 * each step. (On WebGPU they stay where they are, on the processor nothing crosses.)
 */
const usualStepsPerRun: Readonly<Partial<Record<Provider, number>>> = {
  cuda: 8,
  dml: 8,
  coreml: 8,
};

/** How devices have halves; those that are not listed may add them up as halves. */
const halvesOf: Readonly<Partial<Record<Provider, HalfKind>>> = { cpu: 'rounded', cuda: 'float16' };

/**
 * Runs training steps. Steps for questions of other numbers of options are compiled when they first
 * come; all work on the same state.
 */
export class TrainingRunner {
  private readonly compiledSteps = new Map<string, CompiledStep>();
  private readonly data = new Map<number, StepData>();
  private readonly state: DeviceState;
  /** In mixed precision. */
  private scaling: LossScale | undefined;

  private constructor(
    private readonly runtime: Runtime,
    readonly options: RunnerOptions,
    private readonly initial: StateSnapshot,
  ) {
    const { onBadLoss, precision } = options.preset.training;
    const isMixed = precision === 'mixed';
    this.scaling = isMixed ? (initial.lossScale ?? firstLossScale) : undefined;
    const mayDiscard = onBadLoss === 'skip' || isMixed || this.stepsPerRun > 1;
    this.state = createDeviceState(runtime, options.provider, initial, mayDiscard);
  }

  /** Takes the arrays of `initial` over: steps write into them. */
  static async create(options: RunnerOptions, initial: StateSnapshot): Promise<TrainingRunner> {
    return new TrainingRunner(await loadRuntime(), options, initial);
  }

  /** What the loss of the next step is multiplied by; in mixed precision. */
  get lossScale(): number | undefined {
    return this.scaling?.scale;
  }

  /** How many steps `steps` can take at once. */
  get stepsPerRun(): number {
    const { accumulate = 1, stepsPerRun } = this.options.preset.training;
    return accumulate > 1 ? 1 : (stepsPerRun ?? usualStepsPerRun[this.options.provider] ?? 1);
  }

  /** The arrays to fill before a step with the same number of options is run; `part`: of `steps`. */
  async arrays(optionCount: number, part = 0): Promise<StepArrays> {
    return (await this.dataFor(optionCount)).arrays(part);
  }

  /** Keeps the gradients of what stands in the arrays for the next `step`; `before`: batches so far. */
  async gather(optionCount: number, before: number): Promise<StepResult> {
    return this.run('gather', optionCount, { step: 0, learningRate: 0, gathered: before });
  }

  /**
   * One optimiser step on what stands in the arrays, and on what was gathered where the preset
   * averages gradients over batches. `step` counts from 1.
   */
  async step(optionCount: number, step: number, learningRate: number): Promise<StepResult> {
    return this.run(this.lastPart, optionCount, { step, learningRate });
  }

  /**
   * Optimiser steps `first`, `first + 1`, ... on the parts of the arrays, one for each learning
   * rate, in one run. Where one of them is not sound they are taken again one by one, up to that one.
   */
  async steps(
    optionCount: number,
    first: number,
    learningRates: readonly number[],
  ): Promise<StepResult[]> {
    const together =
      learningRates.length > 1 ? await this.loop(optionCount, first, learningRates) : undefined;
    if (together !== undefined) {
      return together;
    }
    const results: StepResult[] = [];
    for (const [part, learningRate] of learningRates.entries()) {
      const moment = { step: first + part, learningRate };
      const result = await this.run(this.lastPart, optionCount, moment, part);
      results.push(result);
      if (!result.isSound) {
        break;
      }
    }
    return results;
  }

  /** Copies of all weights (those that do not learn as they were given), moments and averages. */
  async snapshot(): Promise<StateSnapshot> {
    const current = await this.state.snapshot();
    const averages = current.averages ?? this.initial.averages;
    return {
      weights: new Map([...this.initial.weights, ...current.weights]),
      moments: new Map([...this.initial.moments, ...current.moments]),
      ...(averages && { averages }),
      ...(this.scaling && { lossScale: this.scaling }),
    };
  }

  async dispose(): Promise<void> {
    this.state.dispose();
    for (const { session } of this.compiledSteps.values()) {
      await session.release();
    }
    this.compiledSteps.clear();
  }

  private get lastPart(): StepPart {
    return (this.options.preset.training.accumulate ?? 1) > 1 ? 'update' : 'whole';
  }

  private async run(
    part: StepPart,
    optionCount: number,
    moment: StepMoment,
    position = 0,
  ): Promise<StepResult> {
    const step = await this.compiled(part, optionCount);
    const data = await this.dataFor(optionCount);
    const feeds = data.tensorsOf(position);
    const scalars = step.graph.scalars(scaled(moment, this.scaling));
    for (const [name, value] of Object.entries(scalars)) {
      feeds[name] = new this.runtime.Tensor('float32', Float32Array.of(value), []);
    }
    const [result] = await this.advance(step, feeds, 1);
    if (part !== 'gather') {
      this.followScale([result]);
    }
    return result;
  }

  /** Several steps inside one Loop; undefined, and nothing learnt, where one of them is not sound. */
  private async loop(
    optionCount: number,
    first: number,
    learningRates: readonly number[],
  ): Promise<StepResult[] | undefined> {
    const step = await this.compiled('loop', optionCount);
    const data = await this.dataFor(optionCount);
    const count = learningRates.length;
    const feeds = data.stackedTensors(count);
    let { scaling } = this;
    const scalars = learningRates.map((learningRate, index) => {
      const moment = scaled({ step: first + index, learningRate }, scaling);
      // Should a step before it overflow, this one is taken anew.
      scaling &&= afterStep(scaling);
      return step.graph.scalars(moment);
    });
    const { Tensor } = this.runtime;
    for (const name of Object.keys(scalars[0])) {
      const values = Float32Array.from(scalars, (each) => each[name]);
      feeds[name] = new Tensor('float32', values, [count]);
    }
    feeds[loopSteps] = new Tensor('int64', BigInt64Array.of(BigInt(count)), []);
    const results = await this.advance(step, feeds, count);
    if (!results.every(({ isSound }) => isSound)) {
      return undefined;
    }
    this.followScale(results);
    return results;
  }

  /** Brings the scale of the loss up to date with the steps that were taken. */
  private followScale(results: readonly StepResult[]): void {
    for (const { isSound, hasOverflowed } of results) {
      if (hasOverflowed) {
        this.scaling &&= afterOverflow(this.scaling);
      } else if (isSound) {
        this.scaling &&= afterStep(this.scaling);
      }
    }
  }

  /** Runs a compiled step; the state goes on where all of its `count` steps are sound. */
  private async advance(
    { session, graph }: CompiledStep,
    feeds: Readonly<Record<string, Tensor>>,
    count: number,
  ): Promise<StepResult[]> {
    const outcome = await run(
      session,
      { ...feeds, ...this.state.feeds(graph) },
      {
        [stepOutputs.loss]: null,
        [stepOutputs.logits]: null,
        ...(graph.hasGradientNorm && { [stepOutputs.gradientNorm]: null }),
        ...this.state.fetches(graph),
      },
    );
    const numbers = (name: string): Float32Array => outcome[name].data as Float32Array;
    const losses = numbers(stepOutputs.loss);
    const logits = numbers(stepOutputs.logits);
    const norms = graph.hasGradientNorm ? numbers(stepOutputs.gradientNorm) : undefined;
    const size = logits.length / count;
    const results = Array.from(losses, (loss, index): StepResult => {
      const gradientNorm = norms?.[index];
      const isLossSound = Number.isFinite(loss);
      const isNormSound = Number.isFinite(gradientNorm ?? 0);
      return {
        loss,
        logits: logits.subarray(index * size, (index + 1) * size),
        ...(gradientNorm !== undefined && { gradientNorm }),
        isSound: isLossSound && isNormSound,
        hasOverflowed: this.scaling !== undefined && isLossSound && !isNormSound,
      };
    });
    if (results.every(({ isSound }) => isSound)) {
      this.state.advance(graph, outcome);
    } else {
      this.state.discard(graph, outcome);
    }
    return results;
  }

  private async compiled(part: StepPart | 'loop', optionCount: number): Promise<CompiledStep> {
    const key = `${part} ${optionCount}`;
    let step = this.compiledSteps.get(key);
    if (step === undefined) {
      const { preset, provider, batch, tokens } = this.options;
      const halves = halvesOf[provider] ?? 'float16_sums';
      const sizes = { batch, options: optionCount, tokens, halves } as const;
      const graph = buildTrainingStep(preset, sizes, part === 'loop' ? 'whole' : part);
      if (provider === 'cpu') {
        requireMemory(graph.bytes);
      }
      const options = this.state.sessionOptions(graph);
      step = {
        graph,
        session: await createSession(
          part === 'loop' ? looped(graph) : graph.model,
          provider,
          options,
        ),
      };
      this.compiledSteps.set(key, step);
    }
    return step;
  }

  private async dataFor(optionCount: number): Promise<StepData> {
    let data = this.data.get(optionCount);
    if (data === undefined) {
      const { graph } = await this.compiled(this.lastPart, optionCount);
      data = new StepData(this.runtime, graph.inputs, this.stepsPerRun);
      this.data.set(optionCount, data);
    }
    return data;
  }
}

/** The moment of a step of mixed precision: for the optimiser, steps left out were none. */
function scaled(moment: StepMoment, scaling: LossScale | undefined): StepMoment {
  return scaling === undefined
    ? moment
    : { ...moment, step: moment.step - scaling.overflows, lossScale: scaling.scale };
}

/** Many steps as one model; data and scalars are each step's own. */
function looped(graph: TrainingStepGraph): Uint8Array {
  return loopModel(graph.model, {
    perStep: [
      ...graph.inputs.map(({ name }) => name),
      ...Object.keys(graph.scalars({ step: 1, learningRate: 0 })),
    ],
    carried: graph.state,
  });
}
