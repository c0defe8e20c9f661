import assert from 'node:assert/strict';
import { adamW, addOptimiser, GraphBuilder, serialise } from '../../../src/graph';
import { loadModel, relativeDistance, type Numbers } from '../../graph/onnx';
import { readFixture } from '../../graph/safetensors';
import { needShared } from '../../shared';

/** Runs of torch.optim.AdamW; the rate of each step is in the fixture. */
const runs = ['adamw', 'adamw_cosine_warmup_hf', 'adamw_cosine_warmup_torch'];

describe('AdamW against torch.optim', () => {
  let fixture: ReadonlyMap<string, Numbers>;

  before(function () {
    fixture = readFixture(needShared(this, 'fixtures', 'ref', 'optimizers.safetensors')).tensors;
  });

  for (const run of runs) {
    it(`takes the same 20 steps: ${run}`, async () => {
      const step = (name: string, index: number): Numbers =>
        part(fixture, `${run}.out.${name}`, index);
      const graph = new GraphBuilder('optimiser');
      const weight = graph.input('W', 'float32', [3, 4]);
      const gradient = graph.input('gradient', 'float32', [3, 4]);
      const optimiser = adamW({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.05 });
      const { state, outputs } = addOptimiser(graph, optimiser, new Map([[weight, gradient]]));
      const model = await loadModel(serialise(graph, outputs));
      let current = Object.fromEntries(
        state.map(({ name, shape }) => [
          name,
          name === 'W' ? step('W', 0) : numbers(shape, new Float64Array(12)),
        ]),
      );
      for (let index = 0; index < 20; index++) {
        const rate = step('lr', index).data[0];
        const scalars = Object.entries(optimiser.scalarsAt(index + 1, rate));
        const results = await model.run({
          ...current,
          gradient: step('gW', index),
          ...Object.fromEntries(scalars.map(([name, value]) => [name, numbers([], [value])])),
        });
        current = Object.fromEntries(
          state.map(({ name, next, shape }) => [name, numbers(shape, results[next])]),
        );
        const error = relativeDistance(current.W.data, step('W', index + 1).data);
        assert(error < 1e-6, `step ${index + 1} is off by ${error}`);
      }
    });
  }
});

function numbers(shape: readonly number[], data: ArrayLike<number>): Numbers {
  return { type: 'float32', shape, data };
}

/** One entry along the first axis. */
function part(fixture: ReadonlyMap<string, Numbers>, name: string, index: number): Numbers {
  const found = fixture.get(name);
  assert(found, name);
  const count = found.data.length / found.shape[0];
  const data = Array.from(found.data).slice(index * count, (index + 1) * count);
  return numbers(found.shape.slice(1), data);
}
