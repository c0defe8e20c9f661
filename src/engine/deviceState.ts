import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Provider } from '../core/run';
import { elementCount, GraphBuilder, serialise } from '../graph';
import type { Parameters, ParameterTensor, StateTensor, TrainingStepGraph } from '../networks';
import type { LossScale } from './lossScale';
import { createSession, run } from './runtime';
import type { Runtime, SessionOptions, Tensor } from './runtime';

type Tensors = Record<string, Tensor>;

/** What the state needs to know of a step. */
export type StateUse = Pick<
  TrainingStepGraph,
  'parameters' | 'state' | 'gathered' | 'overwritable'
>;

/**
 * Weights, moments and what else lives between training steps. A step reads its `feeds` and writes
 * its `fetches`; `advance` makes what was written the next feeds. Nothing passes through JavaScript
 * arrays in between. Steps that use different parts of the state share it.
 */
export interface DeviceState {
  feeds(step: StateUse): Tensors;
  /** null: onnxruntime allocates the output, where the session options say. */
  fetches(step: StateUse): Record<string, Tensor | null>;
  sessionOptions(step: StateUse): SessionOptions;
  advance(step: StateUse, results: Readonly<Tensors>): void;
  /**
   * Leaves the state as it was before the step that gave these results, where it was asked to be
   * kept; else nothing may be read of the state any more.
   */
  discard(step: StateUse, results: Readonly<Tensors>): void;
  /** Copies of the current values. */
  snapshot(): Promise<StateSnapshot>;
  dispose(): void;
}

export interface StateSnapshot {
  readonly weights: Parameters;
  readonly moments: Parameters;
  /** Running averages by the names of their weights; absent where none are kept. */
  readonly averages?: Parameters;
  /** Of mixed precision. */
  readonly lossScale?: LossScale;
}

/** The weights to measure and to export: the running averages where there are any. */
export function scoringWeights({ weights, averages }: StateSnapshot): Parameters {
  return averages === undefined ? weights : new Map([...weights, ...averages]);
}

/**
 * The state to start with; `moments` that are missing start as zeros, averages as the weights. The
 * arrays of `initial` are taken over: steps write into them. `keepsPrevious`: a step may be discarded.
 */
export function createDeviceState(
  runtime: Runtime,
  provider: Provider,
  initial: StateSnapshot,
  keepsPrevious: boolean,
): DeviceState {
  return provider === 'webgpu'
    ? new GpuState(runtime, initial)
    : new HostState(runtime, initial, keepsPrevious);
}

/** What both kinds of state have: the tensors that steps read, each made when first read. */
abstract class CurrentTensors {
  protected readonly current = new Map<string, Tensor>();
  /** What some step updates. */
  protected readonly updated = new Map<string, StateTensor>();

  constructor(
    protected readonly runtime: Runtime,
    private readonly initial: StateSnapshot,
  ) {}

  feeds({ parameters, state, gathered }: StateUse): Tensors {
    for (const tensor of [...state, ...gathered]) {
      this.updated.set(tensor.name, tensor);
      this.addIfMissing(tensor.name, () => initialValue(this.initial, tensor));
    }
    for (const { name } of parameters) {
      this.addIfMissing(name, () => weightOf(this.initial, name));
    }
    const names = [...parameters, ...state, ...gathered].map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [name, this.currentOf(name)]));
  }

  protected currentOf(name: string): Tensor {
    const tensor = this.current.get(name);
    if (tensor === undefined) {
      throw new Error(`the state has no ${name}`);
    }
    return tensor;
  }

  protected tensor({ shape, data }: ParameterTensor): Tensor {
    return new this.runtime.Tensor('float32', data, shape);
  }

  private addIfMissing(name: string, value: () => ParameterTensor): void {
    if (!this.current.has(name)) {
      this.current.set(name, this.tensor(value()));
    }
  }
}

/**
 * In main memory. onnxruntime writes straight over what a step may write over while it runs, unless
 * the step may be discarded; into a second half for the rest, and the halves change places.
 * onnxruntime-node 1.30 gives copies of these results nevertheless; they are let go at once.
 */
class HostState extends CurrentTensors implements DeviceState {
  private readonly spare = new Map<string, Tensor>();

  constructor(
    runtime: Runtime,
    initial: StateSnapshot,
    private readonly keepsPrevious: boolean,
  ) {
    super(runtime, initial);
  }

  fetches(step: StateUse): Tensors {
    return Object.fromEntries(
      step.state.map((tensor) => [tensor.next, this.written(step, tensor)]),
    );
  }

  sessionOptions(): SessionOptions {
    return {};
  }

  advance(step: StateUse, results: Readonly<Tensors>): void {
    this.discard(step, results);
    for (const tensor of step.state) {
      const written = this.written(step, tensor);
      if (written !== this.currentOf(tensor.name)) {
        this.spare.set(tensor.name, this.currentOf(tensor.name));
        this.current.set(tensor.name, written);
      }
    }
  }

