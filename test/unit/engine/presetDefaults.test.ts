import assert from 'node:assert/strict';
import { loadPreset, overriddenPreset } from '../../../src/engine/presets';
import { modelsFolder } from './smallTokenizer';

describe('one setting of a preset', () => {
  const changed = async (overrides: Readonly<Record<string, unknown>>) =>
    overriddenPreset(await loadPreset(modelsFolder, 'cnn3d-bert-small'), overrides);

  for (const [path, value] of [
    ['fusion.kind', 'cross_attention'],
    ['fusion.kind', 'dot'],
    ['metadata.use', 'prompt'],
    ['metadata.use', 'embedding'],
    ['metadata.use', 'token'],
    ['loss.matching', 'n_pair'],
    ['loss.labelSmoothing', 0.1],
    ['classification', {}],
  ] as const) {
    it(`is enough: ${path} ${JSON.stringify(value)}`, async () => {
      await changed({ [path]: value });
    });
  }

  it('leaves what is given as it is', async () => {
    const { fusion, metadata } = await changed({
      'fusion.kind': 'cross_attention',
      'fusion.layers': 3,
      'metadata.use': 'token',
      'metadata.fields': ['sex'],
    });
    assert.ok(fusion.kind === 'cross_attention' && fusion.layers === 3 && fusion.heads > 0);
    assert.deepEqual(metadata?.fields, ['sex']);
  });

  it('is refused where nothing has that name, also inside an object', async () => {
    await assert.rejects(changed({ 'training.augmentation': { flipp: 1 } }), {
      message: /no "training\.augmentation\.flipp"/,
    });
    await assert.rejects(changed({ 'training.augmentation': [] }), {
      message: /"training\.augmentation" must be an object/,
    });
    await assert.rejects(changed({ 'loss.labelSmoothing': 2 }), { message: /labelSmoothing/ });
  });
});
