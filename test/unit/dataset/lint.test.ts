import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { DocumentLinter, lintFile } from '../../../src/core/dataset/lint';
import type { LintTextOptions } from '../../../src/core/dataset/lint';
import { isJson, lintText, questionLine, temporaryFolder } from './fixtures';

const allThere: LintTextOptions = { datasetPath: '/data/a.mcqa.jsonl', fileExists: () => true };

/** Lines with this and that wrong in them. */
const oddLines: readonly string[] = [
  '{"image_path" "a.nii"}',
  '{"image_path":"a.nii",}',
  questionLine({ id: 'a\uFFFDb', options: [] }),
  questionLine({ id: 'c', mode: 'findings', metadata: { age: 6700 } }),
  questionLine({ id: 'd', image_path: 'a.dcm' }),
  questionLine({ id: 'c' }),
  '{"image_path":"a.nii"',
];

describe('DocumentLinter', () => {
  it('says after any edits what a fresh check says', () => {
    const lines = fc.array(
      fc.constantFrom(
        '',
        '{',
        questionLine(),
        questionLine({ id: 'b' }),
        questionLine({ mode: 'x' }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.array(lines, { maxLength: 5 }), (versions) => {
        const linter = new DocumentLinter(allThere);
        for (const version of versions) {
          const text = version.join('\n');
          assert.deepEqual(linter.lint(text), lintText(text, allThere));
        }
      }),
    );
  });
});

const notJson = new Set(['json-syntax', 'trailing-comma', 'line-cut']);

describe('lintText on damaged files', () => {
  const base = [
    questionLine(),
    questionLine({ id: 'b' }),
    questionLine({ id: 'c', mode: 'keywords' }),
  ];
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat({ max: 40 }),
    insert: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '\0',
        '\r',
        '\n',
        '\r\n',
        '\uFEFF',
        '"',
        '{',
        '[[[[',
        '\ud800',
        'null',
        '{"options":',
      ),
    ),
  });

  it('never throws, and finds bad JSON exactly on the lines that are bad', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = base.join('\n');
        for (const { at, remove, insert } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        const findings = lintText(text, allThere);
        const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
        const bad = lines.flatMap((line, index) =>
          line.trim() === '' || isJson(line) ? [] : [index],
        );
        const found = findings.filter(({ rule }) => notJson.has(rule)).map(({ line }) => line);
        assert.deepEqual(found, bad);
        for (const { range, line } of findings) {
          assert.ok(range.start.offset <= range.end.offset && range.end.offset <= text.length);
          assert.ok(range.start.line === line && range.end.character <= lines[line].length);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('lintFile', () => {
  const folder = temporaryFolder();
  const refs = (...names: string[]): Record<string, unknown> => ({
    options: names.map((ref, index) => ({ ref, label: index === 0 ? 1 : 0 })),
  });

  it('says what lintText says', async () => {
    const text = `\uFEFF${oddLines.join('\r\n')}`;
    const path = await folder.write('a.mcqa.jsonl', text);
    const options = { datasetPath: path, fileExists: () => false };
    assert.deepEqual(await lintFile(path), lintText(text, options));
  });

  it('looks references up in the table of the side file', async () => {
    await folder.write(
      'r.csv',
      'VolumeName,Findings_EN\ntrain_1_a_1,Nodule\ntrain_2_a_1,Clear\ntrain_3_a_1,CLEAR.\n',
    );
    await folder.write('a.mcqa.json', '{"version":1,"reports":"r.csv"}');
    const path = await folder.write(
      'a.mcqa.jsonl',
      [
        questionLine(refs('train_1_a_1', 'train_2_a_1.nii.gz')),
        questionLine({ id: 'b', ...refs('train_1_a_1', 'train_9_a_1') }),
        questionLine({ id: 'c', ...refs('train_1_a_1', 'train_2_a_1', 'train_3_a_1') }),
      ].join('\n'),
    );
    assert.deepEqual(
      (await lintFile(path, {}, { rules: ['ref-unresolved', 'MCQ303'] })).map(({ rule, line }) => [
        rule,
        line,
      ]),
      [
        ['ref-unresolved', 1],
        ['duplicate-reference', 2],
      ],
    );
  });

  it('reports a broken side file or table as a finding', async () => {
    const path = await folder.write(
      'a.mcqa.jsonl',
      questionLine(refs('train_1_a_1', 'train_2_a_1')),
    );
    for (const sideFile of [
      '{',
      '[]',
      '{"image_roots":1}',
      '{"version":1,"reports":"absent.csv"}',
    ]) {
      await folder.write('a.mcqa.json', sideFile);
      const codes = (await lintFile(path)).map(({ rule }) => rule);
      assert.ok(codes.includes('side-file-invalid'), sideFile);
    }
  });

  it('does not ask for the table where no question refers to it', async () => {
    await folder.write('a.mcqa.json', '{"version":1,"reports":"absent.csv"}');
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    assert.deepEqual(
      (await lintFile(path)).map(({ rule }) => rule),
      ['image-missing'],
    );
  });

  it('stops when it is told to, and says what it cannot read', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    await assert.rejects(lintFile(path, { signal: AbortSignal.abort() }), {
      name: 'CancelledError',
    });
    await assert.rejects(lintFile(join(folder.path, 'absent.jsonl')), { code: 'file-unreadable' });
  });
});
