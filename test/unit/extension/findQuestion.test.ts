import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import type { OutcomeFinder } from '../../../src/extension/results/visibleOutcomes';
import { findQuestion } from '../../../src/extension/views/questionCard/findQuestion';
import { questionLine } from '../dataset/fixtures';

/** A document of questions (`q`), wrong ones (`w`), and other lines. */
function documentOf(lines: string): vscode.TextDocument {
  const document = {
    version: 1,
    lineCount: lines.length,
    lineAt: (line: number) => ({ text: /[qw]/.test(lines[line]) ? questionLine() : '' }),
  };
  return document as unknown as vscode.TextDocument;
}

function finderOf(lines: string): OutcomeFinder {
  const finder = {
    parse: (text: string) => new JsonLine(text),
    inLines: (_document: unknown, line: number) =>
      Promise.resolve(lines[line] === 'w' ? [{ line, outcome: { kind: 'wrong' } }] : []),
  };
  return finder as unknown as OutcomeFinder;
}

describe('The next question', () => {
  const lines = 'q-qw--q';
  const find = (from: number, move: Parameters<typeof findQuestion>[3]): Promise<unknown> =>
    findQuestion(finderOf(lines), documentOf(lines), from, move);

  it('is the next line that holds one, forwards and backwards', async () => {
    assert.deepEqual([await find(0, 'next'), await find(3, 'next')], [2, 6]);
    assert.deepEqual([await find(2, 'previous'), await find(6, 'previous')], [0, 3]);
  });

  it('is at the other end of the file beyond the last one', async () => {
    assert.deepEqual([await find(6, 'next'), await find(0, 'previous')], [0, 6]);
  });

  it('is a wrong one where that was asked for', async () => {
    assert.deepEqual([await find(6, 'nextWrong'), await find(0, 'previousWrong')], [3, 3]);
    assert.equal(await find(3, 'nextWrong'), undefined);
  });

  it('is none in a file without another', async () => {
    for (const only of ['q', '-', '']) {
      assert.equal(await findQuestion(finderOf(only), documentOf(only), 0, 'next'), undefined);
    }
  });

  it('is not looked for in a document that changes meanwhile', async () => {
    const document = documentOf('q---w');
    const finder = finderOf('q---w');
    const looking = findQuestion(finder, document, 0, 'nextWrong');
    Object.assign(document, { version: 2, lineCount: 1 });
    assert.equal(await looking, undefined);
  });
});
