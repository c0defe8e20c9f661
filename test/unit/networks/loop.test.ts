import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import { elementCount, inspectModel, loopModel, loopSteps } from '../../../src/graph';
import {
  buildTrainingStep,
  initialParameters,
  stepInputs,
  stepOutputs,
} from '../../../src/networks';
import { float32, loadModel, type Numbers } from '../../graph/onnx';
import { tinyPreset } from '../../graph/presets';

const steps = 3;
const step = buildTrainingStep(tinyPreset, { batch: 2, options: 3 });
const scalarNames = Object.keys(step.scalars({ step: 1, learningRate: 1 }));
const looped = loopModel(step.model, {
  perStep: [...step.inputs.map(({ name }) => name), ...scalarNames],
  carried: step.state,
});

describe('training steps in one loop', () => {
  it('keep the names and add the number of steps', () => {
    const single = inspectModel(step.model);
    const many = inspectModel(looped);
    assert.deepEqual(new Set(many.inputs), new Set([loopSteps, ...single.inputs]));
    assert.deepEqual(new Set(many.outputs), new Set(single.outputs));
    assert.deepEqual(many.constants, single.constants);
    assert.deepEqual(
      many.nodes.map(({ type }) => type),
      ['Loop'],
    );
  });

  it('give the same losses and weights, bit for bit, as one step after the other', async () => {
    const batches = Array.from({ length: steps }, (_, index) => batchOf(index + 1));
    const start = startingState();

    const single = await loadModel(step.model);
    let state = start;
    const losses: number[] = [];
    for (const batch of batches) {
      const results = await single.run({ ...batch, ...state });
      losses.push(...results[stepOutputs.loss]);
      state = Object.fromEntries(
        step.state.map(({ name, next, shape }) => [name, float32(shape, results[next])]),
      );
    }

    const many = await loadModel(looped);
    const results = await many.run({
      ...stacked(batches),
      ...start,
      [loopSteps]: { type: 'int64', shape: [], data: [steps] },
    });
    assert.deepEqual([...results[stepOutputs.loss]], losses);
    assert.ok(losses[2] < losses[0], `the loss falls: ${losses.join(', ')}`);
    for (const { name, next } of step.state) {
      assert.deepEqual(results[next], Float64Array.from(state[name].data), name);
    }
  });

  it('refuse a state that the step does not have', () => {
    assert.throws(
      () => loopModel(step.model, { perStep: [], carried: [{ name: 'w', next: 'next.w' }] }),
      /no input or output w/,
    );
  });
});

type Feeds = Readonly<Record<string, Numbers>>;

/** The batch and the scalars of step `number`; texts and volumes repeat, so that the loss falls. */
function batchOf(number: number): Feeds {
  const random = Random.fromSeed(7);
  const draw: Readonly<Record<string, () => number>> = {
    [stepInputs.volume]: () => random.normal(),
    [stepInputs.ids]: () => 1 + random.index(29),
    [stepInputs.mask]: () => 1,
    [stepInputs.label]: () => random.index(3),
  };
  const data = step.inputs.map(({ name, type, shape }): [string, Numbers] => [
    name,
    { type, shape, data: Array.from({ length: elementCount(shape) }, draw[name]) },
  ]);
  const scalars = Object.entries(step.scalars({ step: number, learningRate: 0.01 })).map(
    ([name, value]): [string, Numbers] => [name, float32([], [value])],
  );
  return Object.fromEntries([...data, ...scalars]);
}

function stacked(batches: readonly Feeds[]): Feeds {
  return Object.fromEntries(
    Object.entries(batches[0]).map(([name, { type, shape }]) => [
      name,
      {
        type,
        shape: [batches.length, ...shape],
        data: batches.flatMap((batch) => Array.from(batch[name].data)),
      },
    ]),
  );
}

function startingState(): Feeds {
  const weights = initialParameters(tinyPreset, Random.fromSeed(3));
  return Object.fromEntries(
    step.state.map(({ name, shape }) => [
      name,
      float32(shape, weights.get(name)?.data ?? new Float32Array(elementCount(shape))),
    ]),
  );
}