  /** The next step writes over the same memory again. */
  discard(step: StateUse, results: Readonly<Tensors>): void {
    for (const tensor of step.state) {
      if (results[tensor.next].data !== this.written(step, tensor).data) {
        release(results[tensor.next]);
      }
    }
  }

  snapshot(): Promise<StateSnapshot> {
    return Promise.resolve(toSnapshot(this.updated.values(), (name) => this.currentOf(name)));
  }

  dispose(): void {
    this.current.clear();
    this.spare.clear();
  }

  /** Where a step writes what it makes of a tensor. */
  private written({ overwritable }: StateUse, { name, shape }: StateTensor): Tensor {
    if (overwritable.has(name) && !this.keepsPrevious) {
      return this.currentOf(name);
    }
    let tensor = this.spare.get(name);
    if (tensor === undefined) {
      tensor = this.tensor(zeros(shape));
      this.spare.set(name, tensor);
    }
    return tensor;
  }
}

/** In the GPU's memory: a step's outputs stay there and are fed to the next as they are. */
class GpuState extends CurrentTensors implements DeviceState {
  fetches({ state }: StateUse): Record<string, null> {
    return Object.fromEntries(state.map(({ next }) => [next, null]));
  }

  sessionOptions({ state }: StateUse): SessionOptions {
    return {
      preferredOutputLocation: Object.fromEntries(state.map(({ next }) => [next, 'gpu-buffer'])),
    };
  }

  advance({ state }: StateUse, results: Readonly<Tensors>): void {
    for (const { name, next } of state) {
      release(this.currentOf(name));
      this.current.set(name, results[next]);
    }
  }

  discard({ state }: StateUse, results: Readonly<Tensors>): void {
    for (const { next } of state) {
      release(results[next]);
    }
  }

  /** Through a session that copies: `getData` of such a tensor ends the process (onnxruntime 1.30). */
  async snapshot(): Promise<StateSnapshot> {
    const state = [...this.updated.values()];
    const graph = new GraphBuilder('download');
    const copies = Object.fromEntries(
      state.map(({ name, shape }) => [`copy.${name}`, graph.input(name, 'float32', shape)]),
    );
    const session = await createSession(serialise(graph, copies), 'webgpu');
    try {
      const results = await run(
        session,
        Object.fromEntries(state.map(({ name }) => [name, this.currentOf(name)])),
        Object.fromEntries(Object.keys(copies).map((copy) => [copy, null])),
      );
      return toSnapshot(state, (name) => results[`copy.${name}`]);
    } finally {
      await session.release();
    }
  }

  dispose(): void {
    for (const tensor of this.current.values()) {
      release(tensor);
    }
    this.current.clear();
  }
}

/** Gives back the memory of a tensor that nothing reads any more, without waiting for a collection. */
function release(tensor: Tensor): void {
  if (tensor.location === 'gpu-buffer') {
    tensor.dispose();
  } else {
    const { buffer } = tensor.data as Float32Array<ArrayBuffer>;
    nowhere.postMessage(undefined, [buffer]);
  }
}

/** What is handed over to a port whose other end is closed is gone. */
const nowhere = closedPort();

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}

/** Copies of tensors in main memory; sums of gradients do not outlive a step. */
function toSnapshot(
  state: Iterable<StateTensor>,
  current: (name: string) => Tensor,
): StateSnapshot {
  const weights = new Map<string, ParameterTensor>();
  const moments = new Map<string, ParameterTensor>();
  const averages = new Map<string, ParameterTensor>();
  const homes = { parameter: weights, moment: moments, average: averages, gradient: undefined };
  for (const { name, shape, role } of state) {
    const key = role === 'average' ? averagedName(name) : name;
    homes[role]?.set(key, {
      shape,
      data: Float32Array.from(current(name).data as Float32Array),
    });
  }
  return { weights, moments, ...(averages.size > 0 && { averages }) };
}

function initialValue(initial: StateSnapshot, { name, shape, role }: StateTensor): ParameterTensor {
  switch (role) {
    case 'parameter':
      return weightOf(initial, name);
    case 'average':
      return (
        initial.averages?.get(averagedName(name)) ??
        // The weight itself goes its own way from here on.
        copyOf(weightOf(initial, averagedName(name)))
      );
    case 'moment':
      return initial.moments.get(name) ?? zeros(shape);
    case 'gradient':
      return zeros(shape);
  }
}

/** The weight that a running average is of. */
function averagedName(name: string): string {
  return name.slice('average.'.length);
}

function weightOf(initial: StateSnapshot, name: string): ParameterTensor {
  const weight = initial.weights.get(name);
  if (weight === undefined) {
    throw new Error(`no initial value for the weight ${name}`);
  }
  return weight;
}

function copyOf({ shape, data }: ParameterTensor): ParameterTensor {
  return { shape, data: Float32Array.from(data) };
}

function zeros(shape: readonly number[]): ParameterTensor {
  return { shape, data: new Float32Array(elementCount(shape)) };
}
