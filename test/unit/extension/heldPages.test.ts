import assert from 'node:assert/strict';
import { EventEmitter } from './fakeVscode';
import type * as vscode from 'vscode';
import { HeldPages } from '../../../src/extension/views/preview/heldPages';

type Seen = vscode.WebviewPanelOnDidChangeViewStateEvent;

describe('The pages that hold volumes', () => {
  function windowOf(limit: number) {
    const pages = new HeldPages(limit);
    const log: string[] = [];
    const page = (name: string, bytes: number) => {
      const seen = new EventEmitter<Seen>();
      const panel = {
        visible: true,
        onDidChangeViewState: seen.event as vscode.Event<Seen>,
      };
      const held = pages.add(panel, { notify: (notice) => log.push(`${name} ${notice}`) });
      held.bytes = bytes;
      const show = (visible: boolean): void => {
        panel.visible = visible;
        seen.fire({} as Seen);
      };
      return { held, show, listeners: () => seen.count };
    };
    return { page, log };
  }

  it('let go what was hidden first, once all that is hidden is too much', () => {
    const { page, log } = windowOf(100);
    const [first, second, third] = ['first', 'second', 'third'].map((name) => page(name, 60));
    second.show(false);
    first.show(false);
    assert.deepEqual(log, ['second letGo']);
    third.show(false);
    assert.deepEqual(log, ['second letGo', 'first letGo']);
    assert.deepEqual([first.held.bytes, second.held.bytes, third.held.bytes], [0, 0, 60]);
  });

  it('keep what is in sight, however much', () => {
    const { page, log } = windowOf(10);
    page('first', 1000);
    page('second', 1000);
    assert.deepEqual(log, []);
  });

  it('hear when they are seen again, and count as seen last', () => {
    const { page, log } = windowOf(100);
    const [first, second] = [page('first', 60), page('second', 40)];
    first.show(false);
    second.show(false);
    first.show(true);
    assert.deepEqual(log, ['first shown']);
    first.show(false);
    page('third', 60).show(false);
    assert.deepEqual(log, ['first shown', 'second letGo', 'first letGo']);
  });

  it('let go also when they grow out of sight, and hold again afterwards', () => {
    const { page, log } = windowOf(100);
    const first = page('first', 0);
    first.show(false);
    first.held.bytes = 101;
    assert.deepEqual([log, first.held.bytes], [['first letGo'], 0]);
    first.show(true);
    first.held.bytes = 101;
    assert.deepEqual([log, first.held.bytes], [['first letGo', 'first shown'], 101]);
  });

  it('do not hear of a change that is none, nor count once they are closed', () => {
    const { page, log } = windowOf(100);
    const [first, second] = [page('first', 60), page('second', 60)];
    first.show(true);
    first.show(false);
    first.held.dispose();
    second.show(false);
    assert.deepEqual([log, first.listeners()], [[], 0]);
  });
});
