import assert from 'node:assert/strict';
import type { PreviewSettings } from '../../../src/protocol/preview';
import {
  restoredState,
  settingsOf,
  slabThickness,
  stateOfWorkspace,
} from '../../../src/webview/preview/viewState';

describe('The state of a preview', () => {
  const first = restoredState(undefined);

  it('is restored over what is new since it was kept', () => {
    const kept = { crosshair: false, layout: 'axial' };
    assert.deepEqual(restoredState(kept), { ...first, ...kept });
    for (const nothing of [null, 'text', 7]) {
      assert.deepEqual(restoredState(nothing), first);
    }
  });

  it('of a new page follows the workspace, and is kept for it', () => {
    const settings: PreviewSettings = {
      window: { level: 40, width: 400 },
      convention: 'neurological',
      layout: 'coronal',
    };
    const state = stateOfWorkspace(settings);
    assert.deepEqual(state, { ...first, ...settings });
    assert.deepEqual(settingsOf(state), settings);
    assert.deepEqual(stateOfWorkspace({}), first);
    // A window that nobody chose is not kept.
    assert.equal('window' in settingsOf(first), false);
  });

  it('does not follow settings that make no sense', () => {
    const damaged = JSON.parse(
      '{"window":{"level":null,"width":-1},"convention":"upside","layout":"all four"}',
    ) as PreviewSettings;
    assert.deepEqual(stateOfWorkspace(damaged), first);
  });

  it('has slabs between a voxel and the depth of a chest', () => {
    assert.deepEqual([0.2, 1, 35, 1e9].map(slabThickness), [1, 1, 35, 200]);
  });
});
