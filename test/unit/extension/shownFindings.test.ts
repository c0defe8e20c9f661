import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lintText, questionLine } from '../dataset/fixtures';
import {
  moved,
  ShownFindings,
  type TextChange,
} from '../../../src/extension/language/shownFindings';

const good = (id: string): string => questionLine({ id });
const broken = (id: string): string => `${good(id).slice(0, -1)},}`;
const lint = (text: string): ReturnType<typeof lintText> =>
  lintText(text, { datasetPath: '/a', fileExists: () => true });

/** The change that puts `text` in place of `length` characters, and what the document is then. */
function change(
  before: string,
  at: number,
  length: number,
  text: string,
): { readonly after: string; readonly change: TextChange } {
  const positionAt = (offset: number): { line: number; character: number } => {
    const lines = before.slice(0, offset).split('\n');
    return { line: lines.length - 1, character: lines[lines.length - 1].length };
  };
  const range = { start: positionAt(at), end: positionAt(at + length) };
  const after = before.slice(0, at) + text + before.slice(at + length);
  return { after, change: { range, rangeLength: length, text } };
}

describe('Findings of a document that is edited', () => {
  it('stand where their text stands, or are gone', () => {
    const before = [broken('a'), good('b'), broken('c'), broken('d')].join('\n');
    const findings = lint(before);
    assert.equal(findings.length, 3);
    const typed = fc.constantFrom('', 'x', '\n', 'a\nb\n', good('e') + '\n');
    fc.assert(
      fc.property(fc.nat(before.length), fc.nat(400), typed, (at, most, text) => {
        const length = Math.min(most, before.length - at);
        const { after, change: made } = change(before, at, length, text);
        for (const { line, range, fix } of moved(findings, [made])) {
          const { start, end } = range;
          assert.equal(line, start.line);
          assert.equal(after.slice(start.offset, end.offset), ',');
          assert.equal(after.split('\n')[line].slice(start.character, end.character), ',');
          assert.equal(fix?.range.start.offset, start.offset);
          assert.equal(fix.was, ',');
        }
      }),
    );
  });

  it('stay where whole lines come and go above or below them', () => {
    const before = [broken('a'), good('b'), broken('c')].join('\n');
    const lines = (at: number, length: number, text: string): number[] =>
      moved(lint(before), [change(before, at, length, text).change]).map(({ line }) => line);
    assert.deepEqual(lines(0, 0, 'x\n'), [1, 3]);
    const second = before.indexOf('\n') + 1;
    assert.deepEqual(lines(second, good('b').length + 1, ''), [0, 1]);
    assert.deepEqual(lines(second, 1, '['), [0, 2]);
    assert.deepEqual(lines(before.length, 0, 'x'), [0]);
  });

  it('are each shown once, and those of the whole file until it is checked again', () => {
    const [first, second] = lint([broken('a'), broken('b')].join('\n'));
    const shown = new ShownFindings();
    shown.setWhole([first, second]);
    shown.setLive([first]);
    assert.deepEqual([shown.all, shown.hasWhole], [[first, second], true]);
    shown.setLive([]);
    assert.deepEqual(shown.all, [second]);
    shown.setWhole([]);
    assert.deepEqual([shown.all, shown.hasWhole], [[], false]);
  });

  it('stay when the document becomes too long to be checked while it is typed', () => {
    const findings = lint(broken('a'));
    const shown = new ShownFindings();
    shown.setLive(findings);
    shown.endLive();
    assert.deepEqual([shown.all, shown.hasWhole], [findings, true]);
  });
});
