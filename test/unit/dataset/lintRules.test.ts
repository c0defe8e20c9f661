import assert from 'node:assert/strict';
import { formatMessage } from '../../../src/core/dataset/lint';
import type { LintFinding, LintTextOptions } from '../../../src/core/dataset/lint';
import { lintRules } from '../../../src/core/dataset/lint/rules';
import { mostMissingImages } from '../../../src/core/dataset/lint/rules/imageRules';
import { lintText, questionLine } from './fixtures';

const allThere: LintTextOptions = { datasetPath: '/data/a.mcqa.jsonl', fileExists: () => true };

/** `rule "what is underlined"` of each finding. */
function underlined(text: string, findings: readonly LintFinding[]): string[] {
  return findings.map(
    ({ rule, range }) => `${rule} ${text.slice(range.start.offset, range.end.offset)}`,
  );
}

const nodule = { text: 'Nodule.', label: 1 };
const clear = { text: 'Clear.', label: 0 };
const third = { text: 'Effusion.', label: 0 };
/** As long as the true one. */
const goitre = { text: 'Goitre.', label: 0 };

const longText =
  'A nodule of eight millimetres stands in the upper lobe of the right lung near the pleura. ' +
  'No effusion is seen on the other side, and the heart and the great vessels are of normal size.';
const copied = longText.replace('A nodule', 'One nodule');
const turkish =
  'Sağ akciğer üst lobda bir nodül izlenmektedir ve plevral efüzyon izlenmedi, her iki akciğer olağan.';
const manyWords = Array.from({ length: 600 }, (_, index) => `word${index}`).join(' ');

const distractor = (source: string, text: string): object => ({ text, label: 0, source });

/** Rule -> a line that breaks it alone, and the characters it points at. */
const lineCases: Readonly<Record<string, readonly [line: string, covered: string]>> = {
  'json-syntax': ['{"image_path" "a.nii"}', '"a.nii"'],
  'trailing-comma': ['{"image_path":"a.nii",}', ','],
  'line-cut': ['{"image_path":"a.nii"', ''],
  'repeated-field': [questionLine().replace('"label":0', '"label":1,"label":0'), '"label"'],
  encoding: [questionLine({ id: 'a\uFFFDb' }), '\uFFFD'],
  'missing-field': ['{"image_path":"a.nii"}', '{"image_path":"a.nii"}'],
  'wrong-type': [questionLine({ options: [nodule, { text: 'b', label: '0' }] }), '"0"'],
  'metadata-type': [questionLine({ metadata: { age: '067Y' } }), '"067Y"'],
  'empty-field': [questionLine({ image_path: ' ' }), '" "'],
  'unknown-value': [questionLine({ metadata: { sex: 'X' } }), '"X"'],
  'unknown-mode': [questionLine({ mode: 'findings' }), '"findings"'],
  'misspelt-field': [questionLine({ options: [nodule, { ...clear, Sorce: 'a' }] }), '"Sorce"'],
  'implausible-metadata': [questionLine({ metadata: { age: 6700 } }), '6700'],
  'implausible-mode': [
    questionLine({ mode: 'yes_no', options: [nodule, clear, third] }),
    '"yes_no"',
  ],
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
  'near-duplicate-option': [
    questionLine({
      options: [
        { text: longText, label: 1 },
        { text: copied, label: 0 },
      ],
    }),
    JSON.stringify(copied),
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
    questionLine({ options: [nodule, distractor('train_1_b_1', 'Clear.')] }),
    JSON.stringify(distractor('train_1_b_1', 'Clear.')),
  ],
  'same-scan-options': [
    questionLine({
      options: [nodule, distractor('train_5_a_1', 'Clear.'), distractor('train_5_a_2', 'Wet.')],
    }),
    JSON.stringify(distractor('train_5_a_2', 'Wet.')),
  ],
  'option-cut': [
    questionLine({ options: [nodule, { text: manyWords, label: 0 }] }),
    JSON.stringify(manyWords),
  ],
  'languages-differ': [
    questionLine({
      options: [
        { text: longText, label: 1 },
        { text: turkish, label: 0 },
      ],
    }),
    JSON.stringify(turkish),
  ],
  'unknown-image-type': [questionLine({ image_path: 'a.dcm' }), '"a.dcm"'],
};

/** Questions with other ids and images, `fields` by their index. */
function questions(count: number, fields: (index: number) => Record<string, unknown>): string {
  return Array.from({ length: count }, (_, index) =>
    questionLine({
      id: `q${index}`,
      image_path: `train_${index + 1}_a_1.nii.gz`,
      ...fields(index),
    }),
  ).join('\n');
}

const english = { text: longText, label: 1 };
const onlyAt =
  (path: string): LintTextOptions['fileExists'] =>
  (each) =>
    each.replaceAll('\\', '/').endsWith(path);

/** The same for rules that need more than one line by itself. */
const fileCases: Readonly<
  Record<string, readonly [text: string, covered: string, options: Partial<LintTextOptions>]>
