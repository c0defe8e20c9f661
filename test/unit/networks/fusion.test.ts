import assert from 'node:assert/strict';
import type { ModelPreset } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import { elementCount } from '../../../src/graph';
import {
  buildFusionHead,
  buildGradients,
  buildImageTower,
  buildInferenceModel,
  buildTextEncoder,
  initialParameters,
  stepInputs,
  stepOutputs,
  type Parameters,
} from '../../../src/networks';
import { float32, loadModel, relativeDistance, type Numbers } from '../../graph/onnx';
import { batch, flatTexts, options, texts } from './texts';
import { fusions, losses, metadataUses, variant } from './variants';

const tokens = 7;
const sizes = { batch, options };
const findings = ['Cardiomegaly', 'Emphysema'];

/** Every fusion with every use of metadata, and with a head for findings. */
const presets = Object.entries(fusions).flatMap(([kind, fusion]) => [
  variant(kind, { fusion }),
  ...Object.entries(metadataUses).map(([use, metadata]) =>
    variant(`${kind} with metadata as ${use}`, { fusion, metadata }),
  ),
  variant(`${kind} with findings`, { fusion, classification: { weight: 0.5, findings } }),
]);

describe('fusions', () => {
  for (const preset of presets) {
    it(`${preset.name}: score in inference as in training, for any number of scans and texts`, async () => {
      const weights = initialParameters(preset, Random.fromSeed(1));
      const step = await loadModel(buildGradients(preset, sizes));
      const found = await step.run({ ...inputs(), ...asInputs(weights) });
      const logits = found[stepOutputs.logits];
      const model = await loadModel(buildInferenceModel(preset, weights));
      for (const length of [tokens, 5]) {
        const { similarity } = await model.run({ ...inputs(), ...flatTexts(length) });
        const own = [0, 1, 2, 9, 10, 11].map((place) => similarity[place]);
        assert.equal(similarity.length, batch * batch * options);
        assert(relativeDistance(own, logits) < 1e-5, `${own.join()} for ${logits.join()}`);
      }
    });
  }

  for (const preset of presets.filter(({ fusion }) => fusion.kind === 'cross_attention')) {
    it(`${preset.name}: run in parts as in one, whatever the padding holds`, async () => {
      const weights = initialParameters(preset, Random.fromSeed(2));
      const whole = await (
        await loadModel(buildInferenceModel(preset, weights))
      ).run({
        ...inputs(),
        ...flatTexts(tokens),
      });
      const image = await (await loadModel(buildImageTower(preset, weights))).run(inputs());
      const text = await (
        await loadModel(buildTextEncoder(preset, weights))
      ).run(flatTexts(tokens));
      const { input_ids: ids, attention_mask: mask } = flatTexts(tokens);
      const { hidden } = preset.text;
      const states = Float64Array.from(text.text_features, (state, place) =>
        mask.data[Math.floor(place / hidden)] === 0 ? 1000 : state,
      );
      const { dimension } = preset.fusion;
      const count = image.image_embedding.length / batch / dimension;
      const { similarity } = await (
        await loadModel(buildFusionHead(preset, weights))
      ).run({
        image_embedding: float32([batch, count, dimension], image.image_embedding),
        text_features: float32([...ids.shape, hidden], states),
        attention_mask: mask,
      });
      assert(relativeDistance(similarity, whole.similarity) < 1e-5);
    });
  }

  it('of cross-attention hold a text against the image, not only the two against each other', async () => {
    const preset = variant('cross', { fusion: fusions.cross_attention });
    const weights = initialParameters(preset, Random.fromSeed(3));
    const model = await loadModel(buildInferenceModel(preset, weights));
    const { similarity } = await model.run({ ...inputs(), ...flatTexts(tokens) });
    const difference = (text: number): number => similarity[text] - similarity[6 + text];
    // Logits that were a sum of one term of the scan and one of the text would differ alike.
    assert(Math.abs(difference(0) - difference(1)) > 1e-4);
  });

  it('differ by the metadata where they read them', async () => {
    for (const metadata of Object.values(metadataUses)) {
      for (const fusion of Object.values(fusions)) {
        const preset = variant('metadata', { fusion, metadata });
        const weights = initialParameters(preset, Random.fromSeed(4));
        const model = await loadModel(buildInferenceModel(preset, weights));
        const feeds = { ...inputs(), ...flatTexts(tokens) };
        const one = await model.run(feeds);
        const other = await model.run({
          ...feeds,
          metadata: float32([batch, 6], new Float32Array(12)),
        });
        assert(relativeDistance(other.similarity, one.similarity) > 1e-5);
      }
    }
  });

  it('give model.onnx the meaning of its metadata and findings', () => {
    const preset = variant('described', {
      metadata: metadataUses.token,
      classification: { weight: 1, findings },
    });
    const weights = initialParameters(preset, Random.fromSeed(5));
    const model = Buffer.from(buildInferenceModel(preset, weights));
    assert(model.includes(JSON.stringify(findings)));
    assert(model.includes('"age / 100","age missing","sex M"'));
    const plain = variant('plain', {});
    const other = buildInferenceModel(plain, initialParameters(plain, Random.fromSeed(5)));
    assert(!Buffer.from(other).includes('Emphysema'));
  });
});

