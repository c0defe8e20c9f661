import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import { elementCount, inspectModel } from '../../../src/graph';
import {
  buildGradients,
  buildImageTower,
  buildInferenceModel,
  buildTextEncoder,
  buildTextTower,
  buildTrainingStep,
  initialParameters,
  stepInputs,
  stepOutputs,
  type Parameters,
  type TrainingStepGraph,
} from '../../../src/networks';
import { float32, loadModel, relativeDistance, type Numbers } from '../../graph/onnx';
import { frozenPreset, tinyPreset } from '../../graph/presets';
import { batch, flatTexts, options, texts } from './texts';

const tokens = tinyPreset.text.maxTokens;
const sizes = { batch, options };
const { hidden } = tinyPreset.text;

describe('initialParameters', () => {
  const parameters = initialParameters(tinyPreset, Random.fromSeed(1));

  it('draws convolutions and linear layers as PyTorch, BERT as BERT', () => {
    const largest = (name: string): number => Math.max(...parameters.get(name)!.data.map(Math.abs));
    assert(largest('image.convs.1.weight') <= 1 / Math.sqrt(2 * 27));
    assert(largest('image.convs.1.weight') > 0.8 / Math.sqrt(2 * 27));
    assert(largest('proj.weight') <= 1 / Math.sqrt(hidden));
    const words = parameters.get('text.word.weight')!.data;
    const deviation = Math.sqrt(words.reduce((sum, number) => sum + number ** 2, 0) / words.length);
    assert(Math.abs(deviation - 0.02) < 0.003, `${deviation}`);
    assert.equal(largest('text.layers.0.q.bias'), 0);
    assert.deepEqual([...new Set(parameters.get('text.ln.weight')!.data)], [1]);
    assert(Math.abs(parameters.get('logit_scale')!.data[0] - Math.log(1 / 0.07)) < 1e-6);
  });

  it('repeats a seed, and has what the training step reads', () => {
    assert.deepEqual(initialParameters(tinyPreset, Random.fromSeed(1)), parameters);
    assert.notDeepEqual(initialParameters(tinyPreset, Random.fromSeed(2)), parameters);
    assert.deepEqual(
      buildTrainingStep(tinyPreset, sizes).parameters.map(({ name, shape }) => [name, shape]),
      [...parameters].map(([name, { shape }]) => [name, shape]),
    );
    assert.deepEqual(
      [...initialParameters(frozenPreset, Random.fromSeed(1)).keys()],
      [...parameters.keys()],
    );
  });
});

describe('training step', () => {
  it('learns to pick the true option of one batch', async () => {
    const step = buildTrainingStep(tinyPreset, sizes);
    const weights = initialParameters(tinyPreset, Random.fromSeed(3));
    const { losses, logits } = await train(step, weights, 60);
    assert(losses[0] > 0.5 && losses[losses.length - 1] < 0.05, losses.join(' '));
    const best = [0, 1].map((row) => {
      const scores = logits.slice(row * options, (row + 1) * options);
      return scores.indexOf(Math.max(...scores));
    });
    assert.deepEqual(best, [1, 2]);
  });

  it('has no gradient, moment or update for a frozen text tower, but for its projection', () => {
    const { model, state, parameters } = buildTrainingStep(frozenPreset, sizes);
    assert(state.every(({ name }) => !/(^|\.)text\./.test(name)));
    assert(state.some(({ name }) => name === 'proj.weight'));
    assert(parameters.some(({ name, trainable }) => name.startsWith('text.') && !trainable));
    const textGradients = (bytes: Uint8Array): number =>
      inspectModel(bytes).nodes.filter(({ name }) => name.startsWith('grad.text')).length;
    assert.equal(textGradients(model), 0);
    assert(textGradients(buildTrainingStep(tinyPreset, sizes).model) > 0);
  });

  it('does not differentiate the input volume', () => {
    const countOf = (...types: readonly string[]): number =>
      inspectModel(buildGradients(tinyPreset, sizes)).nodes.filter(
        ({ name, type }) => name.includes('image.convs') && types.includes(type),
      ).length;
    // Two layers, the first of which is matrix products: two forward, two for the weights, one for
    // the input of the second.
    assert.equal(countOf('Conv', 'MatMul', 'Gemm'), 5);
  });

  it('takes text features made beforehand in place of a frozen tower', async () => {
    const weights = initialParameters(frozenPreset, Random.fromSeed(4));
    const features = await textFeaturesOf(weights);
    const inside = buildTrainingStep(frozenPreset, sizes);
    const outside = buildTrainingStep(frozenPreset, { ...sizes, textInput: 'features' });
    assert(outside.parameters.every(({ trainable }) => trainable));
    assert.deepEqual(outside.state, inside.state);
    const [a, b] = [
      await train(inside, weights, 3),
      await train(outside, weights, 3, { [stepInputs.textFeatures]: features }),
    ];
    assert(relativeDistance(b.losses, a.losses) < 1e-5);
    assert.throws(
      () => buildTrainingStep(tinyPreset, { ...sizes, textInput: 'features' }),
      /features cannot be fed/,
    );
  });

  it('gives the same numbers when padding that no text needs is left out', async () => {
    const weights = initialParameters(tinyPreset, Random.fromSeed(5));
    const long = await train(buildTrainingStep(tinyPreset, sizes), weights, 2);
    const short = await train(buildTrainingStep(tinyPreset, { ...sizes, tokens: 5 }), weights, 2, {
      [stepInputs.ids]: texts(5).ids,
      [stepInputs.mask]: texts(5).mask,
    });
    assert(relativeDistance(short.losses, long.losses) < 1e-5);
    assert(relativeDistance(short.logits, long.logits) < 1e-4);
  });
});