> = {
  'byte-order-mark': [`\uFEFF${questionLine()}`, '', {}],
  'mixed-line-ends': [`${questionLine()}\r\n\n`, '', {}],
  'side-file-invalid': [questionLine(), '', { sideFileProblem: 'It is broken.' }],
  'no-questions': ['\n\n', '', {}],
  'duplicate-id': [`${questionLine()}\n${questionLine({ image_path: 'b.nii' })}`, '"q000001"', {}],
  'ids-missing': [
    `${questionLine()}\n${questionLine({ id: undefined })}`,
    questionLine({ id: undefined }),
    {},
  ],
  'ref-unresolved': [
    questionLine({ options: [nodule, { ref: 'train_9_a_1', label: 0 }] }),
    '"train_9_a_1"',
    {},
  ],
  'image-missing': [questionLine(), '"train_1_a_1.nii.gz"', { fileExists: () => false }],
  'image-outside-roots': [
    questionLine({ image_path: '../scans/a.nii' }),
    '"../scans/a.nii"',
    { fileExists: onlyAt('/scans/a.nii') },
  ],
  'path-of-another-machine': [
    questionLine({ image_path: 'D:\\ct\\x\\a.nii' }),
    '"D:\\\\ct\\\\x\\\\a.nii"',
    { fileExists: onlyAt('/data/x/a.nii') },
  ],
  'true-position': [
    questions(60, (index) => ({
      options:
        index % 3 < 2
          ? [nodule, clear, third, { text: 'Goitre', label: 0 }]
          : [clear, nodule, third, { text: 'Goitre', label: 0 }],
    })),
    '',
    {},
  ],
  'true-length': [
    questions(30, (index) => {
      const options = [{ text: 'A nodule, and more of it.', label: 1 }, clear];
      return { options: index % 2 === 0 ? options : options.reverse() };
    }),
    '',
    {},
  ],
  'languages-mixed': [
    `${questionLine({ options: [english, clear] })}\n${questionLine({ id: 'b', options: [{ text: turkish, label: 1 }, clear] })}`,
    questionLine({ id: 'b', options: [{ text: turkish, label: 1 }, clear] }),
    {},
  ],
};

describe('lint rules', () => {
  for (const [name, [line, covered]] of Object.entries(lineCases)) {
    it(`${name} is found, alone, at its place on any line`, () => {
      const text = `\r\n${questionLine({ id: 'first' })}\r\n${line}\r\n`;
      const findings = lintText(text, allThere);
      const expected = name === 'unknown-image-type' ? [name, 'image-missing'] : [name];
      assert.deepEqual(
        underlined(text, findings),
        expected.map((each) => `${each} ${covered}`),
      );
      const [{ range }] = findings;
      assert.equal(range.start.line, 2);
      assert.equal(range.start.character, line.lastIndexOf(covered));
      assert.equal(range.end.character - range.start.character, covered.length);
    });
  }

  for (const [name, [text, covered, options]] of Object.entries(fileCases)) {
    it(`${name} is found, alone, at its place`, () => {
      const findings = lintText(text, { ...allThere, ...options });
      assert.deepEqual(underlined(text, findings), [`${name} ${covered}`]);
    });
  }

  it('are all shown to work above, or with files in lintFile.test.ts', () => {
    const shown = new Set([...Object.keys(lineCases), ...Object.keys(fileCases)]);
    assert.deepEqual(
      lintRules.map(({ name }) => name).filter((name) => !shown.has(name)),
      [
        'foreign-encoding',
        'file-too-large',
        'equal-labels',
        'duplicate-reference',
        'images-missing',
        'image-unreadable',
        'image-not-ct',
        'image-4d',
        'text-only-shortcut',
        'patient-in-two-parts',
        'text-from-other-part',
      ],
    );
  });

  it('have unique codes and names, and messages that use only the arguments they get', () => {
    assert.equal(new Set(lintRules.map(({ code }) => code)).size, lintRules.length);
    assert.equal(new Set(lintRules.map(({ name }) => name)).size, lintRules.length);
    const texts = Object.values(lineCases).map(([line]) => line);
    for (const finding of lintText(texts.join('\n'), { ...allThere, fileExists: () => false })) {
      const { template, values, message, remedy = '', fix } = finding;
      assert.equal(message, formatMessage(template, values));
      for (const text of [
        message,
        formatMessage(remedy, values),
        formatMessage(fix?.title ?? '', values),
      ]) {
        assert.doesNotMatch(text, /\{\w+\}/);
      }
    }
  });

  it('find nothing wrong with a plain question', () => {
    const bare = JSON.stringify({ image_path: 'a.nii.gz', options: [nodule, clear] });
    assert.deepEqual(lintText(`${bare}\r\n\r\n${bare}\r\n`, allThere), []);
  });

  it('tell comparisons apart', () => {
    const codes = (a: string, b: string): string[] =>
      lintText(
        questionLine({
          options: [
            { text: a, label: 1 },
            { text: b, label: 0 },
          ],
        }),
        allThere,
      ).map(({ rule }) => rule);
    assert.ok(!codes('Size < 5 mm', 'Size > 5 mm').includes('duplicate-option'));
    assert.ok(!codes('Sign +', 'Sign -').includes('duplicate-option'));
    assert.ok(codes('Size, 5-mm', 'size 5 mm.').includes('duplicate-option'));
  });

  it('see a near duplicate behind one that is not near enough', () => {
    const words = Array.from({ length: 60 }, (_, n) => `word${n}`);
    const withOthers = (count: number): string =>
      words.map((word, n) => (n % Math.floor(60 / count) === 1 ? `other${n}` : word)).join(' ');
    const text = questionLine({
      options: [
        { text: withOthers(5), label: 1 },
        { text: words.join(' '), label: 0 },
        { text: `${words.join(' ')} today`, label: 0 },
      ],
    });
    const found = lintText(text, allThere).filter(({ rule }) => rule === 'near-duplicate-option');
    assert.deepEqual(
      found.map(({ message }) => message),
      ['Options 2 and 3 have 98 % of their word pairs in common.'],
    );
  });

  it('do not take a shuffled file for a biased one', () => {
    const options = [nodule, clear, third, { text: 'Goitre', label: 0 }];
    const text = questions(400, (index) => ({
      options: [...options.slice(index % 4), ...options.slice(0, index % 4)],
    }));
    assert.deepEqual(lintText(text, allThere), []);
  });

  it('leave options alone that were made from another one', () => {
    const made = {
      text: longText.replace('right', 'left'),
      label: 0,
      kind: 'generated',
      source: 'train_1_a_1',
    };
    assert.deepEqual(lintText(questionLine({ options: [english, made] }), allThere), []);
  });

  it('collapse missing images into one finding when there are many', () => {
    const text = questions(mostMissingImages + 1, (index) => ({
      options: index % 2 === 0 ? [nodule, goitre] : [goitre, nodule],
    }));
    const options = { ...allThere, fileExists: () => false };
    assert.deepEqual(
      lintText(text, options).map(({ rule, severity, values }) => [rule, severity, values.count]),
      [['images-missing', 'warning', mostMissingImages + 1]],
    );
    const fewer = lintText(text.slice(text.indexOf('\n') + 1), options);
    assert.deepEqual(new Set(fewer.map(({ rule }) => rule)), new Set(['image-missing']));
    assert.equal(fewer.length, mostMissingImages);
  });

  it('say nothing about an image while it is not known', () => {
    assert.deepEqual(lintText(questionLine(), { ...allThere, fileExists: () => undefined }), []);
  });

  it('show a thousand findings of a rule and count the rest', () => {
    const findings = lintText(Array<string>(1200).fill('{').join('\n'), allThere);
    assert.equal(findings.filter(({ rule }) => rule === 'line-cut').length, 1000);
    assert.equal(findings.find(({ rule }) => rule === 'findings-omitted')?.values.count, 200);
  });
});

