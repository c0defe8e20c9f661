import assert from 'node:assert/strict';
import { Random } from '../../../src/core/random';
import { elementCount } from '../../../src/graph';
import {
  buildInferenceModel,
  buildTextEncoder,
  buildTextTower,
  buildVolumeGradient,
  buildVolumeLogits,
  initialParameters,
  readsTokens,
  volumeSize,
} from '../../../src/networks';
import { float32, loadModel, type Numbers } from '../../graph/onnx';
import { tinyPreset } from '../../graph/presets';
import { flatTexts } from './texts';
import { fusions, metadataUses, variant } from './variants';

const tokens = 7;
const { hidden } = tinyPreset.text;
const size = volumeSize(tinyPreset.volume);
/** How many voxels differences are taken of, and how far they are moved. */
const compared = 8;
const step = 1e-2;

const presets = [
  ...Object.entries(fusions).map(([kind, fusion]) => variant(kind, { fusion })),
  variant('cosine with metadata', { metadata: metadataUses.embedding }),
  variant('cross-attention with metadata', {
    fusion: fusions.cross_attention,
    metadata: metadataUses.token,
  }),
];

const random = Random.fromSeed(5);
const voxels = Float32Array.from({ length: elementCount(size) }, () => random.between(-1, 1));
const volume = (data: ArrayLike<number>): Numbers => float32([1, 1, ...size], data);
const metadata = float32([1, 6], [0.4, 0, 1, 0, 0.3, 1]);

describe('the gradient of logits in the volume', () => {
  for (const preset of presets) {
    it(`${preset.name}: is that of finite differences, and the logits are those of the model`, async () => {
      const weights = initialParameters(preset, Random.fromSeed(6));
      const texts = flatTexts(tokens);
      const [count] = texts.input_ids.shape;
      const encoder = readsTokens(preset) ? buildTextEncoder : buildTextTower;
      const encoded = await (await loadModel(encoder(preset, weights))).run(texts);
      const feeds: Record<string, Numbers> = readsTokens(preset)
        ? {
            metadata,
            text_features: float32([count, tokens, hidden], encoded.text_features),
            attention_mask: texts.attention_mask,
          }
        : {
            metadata,
            text_embedding: float32([count, preset.fusion.dimension], encoded.text_embedding),
          };
      const whole = await loadModel(buildInferenceModel(preset, weights));
      const logits = await loadModel(buildVolumeLogits(preset, weights));
      const gradient = await loadModel(
        buildVolumeGradient(preset, weights, { texts: count, tokens }),
      );
      const target = Array.from({ length: count }, (_, text) => [1, -0.5, 0.25][text % 3]);

      const expected = await whole.run({ volume: volume(voxels), metadata, ...texts });
      const found = await gradient.run({
        ...feeds,
        volume: volume(voxels),
        target: float32([1, count], target),
      });
      const { similarity } = await logits.run({ ...feeds, volume: volume(voxels) });
      similarity.forEach((logit, text) => {
        assert.ok(Math.abs(logit - expected.similarity[text]) < 1e-5);
        assert.ok(Math.abs(logit - found.similarity[text]) < 1e-5);
      });

      const derivative = found.volume_gradient;
      const largest = [...derivative.keys()]
        .sort((a, b) => Math.abs(derivative[b]) - Math.abs(derivative[a]))
        .slice(0, compared);
      const value = async (data: Float32Array): Promise<number> => {
        const moved = await logits.run({ ...feeds, volume: volume(data) });
        return moved.similarity.reduce((sum, logit, text) => sum + target[text] * logit, 0);
      };
      const here = await value(voxels);
      const slack = 0.02 * Math.abs(derivative[largest[0]]);
      let smooth = 0;
      for (const voxel of largest) {
        const slope = async (by: number): Promise<number> =>
          ((await value(voxels.map((each, at) => (at === voxel ? each + by : each)))) - here) / by;
        const [up, down] = [await slope(step), await slope(-step)];
        // Across a kink, where another voxel becomes the largest of its window, they are no slope.
        if (Math.abs(up - down) < slack) {
          smooth++;
          const difference = (up + down) / 2;
          assert.ok(
            Math.abs(difference - derivative[voxel]) < slack,
            `voxel ${voxel}: ${difference}, not ${derivative[voxel]}`,
          );
        }
      }
      assert.ok(smooth >= compared / 2);
    });
  }
});
