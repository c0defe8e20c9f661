import assert from 'node:assert/strict';
import { planeLayouts } from '../../../src/core/volume/slices';
import { previewTools } from '../../../src/protocol/preview';
import { keyAction } from '../../../src/webview/preview/keys';

describe('Keys of the preview', () => {
  const press = (key: string, shiftKey = false) => keyAction({ key, shiftKey }, 'coronal');

  it('move through the stack, and with Shift in the picture', () => {
    assert.deepEqual(press('ArrowUp'), { kind: 'slice', by: 1 });
    assert.deepEqual(press('PageDown'), { kind: 'slice', by: -10 });
    assert.deepEqual(press('End'), { kind: 'end', last: true });
    // Up in a coronal picture is superior: z grows.
    assert.deepEqual(press('ArrowUp', true), { kind: 'move', axis: 2, by: 1 });
    assert.deepEqual(press('ArrowRight', true), { kind: 'move', axis: 0, by: 1 });
    assert.equal(planeLayouts.coronal.across, 0);
  });

  it('move where the arrow points to, also in a mirrored picture', () => {
    const right = { key: 'ArrowRight', shiftKey: true };
    const up = { key: 'ArrowUp', shiftKey: true };
    assert.deepEqual(keyAction(right, 'axial', true), { kind: 'move', axis: 0, by: -1 });
    assert.deepEqual(keyAction(up, 'axial', true), { kind: 'move', axis: 1, by: -1 });
    assert.deepEqual(keyAction(up, 'axial'), { kind: 'move', axis: 1, by: -1 });
    assert.deepEqual(keyAction(up, 'coronal', true), { kind: 'move', axis: 2, by: 1 });
  });

  it('choose windows; letters in either case; others are not ours', () => {
    assert.deepEqual(press('3'), { kind: 'window', preset: 2 });
    assert.deepEqual(press('C', true), { kind: 'centre' });
    assert.deepEqual(press('?', true), { kind: 'panel', page: 'keys' });
    assert.equal(press('Tab'), undefined);
    assert.equal(press('6'), undefined);
    assert.equal(press('toString'), undefined);
  });

  it('reach every tool', () => {
    const tools = Array.from('wpdre', (key) => press(key)).concat(press('Escape'));
    assert.deepEqual(
      tools.map((action) => action?.kind === 'tool' && action.tool).sort(),
      [...previewTools].sort(),
    );
  });
});
