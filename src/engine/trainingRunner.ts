import type { ModelPreset } from '../core/preset';
import type { Provider } from '../core/run';
import { buildTrainingStep, stepOutputs } from '../networks';
import type { TrainingStepGraph } from '../networks';
import { createDeviceState } from './deviceState';
import type { DeviceState, StateSnapshot } from './deviceState';
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
  /** Mean cross-entropy over the batch. */
  readonly loss: number;
  /** [B, K] */
  readonly logits: Float32Array;
}

/** The compiled step for one number of options. */
interface CompiledStep {
  readonly session: Session;
  readonly graph: TrainingStepGraph;
  readonly arrays: StepArrays;
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/**
 * Runs training steps. Steps for questions of other numbers of options are compiled when they first
 * come; all work on the same weights.
 */
export class TrainingRunner {
  private readonly steps = new Map<number, CompiledStep>();
  private state: DeviceState | undefined;

  private constructor(
    private readonly runtime: Runtime,
    private readonly options: RunnerOptions,
    private readonly initial: StateSnapshot,
  ) {}

  static async create(options: RunnerOptions, initial: StateSnapshot): Promise<TrainingRunner> {
    return new TrainingRunner(await loadRuntime(), options, initial);
  }

  /** The arrays to fill before `step` is called with the same number of options. */
  async arrays(optionCount: number): Promise<StepArrays> {
    return (await this.compiled(optionCount)).arrays;
  }

  /** One optimiser step on what stands in the arrays. `step` counts from 1. */
  async step(optionCount: number, step: number, learningRate: number): Promise<StepResult> {
    const { session, graph, inputs } = await this.compiled(optionCount);
    const state = this.deviceState(graph);
    const scalars = Object.entries(graph.scalars(step, learningRate)).map(
      ([name, value]): [string, Tensor] => [
        name,
        new this.runtime.Tensor('float32', Float32Array.of(value), []),
      ],
    );
    const results = await run(
      session,
      { ...inputs, ...Object.fromEntries(scalars), ...state.feeds },
      { [stepOutputs.loss]: null, [stepOutputs.logits]: null, ...state.fetches },
    );
    state.advance(results);
    return {
      loss: (results[stepOutputs.loss].data as Float32Array)[0],
      logits: results[stepOutputs.logits].data as Float32Array,
    };
  }

  /** Copies of all weights (those that do not learn as they were given) and moments. */
  async snapshot(): Promise<StateSnapshot> {
    const current = await this.state?.snapshot();
    return {
      weights: new Map([...this.initial.weights, ...(current?.weights ?? [])]),
      moments: new Map([...this.initial.moments, ...(current?.moments ?? [])]),
    };
  }

  async dispose(): Promise<void> {
    this.state?.dispose();
    for (const { session } of this.steps.values()) {
      await session.release();
    }
    this.steps.clear();
  }

  private deviceState(graph: TrainingStepGraph): DeviceState {
    this.state ??= createDeviceState(this.runtime, this.options.provider, graph, this.initial);
    return this.state;
  }

  private async compiled(optionCount: number): Promise<CompiledStep> {
    let step = this.steps.get(optionCount);
    if (step === undefined) {
      step = await this.compile(optionCount);
      this.steps.set(optionCount, step);
    }
    return step;
  }

  private async compile(optionCount: number): Promise<CompiledStep> {
    const { preset, provider, batch, tokens } = this.options;
    const graph = buildTrainingStep(preset, { batch, options: optionCount, tokens });
    const session = await createSession(
      graph.model,
      provider,
      this.deviceState(graph).sessionOptions,
    );
    const arrays: Record<string, Float32Array | Int32Array> = {};
    const inputs: Record<string, Tensor> = {};
    for (const { name, type, shape } of graph.inputs) {
      const count = shape.reduce((product, size) => product * size, 1);
      arrays[name] = type === 'float32' ? new Float32Array(count) : new Int32Array(count);
      inputs[name] = new this.runtime.Tensor(type, arrays[name], shape);
    }
    return { session, graph, inputs, arrays };
  }
}
