import assert from 'node:assert/strict';
import { recordFields } from '../../../src/core/dataset/language/fields';
import { languages } from '../../../src/core/dataset/lint/languages';
import { omittedFindings } from '../../../src/core/dataset/lint/lintPass';
import { lintRules } from '../../../src/core/dataset/lint/rules';
import { localisedStrings, progressStages, propertyStrings, readJson } from './sourceStrings';
import { lintText } from '../dataset/fixtures';

const bundle = readJson('l10n/bundle.l10n.zh-cn.json') as Record<string, string>;

function missingFrom(strings: Iterable<string>): string[] {
  return [...strings].filter((text) => !(text in bundle));
}

function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
}

describe('Simplified Chinese', () => {
  it('has every string of the extension', () => {
    const { literals, computed } = localisedStrings();
    assert.ok(literals.size > 100);
    assert.deepEqual(missingFrom(literals), []);
    // What is not a literal is covered by the tests below: the words of lint rules, their values, the
    // fields of a record, and the stages of long work.
    assert.deepEqual([...new Set(computed)].sort(), [
      'field.explain',
      'stage',
      'template',
      'value',
    ]);
  });

  it('has every message, remedy and fix of the lint rules', () => {
    const texts = lintRules.flatMap(({ template, remedy, fix }) => [
      template,
      ...(remedy === undefined ? [] : [remedy]),
      ...(fix === undefined ? [] : [fix]),
    ]);
    assert.deepEqual(missingFrom([...texts, omittedFindings.template]), []);
  });

  it('has the words that lint messages are filled with', () => {
    assert.deepEqual(missingFrom(propertyStrings('what', ['src/core/dataset'])), []);
    assert.deepEqual(missingFrom(propertyStrings('expected', ['src/core/dataset/lint'])), []);
    assert.deepEqual(missingFrom([...languages, 'longest', 'shortest']), []);
    const option = '{"text":"a","label":1},{"text":"b","label":0}';
    const broken = [
      '{"a":}',
      '{"a" 1}',
      '{"a":1 "b":2}',
      '{"a":1',
      '{"a":[1',
      '{"a":"b}',
      '{"a":1} x',
      '{a:1}',
      '{"a":1e}',
      '{"a":"\\q"}',
      '{"a":"\\u12"}',
      '{"a":"\t"}',
      '{/**/"a":1}',
      '// a',
      '{"a":1,}',
      '"text"',
      `{"image_path":1,"options":[${option}]}`,
      '{"image_path":"a.nii","options":{}}',
      '{"image_path":"a.nii","options":[1,{"text":1,"label":2}]}',
      `{"image_path":"a.nii","options":[${option}],"metadata":{"age":"x","spacing_mm":1}}`,
      `{"image_path":"a.nii","options":[${option}],"metadata":1}`,
    ];
    const findings = lintText(broken.join('\n'), { datasetPath: '/a', fileExists: () => true });
    const words = findings
      .filter(({ rule }) => rule !== 'unknown-value' && rule !== 'unknown-mode')
      .flatMap(({ values }) => [values.what, values.expected])
      .filter((value): value is string => typeof value === 'string');
    assert.ok(words.length >= broken.length);
    assert.deepEqual(missingFrom(words), []);
  });

  it('has the words on the fields of a record', () => {
    assert.deepEqual(missingFrom(recordFields.map(({ explain }) => explain)), []);
  });

  it('has the stages of long work', () => {
    const stages = progressStages(['src/core', 'src/engine']);
    assert.ok(stages.size > 8);
    assert.deepEqual(missingFrom(stages), []);
  });

  it('keeps the placeholders of every string', () => {
    for (const [text, translation] of Object.entries(bundle)) {
      assert.deepEqual(placeholders(translation), placeholders(text), text);
    }
  });
});
