import assert from 'node:assert/strict';
import { learningRateAt } from '../../../src/engine/schedule';
import {
  adam,
  addOptimiser,
  elementCount,
  globalNorm,
  GraphBuilder,
  serialise,
  sgd,
  type Optimiser,
} from '../../../src/graph';
import { loadModel, relativeDistance, type Numbers } from '../../graph/onnx';
import { readFixture } from '../../graph/safetensors';
import { needShared } from '../../shared';

/** Runs of torch.optim, all of the fixture; the rate of each step is in the fixture. */
const runs: Readonly<Record<string, { optimiser: Optimiser; clipNorm?: number }>> = {
  adamw: { optimiser: adamWith({}) },
  adamw_amsgrad: { optimiser: adamWith({ weightDecay: 0.01, amsgrad: true }) },
  adam_l2: {
    optimiser: adamWith({
      betas: [0.9, 0.98],
      epsilon: 1e-6,
      weightDecay: 0.1,
      decay: 'gradient',
    }),
  },
  sgd_momentum: { optimiser: sgd({ weightDecay: 0, momentum: 0.9 }) },
  sgd_nesterov_wd: { optimiser: sgd({ weightDecay: 0.01, momentum: 0.9, nesterov: true }) },
  sgd_clip: { optimiser: sgd({ weightDecay: 0 }), clipNorm: 0.5 },
  adamw_clip: { optimiser: adamWith({}), clipNorm: 0.5 },
  adamw_cosine_warmup_hf: { optimiser: adamWith({}) },
  adamw_cosine_warmup_torch: { optimiser: adamWith({}) },
  sgd_cosine: { optimiser: sgd({ weightDecay: 0, momentum: 0.9 }) },
};
const steps = 20;

function adamWith(settings: Partial<Parameters<typeof adam>[0]>): Optimiser {
  return adam({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.05, ...settings });
}

describe('optimisers against torch.optim', () => {
  let fixture: ReadonlyMap<string, Numbers>;

  before(function () {
    fixture = readFixture(needShared(this, 'fixtures', 'ref', 'optimizers.safetensors')).tensors;
  });

  it('are compared in every run of the fixture', () => {
    const names = [...fixture.keys()].filter((name) => name.endsWith('.out.lr'));
    assert.deepEqual(names.map((name) => name.split('.')[0]).sort(), Object.keys(runs).sort());
  });

  for (const [run, { optimiser, clipNorm }] of Object.entries(runs)) {
    it(`take the same ${steps} steps: ${run}`, async () => {
      const step = (name: string, index: number): Numbers =>
        part(fixture, `${run}.out.${name}`, index);
      const graph = new GraphBuilder('optimiser');
      const found = new Map(
        Object.entries({ W: [3, 4], b: [4] }).map(([name, shape]) => [
          graph.input(name, 'float32', shape),
          graph.input(`g${name}`, 'float32', shape),
        ]),
      );
      const { state, outputs } = addOptimiser(graph, optimiser, found, { clipNorm });
      const norm = globalNorm(graph, found);
      const model = await loadModel(serialise(graph, { ...outputs, norm }));
      let current = Object.fromEntries(
        state.map(({ name, shape, role }) => [
          name,
          role === 'parameter' ? step(name, 0) : numbers(shape, new Float64Array(12)),
        ]),
      );
      for (let index = 0; index < steps; index++) {
        const rate = step('lr', index).data[0];
        const scalars = Object.entries(optimiser.scalarsAt(index + 1, rate));
        const results = await model.run({
          ...current,
          gW: step('gW', index),
          gb: step('gb', index),
          ...Object.fromEntries(scalars.map(([name, value]) => [name, numbers([], [value])])),
        });
        current = Object.fromEntries(
          state.map(({ name, next, shape }) => [name, numbers(shape, results[next])]),
        );
        assert(relativeDistance(results.norm, step('gnorm', index).data) < 1e-6);
        for (const name of ['W', 'b']) {
          const error = relativeDistance(current[name].data, step(name, index + 1).data);
          assert(error < 2e-6, `${name} of step ${index + 1} is off by ${error}`);
        }
      }
    });
  }

  it('get the rates of warm-up and half a cosine, but for a first step of rate 0', () => {
    const training = { learningRate: 0.01, warmupSteps: 4, schedule: 'cosine' } as const;
    const { data } = fixture.get('adamw_cosine_warmup_hf.out.lr')!;
    assert.equal(data[0], 0);
    for (let step = 1; step < steps; step++) {
      close(learningRateAt(step, steps - 1, training), data[step]);
    }
  });

  it('get the rates of half a cosine without warm-up', () => {
    const training = { learningRate: 0.05, warmupSteps: 0, schedule: 'cosine' } as const;
    const { data } = fixture.get('sgd_cosine.out.lr')!;
    for (let step = 1; step <= steps; step++) {
      close(learningRateAt(step, steps, training), data[step - 1]);
    }
  });
});

function close(value: number, expected: number): void {
  assert(Math.abs(value - expected) < 1e-12, `${value} is not ${expected}`);
}

function numbers(shape: readonly number[], data: ArrayLike<number>): Numbers {
  const count = elementCount(shape);
  return { type: 'float32', shape, data: Array.from(data).slice(0, count) };
}

/** One entry along the first axis. */
function part(fixture: ReadonlyMap<string, Numbers>, name: string, index: number): Numbers {
  const found = fixture.get(name);
  assert(found, name);
  const count = found.data.length / found.shape[0];
  const data = Array.from(found.data).slice(index * count, (index + 1) * count);
  return numbers(found.shape.slice(1), data);
}