describe('quick fixes', () => {
  const fixed: Readonly<Record<string, readonly [line: string, afterwards: string]>> = {
    'trailing-comma': ['{"a":[1, ]}', '{"a":[1 ]}'],
    'repeated-field': [questionLine().replace('"label":0', '"label":1,"label":0'), questionLine()],
    'wrong-type': [
      questionLine({ options: [nodule, { text: 'b', label: '0' }] }),
      questionLine({ options: [nodule, { text: 'b', label: 0 }] }),
    ],
    'unknown-value': [
      questionLine({ metadata: { sex: 'female' } }),
      questionLine({ metadata: { sex: 'F' } }),
    ],
    'misspelt-field': [
      questionLine({ options: [nodule, { text: 'b', lable: 0 }] }),
      questionLine({ options: [nodule, { text: 'b', label: 0 }] }),
    ],
    'text-and-ref': [
      questionLine({ options: [nodule, { ...clear, ref: 'train_2_a_1' }] }),
      questionLine({ options: [nodule, clear] }),
    ],
    'path-of-another-machine': [
      questionLine({ image_path: 'D:\\ct\\x\\a.nii' }),
      questionLine({ image_path: 'x/a.nii' }),
    ],
  };
  for (const [name, [line, afterwards]] of Object.entries(fixed)) {
    it(`of ${name} mend the line and nothing else`, () => {
      const text = `\n${line}`;
      const options = { ...allThere, fileExists: onlyAt('/data/x/a.nii') };
      const finding = lintText(text, options).find(({ rule }) => rule === name);
      assert.ok(finding?.fix);
      const { range, text: replacement } = finding.fix;
      assert.equal(
        text.slice(0, range.start.offset) + replacement + text.slice(range.end.offset),
        `\n${afterwards}`,
      );
    });
  }

  it('are there for every rule that names one', () => {
    assert.deepEqual(
      lintRules.filter(({ fix }) => fix !== undefined).map(({ name }) => name),
      Object.keys(fixed).sort(
        (a, b) =>
          lintRules.findIndex(({ name }) => name === a) -
          lintRules.findIndex(({ name }) => name === b),
      ),
    );
  });

  it('are not offered where a word says nothing for certain', () => {
    const [finding] = lintText(questionLine({ metadata: { sex: 'X' } }), allThere);
    assert.equal(finding.fix, undefined);
  });
});
