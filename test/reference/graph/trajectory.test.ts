import assert from 'node:assert/strict';
import type { ModelPreset } from '../../../src/core/preset';
import { elementCount } from '../../../src/graph';
import {
  buildGradients,
  buildTrainingStep,
  stepInputs,
  stepOutputs,
  type TrainingStepGraph,
} from '../../../src/networks';
import { float32, loadModel, relativeDistance, type Numbers } from '../../graph/onnx';
import { readFixture } from '../../graph/safetensors';
import { needShared } from '../../shared';

const preset: ModelPreset = {
  name: 'dual-tower',
  title: 'The tower of the PyTorch run',
  description: '',
  volume: { kind: 'fit', name: 'small', orientation: 'LPS', size: [16, 32, 32], clipHu: [-1, 1] },
  image: { network: 'simple3dcnn', widths: [8, 16, 32] },
  text: {
    network: 'bert',
    tokenizer: '',
    maxTokens: 24,
    vocabularySize: 997,
    hidden: 64,
    layers: 2,
    heads: 4,
    feedForward: 128,
    maxPositions: 64,
    learning: 'trainable',
  },
  fusion: { kind: 'cosine', dimension: 64, initialScale: 1 / 0.07 },
  training: {
    epochs: 1,
    batch: 2,
    learningRate: 1e-3,
    warmupSteps: 0,
    schedule: 'constant',
    weightDecay: 0.01,
    // As torch.optim.AdamW does where all parameters are one group.
    decayAll: true,
    betas: [0.9, 0.999],
    epsilon: 1e-8,
  },
};
const sizes = { batch: 2, options: 4 };

describe('training step against PyTorch (float64 there, float32 here)', () => {
  let fixture: ReadonlyMap<string, Numbers>;
  const tensor = (name: string): Numbers => {
    const found = fixture.get(name);
    assert(found, name);
    return found;
  };

  before(function () {
    const path = needShared(this, 'fixtures', 'torch-train', 'dual_tower.safetensors');
    fixture = readFixture(path).tensors;
  });

  it('has the same parameters', () => {
    const names = [...fixture.keys()].filter((name) => name.startsWith('init.'));
    const { parameters } = buildTrainingStep(preset, sizes);
    assert.deepEqual(
      parameters.map(({ name, shape }) => [`init.${name}`, shape]).sort(byName),
      names.map((name) => [name, tensor(name).shape]).sort(byName),
    );
  });

  it('finds the same gradients', async () => {
    const model = await loadModel(buildGradients(preset, sizes));
    const found = await model.run({ ...batchOf(tensor, 0), ...initialState(tensor) });
    assert(relativeDistance(found[stepOutputs.logits], tensor('step0.logits').data) < 1e-5);
    const expected = [...fixture.keys()].filter((name) => name.startsWith('step0.grad.'));
    const scale = Math.hypot(
      ...expected.map((name) => Math.hypot(...Array.from(tensor(name).data))),
    );
    for (const name of expected) {
      const gradient = found[name.replace('step0.', '')];
      const reference = Array.from(tensor(name).data);
      const error = Math.hypot(...reference.map((number, index) => gradient[index] - number));
      // A key's bias moves all scores of a row alike, so its gradient is 0 but for rounding.
      const size = Math.max(Math.hypot(...reference), 1e-4 * scale);
      assert(error < 1e-5 * size, `${name}: ${error} of ${size}`);
    }
  });

  it('follows the same 20 steps to the same weights', async () => {
    const step = buildTrainingStep(preset, sizes);
    const model = await loadModel(step.model);
    const losses = tensor('losses').data;
    let state = initialState(tensor, step);
    for (let index = 0; index < losses.length; index++) {
      const results = await model.run({
        ...batchOf(tensor, index),
        ...state,
        ...scalarsOf(step, index + 1),
      });
      const error = Math.abs(results[stepOutputs.loss][0] / losses[index] - 1);
      assert(error < 1e-5, `loss of step ${index + 1} is off by ${error}`);
      state = Object.fromEntries(
        step.state.map(({ name, next, shape }) => [name, float32(shape, results[next])]),
      );
    }
    for (const { name } of step.parameters) {
      const error = relativeDistance(state[name].data, tensor(`final.${name}`).data);
      // Adam divides by the size of the gradient: where that is rounding alone, so is the step.
      assert(error < (name.endsWith('.k.bias') ? 1e-2 : 1e-5), `${name} is off by ${error}`);
    }
  });
});

type Lookup = (name: string) => Numbers;

/** All parameters at their first values, and the moments at 0. */
function initialState(tensor: Lookup, step?: TrainingStepGraph): Record<string, Numbers> {
  const { parameters, state } = step ?? buildTrainingStep(preset, sizes);
  return Object.fromEntries([
    ...parameters.map(({ name, shape }) => [name, float32(shape, tensor(`init.${name}`).data)]),
    ...state
      .filter(({ role }) => role === 'moment')
      .map(({ name, shape }) => {
        return [name, float32(shape, new Float32Array(elementCount(shape)))];
      }),
  ]) as Record<string, Numbers>;
}

/** The inputs of one step; the fixture holds all steps along the first axis. */
function batchOf(tensor: Lookup, index: number): Record<string, Numbers> {
  const part = (name: string, type: Numbers['type']): Numbers => {
    const { shape, data } = tensor(name);
    const count = data.length / shape[0];
    const numbers = Array.prototype.slice.call(data, index * count, (index + 1) * count);
    return { type, shape: shape.slice(1), data: numbers as number[] };
  };
  return {
    [stepInputs.volume]: part('in.volume', 'float32'),
    [stepInputs.ids]: part('in.ids', 'int32'),
    [stepInputs.mask]: part('in.mask', 'int32'),
    [stepInputs.label]: part('in.label', 'int32'),
  };
}

function scalarsOf(step: TrainingStepGraph, number: number): Record<string, Numbers> {
  const scalars = step.scalars({ step: number, learningRate: preset.training.learningRate });
  return Object.fromEntries(
    Object.entries(scalars).map(([name, value]) => [name, float32([], [value])]),
  );
}

function byName(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]).localeCompare(String(b[0]));
}
