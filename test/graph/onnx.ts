import assert from 'node:assert/strict';
import { Tensor } from 'onnxruntime-node';
import type { Provider } from '../../src/core/run';
import { createSession, run } from '../../src/engine/runtime';
import { GraphBuilder, serialise, type DataType, type Value } from '../../src/graph';
import { tensorData } from '../../src/graph/value';

/** Numbers with a shape, as tests write them. */
export interface Numbers {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export function float32(shape: readonly number[], data: ArrayLike<number>): Numbers {
  return { type: 'float32', shape, data };
}

/**
 * The provider that the gradient tests run on: CT_MCQA_TEST_DEVICE, or the processor. GPUs have no
 * float64 and their own rounding, which the tests bear by {@link onProcessor}.
 */
export const testDevice = (process.env.CT_MCQA_TEST_DEVICE ?? 'cpu') as Provider;
export const onProcessor = testDevice === 'cpu';

/** A loaded model; `run` feeds and fetches plain numbers. */
export interface RunnableModel {
  run(feeds: Readonly<Record<string, Numbers>>): Promise<Record<string, Float64Array>>;
}

export async function loadModel(
  model: Uint8Array,
  device: Provider = testDevice,
): Promise<RunnableModel> {
  const session = await createSession(model, device, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    run: async (feeds) => {
      const wanted = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
      const results = await run(
        session,
        Object.fromEntries(wanted.map(([name, numbers]) => [name, tensorOf(numbers)])),
        Object.fromEntries(session.outputNames.map((name) => [name, null])),
      );
      return Object.fromEntries(
        Object.entries(results).map(([name, { data }]) => [
          name,
          Float64Array.from(data as ArrayLike<number | bigint>, Number),
        ]),
      );
    },
  };
}

/** Whether `device` runs every node of the model, and leaves none to the processor. */
export async function runsWholly(model: Uint8Array, device: Provider): Promise<boolean> {
  try {
    const session = await createSession(model, device, {
      executionProviders: [device],
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
    await session.release();
    return true;
  } catch (error) {
    assert.match(String(error), /fallback to CPU EP has been explicitly disabled/);
    return false;
  }
}

/** Builds a graph, runs it once and gives the outputs. */
export async function evaluate(
  inputs: Readonly<Record<string, Numbers>>,
  build: (inputs: Record<string, Value>) => Record<string, Value>,
): Promise<Record<string, Float64Array>> {
  const graph = new GraphBuilder('test');
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, shape }]) => [name, graph.input(name, type, shape)]),
  );
  const model = await loadModel(serialise(graph, build(values)));
  return model.run(inputs);
}

function tensorOf({ type, shape, data }: Numbers): Tensor {
  return new Tensor(type, tensorData(type, data) as never, shape);
}

/** |a - b| / |b| in the Euclidean norm. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let distance = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    distance += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return a.length === b.length ? Math.sqrt(distance / Math.max(size, Number.MIN_VALUE)) : Infinity;
}
