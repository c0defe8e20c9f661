import assert from 'node:assert/strict';
import type { ModelPreset } from '../../../src/core/preset';
import { Random } from '../../../src/core/random';
import { fitImageTower } from '../../../src/engine/fittedStart';
import { createSession, loadRuntime, run } from '../../../src/engine/runtime';
import { copyVolume } from '../../../src/engine/volumeStore';
import type { PreparedVolume } from '../../../src/engine/volumeStore';
import {
  buildImageProbe,
  buildImageTower,
  inferenceTensors,
  initialParameters,
} from '../../../src/networks';
import type { Parameters } from '../../../src/networks';
import { tinyPreset } from './tinyCorpus';

const size = [8, 16, 16] as const;
const activeShare = 0.2;

describe('the fitted start of the image tower', () => {
  const preset: ModelPreset = {
    ...tinyPreset,
    volume: { kind: 'fit', name: 'test', orientation: 'LPS', size, clipHu: [-1000, 1000] },
    image: { network: 'simple3dcnn', widths: [4, 8] },
  };
  const volumes = Array.from({ length: 12 }, (_, i) => alikeVolume(i));
  const drawn = initialParameters(preset, Random.fromSeed(0));
  let fitted: Parameters;

  before(async () => {
    fitted = await fitImageTower(preset, drawn, volumes, activeShare, {});
  });

  it('leaves every channel with deviation 1, active at the share asked for', async () => {
    for (const layer of [0, 1]) {
      const perVolume = await outputs(buildImageProbe(preset, fitted, layer), 'probe');
      const channels = preset.image.widths[layer];
      for (let channel = 0; channel < channels; channel++) {
        const values = perVolume.flatMap((all) => {
          const count = all.length / channels;
          return [...all.subarray(channel * count, (channel + 1) * count)];
        });
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        const active = values.filter((value) => value > 0).length / values.length;
        assert.ok(Math.abs(Math.sqrt(square) - 1) < 0.01, `deviation ${Math.sqrt(square)}`);
        assert.ok(Math.abs(active - activeShare) < 0.01, `active share ${active}`);
      }
    }
  });

  it('takes the embeddings of volumes that look alike apart', async () => {
    const likeness = async (weights: Parameters): Promise<number> => {
      const name = inferenceTensors.imageEmbedding;
      return meanCosine(await outputs(buildImageTower(preset, weights), name));
    };
    assert.ok((await likeness(drawn)) > 0.95);
    assert.ok((await likeness(fitted)) < 0.2);
  });

  it('changes nothing but the image tower, and not the weights it was given', () => {
    const again = initialParameters(preset, Random.fromSeed(0));
    for (const [name, { data }] of again) {
      assert.deepEqual(drawn.get(name)?.data, data, name);
      if (!name.startsWith('image.')) {
        assert.deepEqual(fitted.get(name)?.data, data, name);
      }
    }
  });

  async function outputs(model: Uint8Array, name: string): Promise<Float32Array[]> {
    const { Tensor } = await loadRuntime();
    const session = await createSession(model, 'cpu');
    const results: Float32Array[] = [];
    for (const volume of volumes) {
      const voxels = new Float32Array(volume.data.length);
      copyVolume(volume, voxels, 0);
      const feeds = { volume: new Tensor('float32', voxels, [1, 1, ...size]) };
      const result = await run(session, feeds, { [name]: null });
      results.push(result[name].data as Float32Array);
    }
    await session.release();
    return results;
  }
});

/** The same body in every volume, with a bright spot of its own place and size. */
function alikeVolume(seed: number): PreparedVolume {
  const [depth, height, width] = size;
  const random = Random.fromSeed(seed);
  const centre = [random.between(2, 6), random.between(4, 12), random.between(4, 12)];
  const radius = random.between(1, 3);
  const data = new Int16Array(depth * height * width);
  for (let i = 0; i < data.length; i++) {
    const [z, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    const isBody = Math.hypot(y - 8, x - 8) < 7;
    const isSpot = Math.hypot(z - centre[0], y - centre[1], x - centre[2]) < radius;
    data[i] = (isSpot ? 8000 : isBody ? 0 : -32767) + 500 * random.normal();
  }
  return { shape: [1, ...size], data };
}

function meanCosine(vectors: readonly Float32Array[]): number {
  let sum = 0;
  let pairs = 0;
  vectors.forEach((one, i) => {
    for (const other of vectors.slice(i + 1)) {
      sum += one.reduce((dot, value, k) => dot + value * other[k], 0);
      pairs++;
    }
  });
  return sum / pairs;
}
