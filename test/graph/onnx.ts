import * as onnxruntime from 'onnxruntime-node';
import { GraphBuilder, serialise, type DataType, type Value } from '../../src/graph';
import { tensorData } from '../../src/graph/value';

/** Numbers with a shape, as tests write them. */
export interface Numbers {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** A loaded model; `run` feeds and fetches plain numbers. */
export interface RunnableModel {
  run(feeds: Readonly<Record<string, Numbers>>): Promise<Record<string, Float64Array>>;
}

export async function loadModel(model: Uint8Array): Promise<RunnableModel> {
  const session = await onnxruntime.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    run: async (feeds) => {
      const wanted = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
      const results = await session.run(
        Object.fromEntries(wanted.map(([name, numbers]) => [name, tensorOf(numbers)])),
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

function tensorOf({ type, shape, data }: Numbers): onnxruntime.Tensor {
  return new onnxruntime.Tensor(type, tensorData(type, data) as never, shape);
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