describe('inference models', () => {
  it('score as the training step does, for any number of scans, texts and tokens', async () => {
    const weights = initialParameters(tinyPreset, Random.fromSeed(6));
    const { logits } = await train(buildTrainingStep(tinyPreset, sizes), weights, 1);
    const model = await loadModel(buildInferenceModel(tinyPreset, weights, { preset: 'tiny' }));
    for (const length of [tokens, 5]) {
      const feeds = { volume: volume(), ...flatTexts(length) };
      const { similarity } = await model.run(feeds);
      const own = [0, 1, 2]
        .map((text) => similarity[text])
        .concat([9, 10, 11].map((i) => similarity[i]));
      assert.equal(similarity.length, batch * batch * options);
      assert(relativeDistance(own, logits) < 1e-5);
    }
  });

  it('split into towers whose embeddings have length 1 and the same products', async () => {
    const weights = initialParameters(tinyPreset, Random.fromSeed(7));
    const whole = await (
      await loadModel(buildInferenceModel(tinyPreset, weights))
    ).run({ volume: volume(), ...flatTexts(tokens) });
    const image = await (
      await loadModel(buildImageTower(tinyPreset, weights))
    ).run({ volume: volume() });
    const text = await (
      await loadModel(buildTextTower(tinyPreset, weights))
    ).run(flatTexts(tokens));
    assert(relativeDistance(image.image_embedding, whole.image_embedding) < 1e-6);
    assert(relativeDistance(text.text_embedding, whole.text_embedding) < 1e-6);
    const { dimension } = tinyPreset.fusion;
    assert(Math.abs(Math.hypot(...text.text_embedding.slice(0, dimension)) - 1) < 1e-6);
    const product = image.image_embedding
      .slice(0, dimension)
      .reduce((sum, number, index) => sum + number * text.text_embedding[index], 0);
    assert(Math.abs(product / 0.07 - whole.similarity[0]) < 1e-4);
  });

  it('refuse weights that are missing or of another shape', () => {
    const weights = initialParameters(tinyPreset, Random.fromSeed(8));
    const without = new Map([...weights].filter(([name]) => name !== 'proj.weight'));
    assert.throws(() => buildTextTower(tinyPreset, without), /lack proj\.weight/);
    const wrong = new Map(weights).set('proj.weight', { shape: [1], data: new Float32Array(1) });
    assert.throws(() => buildTextTower(tinyPreset, wrong), /proj\.weight is \[1\]/);
  });
});

/** Trains on one batch again and again; the losses, and the last logits. */
async function train(
  step: TrainingStepGraph,
  weights: Parameters,
  steps: number,
  inputs: Readonly<Record<string, Numbers>> = {},
): Promise<{ losses: number[]; logits: number[] }> {
  const model = await loadModel(step.model);
  const label: Numbers = { type: 'int32', shape: [batch], data: [1, 2] };
  const { ids, mask } = texts(tokens);
  const data = {
    [stepInputs.volume]: volume(),
    [stepInputs.ids]: ids,
    [stepInputs.mask]: mask,
    [stepInputs.label]: label,
    ...inputs,
  };
  const frozen = step.parameters.filter(({ trainable }) => !trainable);
  let state = Object.fromEntries(
    [...step.state, ...frozen].map(({ name, shape }): [string, Numbers] => {
      const data = weights.get(name)?.data ?? new Float32Array(elementCount(shape));
      return [name, float32(shape, data)];
    }),
  );
  const losses: number[] = [];
  let logits: number[] = [];
  for (let number = 1; number <= steps; number++) {
    const { learningRate } = tinyPreset.training;
    const scalars = Object.entries(step.scalars({ step: number, learningRate }));
    const results = await model.run({
      ...data,
      ...state,
      ...Object.fromEntries(scalars.map(([name, value]) => [name, float32([], [value])])),
    });
    losses.push(results[stepOutputs.loss][0]);
    logits = [...results[stepOutputs.logits]];
    for (const { name, next, shape } of step.state) {
      state = { ...state, [name]: float32(shape, results[next]) };
    }
  }
  return { losses, logits };
}

async function textFeaturesOf(weights: Parameters): Promise<Numbers> {
  const encoder = await loadModel(buildTextEncoder(frozenPreset, weights));
  const { text_features: features } = await encoder.run(flatTexts(tokens));
  return float32([batch, options, hidden], features);
}

function volume(): Numbers {
  const random = Random.fromSeed(10);
  const shape = [batch, 1, 5, 8, 6];
  return float32(
    shape,
    Float64Array.from({ length: batch * 240 }, () => random.normal()),
  );
}
