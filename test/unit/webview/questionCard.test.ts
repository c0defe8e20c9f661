import assert from 'node:assert/strict';
import { cardAction, keyOfMove } from '../../../src/webview/questionCard/keys';
import { restoredState } from '../../../src/webview/questionCard/viewState';

describe('Keys of the question card', () => {
  const plain = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };

  it('go to other questions, wrong ones with W', () => {
    const target = (key: string, shiftKey = false): unknown => {
      const action = cardAction({ ...plain, key, shiftKey });
      return action?.kind === 'move' ? action.to : undefined;
    };
    assert.deepEqual(
      [target('ArrowLeft'), target('ArrowRight'), target('w'), target('W', true)],
      ['previous', 'next', 'nextWrong', 'previousWrong'],
    );
    // Caps Lock gives capitals without Shift.
    assert.equal(target('W'), 'nextWrong');
  });

  it('choose windows and switch what is shown', () => {
    assert.deepEqual(cardAction({ ...plain, key: '3' }), { kind: 'window', preset: 2 });
    assert.deepEqual(cardAction({ ...plain, key: 'd' }), { kind: 'differences' });
  });

  it('leave the keys of the editor and of screen readers alone', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'] as const) {
      assert.equal(cardAction({ ...plain, key: 'w', [modifier]: true }), undefined);
    }
    for (const key of ['Tab', 'Enter', 'Escape', 'ArrowDown', ' ']) {
      assert.equal(cardAction({ ...plain, key }), undefined);
    }
    assert.equal(cardAction({ ...plain, key: 'ArrowRight', shiftKey: true }), undefined);
  });
});

describe('The moves of the question card', () => {
  it('say their keys, which are those that are heeded', () => {
    const moves = ['previous', 'next', 'previousWrong', 'nextWrong'] as const;
    assert.deepEqual(moves.map(keyOfMove), ['ArrowLeft', 'ArrowRight', 'Shift+w', 'w']);
  });
});

describe('The state of the question card', () => {
  it('begins with the lungs and marked differences, and keeps what was set', () => {
    const first = restoredState(undefined);
    assert.deepEqual(first, { window: { level: -600, width: 1500 }, differences: true });
    assert.deepEqual(restoredState({ differences: false }), { ...first, differences: false });
  });
});
