import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonLine, parseLine } from '../../../src/core/dataset/jsonl';
import { readLineBatches, splitLines } from '../../../src/core/dataset/lines';
import type { TextLine } from '../../../src/core/dataset/lines';
import { isJson, questionLine, temporaryFolder } from './fixtures';

/** Characters the problem covers, and its words. */
function problemOf(text: string): [covered: string, start: number, what: string] {
  const { problem } = new JsonLine(text);
  assert.ok(problem, `${text} should be broken`);
  return [text.slice(problem.start, problem.end), problem.start, problem.what];
}

describe('JsonLine', () => {
  const broken: readonly [text: string, covered: string, start: number, what: RegExp][] = [
    ['{"a":1,}', ',', 6, /trailing comma/],
    ['{"a":[1, ]}', ',', 7, /trailing comma/],
    ['{"a" 1}', '1', 5, /colon/],
    ['{"a":1 "b":2}', '"b"', 7, /comma is missing/],
    ['{"a":1', '', 6, /brace/],
    ['{"a":[1', '', 7, /bracket/],
    ['{"a":"x', '"x', 5, /closing quote/],
    ['{"a":1} // c', '// c', 8, /comments/],
    ['/* c */ {"a":1}', '/* c */', 0, /comments/],
    ["{'a':1}", "'a'", 1, /./],
    ['{"a":NaN}', 'NaN', 5, /./],
    ['{"a":"x\ty"}', '\t', 7, /control/],
    ['{"a":"\\\\x \\x"}', '\\x', 10, /escape/],
    ['{"a":"\\u12"}', '\\u', 6, /escape/],
    ['{"a":1}{"b":2}', '{', 7, /./],
    ['\uFEFF{"a":1}', '\uFEFF', 0, /byte order mark/],
  ];
  for (const [text, covered, start, what] of broken) {
    it(`places what is wrong in ${JSON.stringify(text)}`, () => {
      const found = problemOf(text);
      assert.deepEqual([found[0], found[1]], [covered, start]);
      assert.match(found[2], what);
    });
  }

  it('refuses exactly what JSON.parse refuses, at a place inside the line', () => {
    const pieces = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"a"',
        '\\',
        '1',
        '-',
        '.',
        'e',
        'true',
        'null',
        ' ',
        '\t',
      ],
      ...['//', '/*', '\u00a0', '\uFEFF', '\0', 'é', '😀'],
    );
    const text = fc.array(pieces, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (line) => {
        const { problem, isBlank } = new JsonLine(line);
        assert.equal(problem === undefined, isBlank || isJson(line));
        if (problem !== undefined) {
          assert.ok(
            problem.start >= 0 && problem.start <= problem.end && problem.end <= line.length,
          );
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('survives nesting that would overflow a recursive parser', () => {
    const depth = 200_000;
    assert.match(problemOf('['.repeat(depth))[2], /nested/);
    const whole = new JsonLine('['.repeat(depth) + ']'.repeat(depth));
    assert.equal(whole.record, undefined);
    assert.deepEqual(whole.rangeOf(['options']), { start: 0, end: 2 * depth });
  });

  it('survives a broken line of 20 MB', () => {
    const long = 'a\\"'.repeat(7_000_000);
    assert.equal(new JsonLine(`{"id":"${long}",}`).problem?.kind, 'trailing-comma');
    assert.equal(new JsonLine(`{"id":"${long}`).problem?.kind, 'cut');
    assert.equal(new JsonLine(`{"id":"${long}"}`).rangeOf(['id']).start, 6);
  });

  it('takes the later of two fields of one name, as JSON.parse does', () => {
    const line = new JsonLine('{"label":"0","options":[{"label":1,"label":2}]}');
    assert.deepEqual(line.rangeOf(['options', 0, 'label']), { start: 43, end: 44 });
    assert.deepEqual(line.rangeOf(['label']), { start: 9, end: 12 });
  });

  it('knows where each field stands', () => {
    const line = new JsonLine(`  ${questionLine()}`);
    const covered = (...path: (string | number)[]): string => {
      const { start, end } = line.rangeOf(path);
      return line.text.slice(start, end);
    };
    assert.equal(covered('id'), '"q000001"');
    assert.equal(covered('options', 1, 'label'), '0');
    assert.equal(covered('options', 1, 'text'), '"Clear lungs."');
    assert.equal(covered('options', 1, 'nothing'), '{"text":"Clear lungs.","label":0}');
    assert.equal(covered('nothing'), line.text.trim());
  });

  it('takes null for absent in optional fields only', () => {
    const { record } = new JsonLine(questionLine({ id: null, metadata: { age: null, sex: 'F' } }));
    assert.ok(record);
    assert.equal('id' in record, false);
    assert.deepEqual(record.metadata, { sex: 'F' });
    assert.equal(new JsonLine(questionLine({ options: null })).record, undefined);
  });
});

describe('splitLines', () => {
  it('ends lines as the editor does and skips the byte order mark', () => {
    assert.deepEqual(splitLines('\uFEFFa\r\nb\rc\n\nd'), [
      { line: 0, offset: 1, text: 'a', ending: '\r\n' },
      { line: 1, offset: 4, text: 'b', ending: '\r' },
      { line: 2, offset: 6, text: 'c', ending: '\n' },
      { line: 3, offset: 8, text: '', ending: '\n' },
      { line: 4, offset: 9, text: 'd', ending: '' },
    ]);
  });

  it('gives offsets that point at the lines', () => {
    const text = fc
      .array(fc.constantFrom('\r', '\n', '\uFEFF', 'a', '数', '😀'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (whole) => {
        for (const { offset, text: line } of splitLines(whole)) {
          assert.equal(whole.slice(offset, offset + line.length), line);
        }
      }),
    );
  });

  it('finds the record on every line of a document', () => {
    const lines = splitLines(`${questionLine()}\r\n\r\n${questionLine({ id: 'b' })}`).map(
      parseLine,
    );
    assert.deepEqual(
      lines.map(({ line, record }) => [line, record?.id]),
      [
        [0, 'q000001'],
        [1, undefined],
        [2, 'b'],
      ],
    );
  });
});

describe('readLineBatches', () => {
  const folder = temporaryFolder();

  async function readAll(path: string): Promise<TextLine[]> {
    const lines: TextLine[] = [];
    for await (const batch of readLineBatches(path)) {
      lines.push(...batch);
    }
    return lines;
  }

  it('gives what splitLines gives, wherever the pieces are cut', async () => {
    const piece = 1 << 20;
    const cases = [
      '',
      'a',
      '\uFEFFa\r\nb\r\n',
      `${'x'.repeat(piece - 1)}\r\nnext\n`,
      `${'x'.repeat(piece - 2)}\r\nnext`,
      `${'x'.repeat(piece - 1)}\rnext\r\n\r\n`,
      `${'x'.repeat(piece - 1)}数据\n${'y'.repeat(3 * piece)}\nz`,
    ];
    for (const text of cases) {
      const path = await folder.write('lines.txt', text);
      assert.deepEqual(await readAll(path), splitLines(text));
    }
  });

  it('says what it cannot read', async () => {
    await assert.rejects(readAll(`${folder.path}/absent`), { code: 'file-unreadable' });
    await assert.rejects(readAll(folder.path), { code: 'file-unreadable' });
  });

  it('stops when it is told to', async () => {
    const path = await folder.write('lines.txt', 'a\nb\n');
    const reading = readLineBatches(path, { signal: AbortSignal.abort() });
    await assert.rejects(reading.next(), { name: 'CancelledError' });
  });
});
