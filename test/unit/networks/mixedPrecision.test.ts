import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadPreset } from '../../../src/engine/presets';
import { elementCount, inspectModel, treatments } from '../../../src/graph';
import { buildInferenceModel, buildTrainingStep, initialParameters } from '../../../src/networks';
import type { ModelPreset } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import { float32, loadModel } from '../../graph/onnx';
import { tinyPreset } from '../../graph/presets';
import { fusions, losses, metadataUses, variant } from './variants';

const modelsFolder = join(__dirname, '..', '..', '..', 'models');
/** TensorProto.DataType */
const float16 = 10;

type Node = ReturnType<typeof inspectModel>['nodes'][number];

function mixed(preset: ModelPreset): ModelPreset {
  return { ...preset, training: { ...preset.training, precision: 'mixed', clipNorm: 1 } };
}

/** The nodes of a training step, and of each whether it reads halves. */
function stepNodes(preset: ModelPreset): readonly (readonly [Node, boolean])[] {
  const { model } = buildTrainingStep(preset, { batch: 2, options: 3, tokens: 7 });
  const { nodes } = inspectModel(model);
  const halves = new Set<string>();
  return nodes.map((node) => {
    const readsHalf = node.inputs.some((input) => halves.has(input));
    const isComparison = ['Equal', 'Less'].includes(node.type);
    const givesHalf = node.type === 'Cast' ? node.integers.to === float16 : readsHalf;
    if (givesHalf && !isComparison) {
      node.outputs.forEach((output) => halves.add(output));
    }
    return [node, readsHalf] as const;
  });
}

describe('a training step in mixed precision', () => {
  const presets: Readonly<Record<string, () => Promise<ModelPreset>>> = {
    'of the default preset': () => loadPreset(modelsFolder, 'cnn3d-bert-small'),
    'of the medium preset': () => loadPreset(modelsFolder, 'cnn3d-bert-medium'),
    ...Object.fromEntries(
      [
        ...Object.values(fusions).map((fusion) => variant(fusion.kind, { fusion })),
        ...Object.values(losses).map((loss) => variant(loss.matching, { loss })),
        ...Object.values(metadataUses).map((metadata) => variant(metadata.use, { metadata })),
        variant('findings', { classification: { weight: 1 } }),
        variant('frozen', {}, 'frozen'),
      ].map((preset) => [`with ${preset.name}`, () => Promise.resolve(preset)]),
    ),
  };
  for (const [name, load] of Object.entries(presets)) {
    it(`${name} has every product in halves, and nothing else that computes`, async () => {
      const nodes = stepNodes(mixed(await load()));
      const isProduct = ({ type }: Node): boolean => treatments[type] === 'product';
      const products = nodes.filter(([node]) => isProduct(node));
      assert.ok(products.length > 10);
      for (const [{ type, name: node }, readsHalf] of products) {
        assert.ok(readsHalf, `${node} (${type}) is not in halves`);
      }
      for (const [{ type, name: node }, readsHalf] of nodes) {
        assert.ok(!readsHalf || type in treatments || type === 'Cast', `${node} (${type})`);
      }
    });
  }

  it('has weights, moments, averages and results in float32', async () => {
    const preset = mixed({
      ...tinyPreset,
      training: { ...tinyPreset.training, averageDecay: 0.9 },
    });
    const step = buildTrainingStep(preset, { batch: 2, options: 3 });
    const model = await loadModel(step.model, 'cpu');
    const start = initialParameters(preset, Random.fromSeed(1));
    const feeds = Object.fromEntries([
      ...step.inputs.map(({ name, type, shape }) => {
        const data = new Float32Array(elementCount(shape)).fill(1);
        return [name, { type, shape, data }] as const;
      }),
      ...step.state.map(({ name, shape }) => {
        const data = start.get(name)?.data ?? new Float32Array(elementCount(shape));
        return [name, float32(shape, data)] as const;
      }),
      ...Object.entries(step.scalars({ step: 1, learningRate: 0.01, lossScale: 1024 })).map(
        ([name, value]) => [name, float32([], [value])] as const,
      ),
    ]);
    // onnxruntime refuses a float32 tensor for a half input, and this reads each output's numbers.
    const results = await model.run(feeds);
    const changes = step.state.filter(
      ({ name, next, role }) =>
        role === 'parameter' && results[next].some((value, i) => value !== feeds[name].data[i]),
    );
    assert.ok(changes.length > 10);
    for (const { next } of changes) {
      assert.ok(!results[next].every(isHalf), next);
    }
  });

  it('does not reach the model that scores', () => {
    const weights = initialParameters(tinyPreset, Random.fromSeed(1));
    assert.deepEqual(
      buildInferenceModel(mixed(tinyPreset), weights),
      buildInferenceModel(tinyPreset, weights),
    );
  });

  it('feeds the scale of the loss only where there is one', () => {
    const moment = { step: 1, learningRate: 0.1, lossScale: 512 };
    const sizes = { batch: 2, options: 3 };
    assert.equal(buildTrainingStep(mixed(tinyPreset), sizes).scalars(moment).loss_scale, 512);
    assert.ok(!('loss_scale' in buildTrainingStep(tinyPreset, sizes).scalars(moment)));
    const accumulating = mixed(variant('accumulating', {}));
    for (const part of ['gather', 'update'] as const) {
      const step = buildTrainingStep(accumulating, sizes, part);
      assert.equal(step.scalars(moment).loss_scale, 512);
      assert.ok(inspectModel(step.model).inputs.includes('loss_scale'));
    }
  });
});

/** Whether a number has no more than the 11 significant bits of a half. */
function isHalf(number: number): boolean {
  const exponent = Math.floor(Math.log2(Math.abs(number)));
  return number === 0 || Number.isInteger(number / 2 ** (exponent - 10));
}