describe('a frozen text tower', () => {
  it('gives the same gradients whether it runs in the step or its states are fed', async () => {
    for (const fusion of Object.values(fusions)) {
      for (const loss of Object.values(losses)) {
        const preset = variant('frozen', { fusion, loss }, 'frozen');
        const weights = initialParameters(preset, Random.fromSeed(6));
        const inside = await loadModel(buildGradients(preset, sizes));
        const outside = await loadModel(
          buildGradients(preset, { ...sizes, textInput: 'features' }),
        );
        const encoder = await loadModel(buildTextEncoder(preset, weights));
        const { text_features: states } = await encoder.run(flatTexts(tokens));
        const each = states.length / batch / options;
        const shape =
          fusion.kind === 'cross_attention' ? [tokens, preset.text.hidden] : [preset.text.hidden];
        assert.equal(elementCount(shape), each);
        const feeds = { ...inputs(loss.matching === 'info_nce'), ...asInputs(weights) };
        const a = await inside.run(feeds);
        const b = await outside.run({
          ...feeds,
          [stepInputs.textFeatures]: float32([batch, options, ...shape], states),
        });
        assert.deepEqual(Object.keys(a), Object.keys(b));
        assert(!Object.keys(a).some((name) => name.startsWith('grad.text.')));
        for (const name of Object.keys(a)) {
          assert(relativeDistance(b[name], a[name]) < 1e-3 || Math.hypot(...a[name]) < 1e-6, name);
        }
      }
    }
  });
});

describe('gradients of the whole loss', () => {
  // Each operator's rule has its own test; this one holds what the networks make of them together.
  for (const fusion of Object.values(fusions)) {
    for (const loss of Object.values(losses)) {
      it(`${fusion.kind} with ${loss.matching}: are what the loss changes by`, async () => {
        const preset = variant('checked', {
          fusion,
          loss,
          metadata: metadataUses.token,
          classification: { weight: 0.5, findings },
        });
        await checkDirection(preset, loss.matching === 'info_nce');
      });
    }
  }
});

/** The slope of the loss along its own gradient, by a central difference. */
async function checkDirection(preset: ModelPreset, trueOnly: boolean): Promise<void> {
  const weights = initialParameters(preset, Random.fromSeed(7));
  const model = await loadModel(buildGradients(preset, sizes));
  const lossAt = async (
    by: number,
    along?: Record<string, Float64Array>,
  ): Promise<Record<string, Float64Array>> => {
    const moved: Parameters = new Map(
      [...weights].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((value, i) => value + by * (along?.[`grad.${name}`][i] ?? 0)) },
      ]),
    );
    return model.run({ ...inputs(trueOnly), ...asInputs(moved) });
  };
  const found = await lossAt(0);
  const gradients = Object.entries(found).filter(([name]) => name.startsWith('grad.'));
  assert.equal(gradients.length, weights.size);
  const square = gradients.reduce(
    (sum, [, numbers]) => sum + numbers.reduce((own, number) => own + number ** 2, 0),
    0,
  );
  assert(square > 0);
  const step = 2e-3 / Math.sqrt(square);
  const above = (await lossAt(step, found))[stepOutputs.loss][0];
  const below = (await lossAt(-step, found))[stepOutputs.loss][0];
  const slope = (above - below) / (2 * step);
  assert(Math.abs(slope / square - 1) < 0.02, `${slope} for ${square}`);
}

function asInputs(weights: Parameters): Record<string, Numbers> {
  return Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [name, float32(shape, data)]),
  );
}

/** All data inputs; the second scan may not be held against the texts of the first. */
function inputs(trueOnly = false): Record<string, Numbers> {
  const random = Random.fromSeed(10);
  const { ids, mask } = texts(tokens);
  const pairs = trueOnly ? [1, 1, 1, 1] : [1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 1, 1];
  return {
    [stepInputs.volume]: float32(
      [batch, 1, 5, 8, 6],
      Float64Array.from({ length: batch * 240 }, () => random.normal()),
    ),
    [stepInputs.ids]: ids,
    [stepInputs.mask]: mask,
    [stepInputs.label]: { type: 'int32', shape: [batch], data: [1, 2] },
    [stepInputs.metadata]: float32([batch, 6], [0.7, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0]),
    [stepInputs.findings]: float32([batch, 2], [1, 0, -1, 1]),
    [stepInputs.allowedPairs]: float32([batch, pairs.length / batch], pairs),
  };
}
