import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changedPart } from '../../../src/core/dataset/changedLines';
import { splitLines } from '../../../src/core/dataset/lines';
import type { TextLine } from '../../../src/core/dataset/lines';
import { DocumentLinter } from '../../../src/core/dataset/lint';
import { lintText, questionLine } from './fixtures';

/** Texts of few characters, so that line ends of every kind stand side by side. */
const text = fc
  .array(fc.constantFrom('a', 'b', '\n', '\r', '\r\n', ''), { maxLength: 14 })
  .map((parts) => parts.join(''));

describe('changedPart', () => {
  it('splits a text as splitting all of it does', () => {
    fc.assert(
      fc.property(text, text, text, text, (before, old, fresh, after) => {
        const former = splitLines(before + old + after);
        const now = before + fresh + after;
        const { linesBefore, linesAfter, start, end } = changedPart(now, former, 0);
        const plain = ({ text: content, ending }: TextLine): string => `${content}|${ending}`;
        const between =
          linesAfter > 0
            ? splitLines(now.slice(start, end)).slice(0, -1)
            : splitLines(now.slice(start));
        assert.deepEqual(
          [
            ...former.slice(0, linesBefore),
            ...between,
            ...former.slice(former.length - linesAfter),
          ].map(plain),
          splitLines(now).map(plain),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('is small where one line of many was changed', () => {
    const lines = Array.from({ length: 100 }, (_, n) => `line ${n}`);
    const former = splitLines(lines.join('\n'));
    const now = lines.with(40, 'another').join('\n');
    const { linesBefore, linesAfter } = changedPart(now, former, 0);
    assert.deepEqual([linesBefore, linesAfter], [40, 59]);
  });
});

describe('DocumentLinter after edits', () => {
  it('finds what it finds in a document that it never saw', () => {
    const options = { datasetPath: '/data/a.mcqa.jsonl', fileExists: () => true };
    const piece = fc.constantFrom(
      questionLine(),
      questionLine({ id: 'other' }),
      questionLine({ mode: 'odd' }),
      '{"id":',
      '',
      '\uFEFF',
    );
    const document = fc
      .array(fc.tuple(piece, fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 6 })
      .map((parts) => parts.flat().join(''));
    fc.assert(
      fc.property(fc.array(document, { minLength: 2, maxLength: 4 }), (documents) => {
        const linter = new DocumentLinter(options);
        for (const each of documents) {
          assert.deepEqual(linter.lint(each), lintText(each, options));
        }
      }),
      { numRuns: 300 },
    );
  });
});
