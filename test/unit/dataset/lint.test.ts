import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { DocumentLinter, formatMessage, lintFile } from '../../../src/core/dataset/lint';
import type { LintFinding, LintTextOptions } from '../../../src/core/dataset/lint';
import { mostMissingImages } from '../../../src/core/dataset/lintFileRules';
import { lintRules } from '../../../src/core/dataset/lintRules';
import { isJson, lintText, questionLine, temporaryFolder } from './fixtures';

const allThere: LintTextOptions = { datasetPath: '/data/a.mcqa.jsonl', fileExists: () => true };

/** `code "what is underlined"` of each finding. */
function underlined(text: string, findings: readonly LintFinding[]): string[] {
  return findings.map(
    ({ code, range }) => `${code} ${text.slice(range.start.offset, range.end.offset)}`,
  );
}

const nodule = { text: 'Nodule.', label: 1 };
const clear = { text: 'Clear.', label: 0 };

/** Rule -> a line that breaks it alone, and the characters it points at. */
const lineCases: Readonly<Record<string, readonly [line: string, covered: string]>> = {
  'json-syntax': ['{"image_path":"a.nii",}', ','],
  encoding: [questionLine({ id: 'a\uFFFDb' }), '\uFFFD'],
  'missing-field': ['{"image_path":"a.nii"}', '{"image_path":"a.nii"}'],
  'wrong-type': [questionLine({ options: [nodule, { text: 'b', label: '0' }] }), '"0"'],
  'metadata-type': [questionLine({ metadata: { age: '067Y' } }), '"067Y"'],
  'empty-field': [questionLine({ image_path: ' ' }), '" "'],
  'unknown-value': [questionLine({ options: [nodule, { ...clear, kind: 'odd' }] }), '"odd"'],
  'unknown-mode': [questionLine({ mode: 'findings' }), '"findings"'],
  'too-few-options': [questionLine({ options: [nodule] }), '[{"text":"Nodule.","label":1}]'],
  'true-option-count': [
    questionLine({ options: [clear, { text: 'b', label: 0 }] }),
    '[{"text":"Clear.","label":0},{"text":"b","label":0}]',
  ],
  'empty-option': [questionLine({ options: [nodule, { text: ' . ', label: 0 }] }), '" . "'],
  'duplicate-option': [
    questionLine({ options: [nodule, { text: 'nodule', label: 0 }] }),
    '"nodule"',
  ],
  'text-and-ref': [
    questionLine({ options: [nodule, { ...clear, ref: 'train_2_a_1' }] }),
    '"train_2_a_1"',
  ],
  'kind-contradicts-label': [
    questionLine({ options: [{ ...nodule, kind: 'hard' }, clear] }),
    '"hard"',
  ],
  'same-patient-distractor': [
    questionLine({ options: [nodule, { ...clear, source: 'train_1_b_1' }] }),
    '{"text":"Clear.","label":0,"source":"train_1_b_1"}',
  ],
  'unknown-image-type': [questionLine({ image_path: 'a.dcm' }), '"a.dcm"'],
};

/** The same for rules that need more than one line by itself. */
const fileCases: Readonly<
  Record<string, readonly [text: string, covered: string, options: Partial<LintTextOptions>]>
> = {
  'side-file-invalid': [questionLine(), '', { sideFileProblem: 'It is broken.' }],
  'no-questions': ['\n\n', '', {}],
  'duplicate-id': [`${questionLine()}\n${questionLine({ image_path: 'b.nii' })}`, '"q000001"', {}],
  'ref-unresolved': [
    questionLine({ options: [nodule, { ref: 'train_9_a_1', label: 0 }] }),
    '"train_9_a_1"',
    {},
  ],
  'image-missing': [questionLine(), '"train_1_a_1.nii.gz"', { fileExists: () => false }],
};

