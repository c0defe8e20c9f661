import type { Provider } from '../core/run';
import { GraphBuilder, serialise } from '../graph';
import type { Parameters, ParameterTensor } from '../networks';
import type { StateTensor, TrainingStepGraph } from '../networks';
import { createSession, run } from './runtime';
import type { Runtime, SessionOptions, Tensor } from './runtime';

type Tensors = Record<string, Tensor>;

/**
 * Weights and moments between training steps. A step reads `feeds` and writes `fetches`; `advance`
 * makes what was written the next feeds. Nothing passes through JavaScript arrays in between.
 */
export interface DeviceState {
  readonly feeds: Readonly<Tensors>;
  /** null: onnxruntime allocates the output, where the session options say. */
  readonly fetches: Readonly<Record<string, Tensor | null>>;
  readonly sessionOptions: SessionOptions;
  advance(results: Readonly<Tensors>): void;
  /** Copies of the current values. */
  snapshot(): Promise<StateSnapshot>;
  dispose(): void;
}

export interface StateSnapshot {
  readonly weights: Parameters;
  readonly moments: Parameters;
}

/** The state to start with; `moments` that are missing start as zeros. */
export function createDeviceState(
  runtime: Runtime,
  provider: Provider,
  graph: Pick<TrainingStepGraph, 'parameters' | 'state'>,
  initial: StateSnapshot,
): DeviceState {
  const tensor = ({ shape, data }: ParameterTensor): Tensor =>
    new runtime.Tensor('float32', data, shape);
  const updated = new Set(graph.state.map(({ name }) => name));
  const fixed: Tensors = {};
  for (const { name } of graph.parameters) {
    if (!updated.has(name)) {
      fixed[name] = tensor(weightOf(initial, name));
    }
  }
  // A copy: the step writes into these arrays.
  const start = graph.state.map((state) => tensor(copyOf(initialValue(initial, state))));
  return provider === 'webgpu'
    ? new GpuState(graph.state, fixed, start)
    : new HostState(
        graph.state,
        fixed,
        start,
        graph.state.map(({ shape }) => tensor(zeros(shape))),
      );
}

/** In main memory, twice: a step reads one half and onnxruntime writes straight into the other. */
class HostState implements DeviceState {
  readonly sessionOptions: SessionOptions = {};

  constructor(
    private readonly state: readonly StateTensor[],
    private readonly fixed: Readonly<Tensors>,
    private current: readonly Tensor[],
    private next: readonly Tensor[],
  ) {}

  get feeds(): Tensors {
    return { ...this.fixed, ...named(this.state, ({ name }) => name, this.current) };
  }

  get fetches(): Tensors {
    return named(this.state, ({ next }) => next, this.next);
  }

  advance(): void {
    [this.current, this.next] = [this.next, this.current];
  }

  snapshot(): Promise<StateSnapshot> {
    return Promise.resolve(toSnapshot(this.state, this.current));
  }

  dispose(): void {
    this.current = [];
    this.next = [];
  }
}

/** In the GPU's memory: a step's outputs stay there and are fed to the next as they are. */
class GpuState implements DeviceState {
  readonly sessionOptions: SessionOptions;

  constructor(
    private readonly state: readonly StateTensor[],
    private readonly fixed: Readonly<Tensors>,
    private current: readonly Tensor[],
  ) {
    this.sessionOptions = {
      preferredOutputLocation: Object.fromEntries(state.map(({ next }) => [next, 'gpu-buffer'])),
    };
  }

  get feeds(): Tensors {
    return { ...this.fixed, ...named(this.state, ({ name }) => name, this.current) };
  }

  get fetches(): Record<string, null> {
    return Object.fromEntries(this.state.map(({ next }) => [next, null]));
  }

  advance(results: Readonly<Tensors>): void {
    this.dispose();
    this.current = this.state.map(({ next }) => results[next]);
  }

  /** Through a session that copies: `getData` of such a tensor ends the process (onnxruntime 1.30). */
  async snapshot(): Promise<StateSnapshot> {
    const graph = new GraphBuilder('download');
    const copies = Object.fromEntries(
      this.state.map(({ name, shape }) => [`copy.${name}`, graph.input(name, 'float32', shape)]),
    );
    const session = await createSession(serialise(graph, copies), 'webgpu');
    try {
      const results = await run(
        session,
        named(this.state, ({ name }) => name, this.current),
        Object.fromEntries(this.state.map(({ name }) => [`copy.${name}`, null])),
      );
      return toSnapshot(
        this.state,
        this.state.map(({ name }) => results[`copy.${name}`]),
      );
    } finally {
      await session.release();
    }
  }

  dispose(): void {
    for (const tensor of this.current) {
      if (tensor.location === 'gpu-buffer') {
        tensor.dispose();
      }
    }
    this.current = [];
  }
}

function named(
  state: readonly StateTensor[],
  nameOf: (tensor: StateTensor) => string,
  tensors: readonly Tensor[],
): Tensors {
  return Object.fromEntries(state.map((entry, i) => [nameOf(entry), tensors[i]]));
}

/** Copies of tensors in main memory. */
function toSnapshot(state: readonly StateTensor[], tensors: readonly Tensor[]): StateSnapshot {
  const weights = new Map<string, ParameterTensor>();
  const moments = new Map<string, ParameterTensor>();
  for (const [i, { name, shape, role }] of state.entries()) {
    const data = Float32Array.from(tensors[i].data as Float32Array);
    (role === 'parameter' ? weights : moments).set(name, { shape, data });
  }
  return { weights, moments };
}

function initialValue(initial: StateSnapshot, state: StateTensor): ParameterTensor {
  if (state.role === 'parameter') {
    return weightOf(initial, state.name);
  }
  return initial.moments.get(state.name) ?? { shape: state.shape, data: zeros(state.shape).data };
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
  return { shape, data: new Float32Array(shape.reduce((count, size) => count * size, 1)) };
}
