import type { ModelPreset } from '../core/preset';
import type { Provider } from '../core/run';
import { buildTrainingStep, stepOutputs } from '../networks';
import type { StepPart, TrainingStepGraph } from '../networks';
import { createDeviceState } from './deviceState';
import type { DeviceState, StateSnapshot } from './deviceState';
import { requireMemory } from './memory';
import { createSession, loadRuntime, run } from './runtime';
import type { Runtime, Session, Tensor } from './runtime';

export interface RunnerOptions {
  readonly preset: ModelPreset;
  readonly provider: Provider;
  /** Questions a step (B). */
  readonly batch: number;
  /** Token row length (S). */
  readonly tokens: number;
}

/** The arrays a caller fills before a step, by input name (`stepInputs`); the same from step to step. */
export type StepArrays = Readonly<Record<string, Float32Array | Int32Array>>;

export interface StepResult {
  /** Mean loss of the batch. */
  readonly loss: number;
  /** [B, K] */
  readonly logits: Float32Array;
  /** Norm of all gradients together before clipping, where the step computes it. */
  readonly gradientNorm?: number;
  /** False where loss or gradients are no numbers: then the state is as it was before. */
  readonly isSound: boolean;
}

/** The compiled step for one number of options. */
interface CompiledStep {
  readonly session: Session;
  readonly graph: TrainingStepGraph;
}

/** The data of a batch for one number of options. */
interface StepData {
  readonly arrays: StepArrays;
  /** Over the same memory. */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * Runs training steps. Steps for questions of other numbers of options are compiled when they first
 * come; all work on the same state.
 */
export class TrainingRunner {
  private readonly steps = new Map<string, CompiledStep>();
  private readonly data = new Map<number, StepData>();
  private readonly state: DeviceState;

  private constructor(
    private readonly runtime: Runtime,
    readonly options: RunnerOptions,
    private readonly initial: StateSnapshot,
  ) {
    this.state = createDeviceState(runtime, options.provider, initial);
  }

  static async create(options: RunnerOptions, initial: StateSnapshot): Promise<TrainingRunner> {
    return new TrainingRunner(await loadRuntime(), options, initial);
  }

  /** The arrays to fill before a step with the same number of options is run. */
  async arrays(optionCount: number): Promise<StepArrays> {
    return (await this.dataFor(optionCount)).arrays;
  }

  /** Keeps the gradients of what stands in the arrays for the next `step`; `before`: batches so far. */
  async gather(optionCount: number, before: number): Promise<StepResult> {
    return this.run('gather', optionCount, (graph) => graph.scalars(0, 0, before));
  }

  /**
   * One optimiser step on what stands in the arrays, and on what was gathered where the preset
   * averages gradients over batches. `step` counts from 1.
   */
  async step(optionCount: number, step: number, learningRate: number): Promise<StepResult> {
    return this.run(this.lastPart, optionCount, (graph) => graph.scalars(step, learningRate));
  }

  /** Copies of all weights (those that do not learn as they were given), moments and averages. */
  async snapshot(): Promise<StateSnapshot> {
    const current = await this.state.snapshot();
    const averages = current.averages ?? this.initial.averages;
    return {
      weights: new Map([...this.initial.weights, ...current.weights]),
      moments: new Map([...this.initial.moments, ...current.moments]),
      ...(averages && { averages }),
    };
  }

  async dispose(): Promise<void> {
    this.state.dispose();
    for (const { session } of this.steps.values()) {
      await session.release();
    }
    this.steps.clear();
  }

  private get lastPart(): StepPart {
    return (this.options.preset.training.accumulate ?? 1) > 1 ? 'update' : 'whole';
  }

  private async run(
    part: StepPart,
    optionCount: number,
    scalarsOf: (graph: TrainingStepGraph) => Readonly<Record<string, number>>,
  ): Promise<StepResult> {
    const { session, graph } = await this.compiled(part, optionCount);
    const { tensors } = await this.dataFor(optionCount);
    const scalars = Object.entries(scalarsOf(graph)).map(([name, value]): [string, Tensor] => [
      name,
      new this.runtime.Tensor('float32', Float32Array.of(value), []),
    ]);
    const results = await run(
      session,
      { ...tensors, ...Object.fromEntries(scalars), ...this.state.feeds(graph) },
      {
        [stepOutputs.loss]: null,
        [stepOutputs.logits]: null,
        ...(graph.hasGradientNorm && { [stepOutputs.gradientNorm]: null }),
        ...this.state.fetches(graph),
      },
    );
    const numbers = (name: string): Float32Array => results[name].data as Float32Array;
    const [loss] = numbers(stepOutputs.loss);
    const gradientNorm = graph.hasGradientNorm ? numbers(stepOutputs.gradientNorm)[0] : undefined;
    const isSound = Number.isFinite(loss) && Number.isFinite(gradientNorm ?? 0);
    if (isSound) {
      this.state.advance(graph, results);
    } else {
      this.state.discard(graph, results);
    }
    return {
      loss,
      logits: numbers(stepOutputs.logits),
      ...(gradientNorm !== undefined && { gradientNorm }),
      isSound,
    };
  }

  private async compiled(part: StepPart, optionCount: number): Promise<CompiledStep> {
    const key = `${part} ${optionCount}`;
    let step = this.steps.get(key);
    if (step === undefined) {
      const { preset, provider, batch, tokens } = this.options;
      const graph = buildTrainingStep(preset, { batch, options: optionCount, tokens }, part);
      if (provider === 'cpu') {
        requireMemory(graph.bytes);
      }
      const options = this.state.sessionOptions(graph);
      step = { graph, session: await createSession(graph.model, provider, options) };
      this.steps.set(key, step);
    }
    return step;
  }

  private async dataFor(optionCount: number): Promise<StepData> {
    let data = this.data.get(optionCount);
    if (data === undefined) {
      const { graph } = await this.compiled(this.lastPart, optionCount);
      const arrays: Record<string, Float32Array | Int32Array> = {};
      const tensors: Record<string, Tensor> = {};
      for (const { name, type, shape } of graph.inputs) {
        const count = shape.reduce((product, size) => product * size, 1);
        arrays[name] = type === 'float32' ? new Float32Array(count) : new Int32Array(count);
        tensors[name] = new this.runtime.Tensor(type, arrays[name], shape);
      }
      data = { arrays, tensors };
      this.data.set(optionCount, data);
    }
    return data;
  }
}