describe('lint rules', () => {
  for (const [code, [line, covered]] of Object.entries(lineCases)) {
    it(`${code} is found, alone, at its place on any line`, () => {
      const text = `\n${questionLine({ id: 'first' })}\r\n${line}\r\n`;
      const findings = lintText(text, allThere);
      const expected = code === 'unknown-image-type' ? [code, 'image-missing'] : [code];
      assert.deepEqual(
        underlined(text, findings),
        expected.map((each) => `${each} ${covered}`),
      );
      const [{ range }] = findings;
      assert.equal(range.start.line, 2);
      assert.equal(range.start.character, line.indexOf(covered));
      assert.equal(range.end.character - range.start.character, covered.length);
    });
  }

  for (const [code, [text, covered, options]] of Object.entries(fileCases)) {
    it(`${code} is found, alone, at its place`, () => {
      const findings = lintText(text, { ...allThere, ...options });
      assert.deepEqual(underlined(text, findings), [`${code} ${covered}`]);
    });
  }

  it('are all shown to work above, or below with files', () => {
    const shown = new Set([...Object.keys(lineCases), ...Object.keys(fileCases)]);
    assert.deepEqual(
      lintRules.map(({ code }) => code).filter((code) => !shown.has(code)),
      ['duplicate-reference', 'images-missing'],
    );
  });

  it('have unique codes, and messages that use only the arguments they get', () => {
    assert.equal(new Set(lintRules.map(({ code }) => code)).size, lintRules.length);
    const texts = Object.values(lineCases).map(([line]) => line);
    for (const finding of lintText(texts.join('\n'), { ...allThere, fileExists: () => false })) {
      assert.doesNotMatch(finding.message, /\{\w+\}/);
      assert.equal(finding.message, formatMessage(finding.template, finding.values));
    }
  });

  it('find nothing wrong with a plain question', () => {
    const bare = JSON.stringify({ image_path: 'a.nii.gz', options: [nodule, clear] });
    assert.deepEqual(lintText(`\uFEFF${bare}\r\n\r\n${bare}\r\n`, allThere), []);
  });

  it('collapse missing images into one finding when there are many', () => {
    const lines = Array.from({ length: mostMissingImages + 1 }, (_, index) =>
      questionLine({ id: `q${index}`, image_path: `train_${index + 1}_a_1.nii.gz` }),
    );
    const options = { ...allThere, fileExists: () => false };
    const all = lintText(lines.join('\n'), options);
    assert.deepEqual(
      all.map(({ code, severity, values }) => [code, severity, values.count]),
      [['images-missing', 'warning', mostMissingImages + 1]],
    );
    const fewer = lintText(lines.slice(1).join('\n'), options);
    assert.deepEqual(new Set(fewer.map(({ code }) => code)), new Set(['image-missing']));
    assert.equal(fewer.length, mostMissingImages);
  });

  it('say nothing about an image while it is not known', () => {
    assert.deepEqual(lintText(questionLine(), { ...allThere, fileExists: () => undefined }), []);
  });

  it('show a thousand findings of a rule and count the rest', () => {
    const findings = lintText(Array<string>(1200).fill('{').join('\n'), allThere);
    assert.equal(findings.filter(({ code }) => code === 'json-syntax').length, 1000);
    assert.equal(findings.find(({ code }) => code === 'findings-omitted')?.values.count, 200);
  });
});

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
        const found = findings.filter(({ code }) => code === 'json-syntax').map(({ line }) => line);
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
    const text = `\uFEFF${Object.values(lineCases)
      .map(([line]) => line)
      .join('\r\n')}`;
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
    await folder.write('train_1_a_1.nii.gz', '');
    const path = await folder.write(
      'a.mcqa.jsonl',
      [
        questionLine(refs('train_1_a_1', 'train_2_a_1.nii.gz')),
        questionLine({ id: 'b', ...refs('train_1_a_1', 'train_9_a_1') }),
        questionLine({ id: 'c', ...refs('train_1_a_1', 'train_2_a_1', 'train_3_a_1') }),
      ].join('\n'),
    );
    assert.deepEqual(
      (await lintFile(path)).map(({ code, line }) => [code, line]),
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
      const codes = (await lintFile(path)).map(({ code }) => code);
      assert.ok(codes.includes('side-file-invalid'), sideFile);
    }
  });

  it('does not ask for the table where no question refers to it', async () => {
    await folder.write('a.mcqa.json', '{"version":1,"reports":"absent.csv"}');
    await folder.write('train_1_a_1.nii.gz', '');
    assert.deepEqual(await lintFile(await folder.write('a.mcqa.jsonl', questionLine())), []);
  });

  it('stops when it is told to, and says what it cannot read', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    await assert.rejects(lintFile(path, { signal: AbortSignal.abort() }), {
      name: 'CancelledError',
    });
    await assert.rejects(lintFile(join(folder.path, 'absent.jsonl')), { code: 'file-unreadable' });
  });
});
