import assert from 'node:assert/strict';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import { recordFields } from '../../../src/core/dataset/language/fields';
import { languages } from '../../../src/core/dataset/lint/languages';
import { omittedFindings } from '../../../src/core/dataset/lint/lintPass';
import { lintRules } from '../../../src/core/dataset/lint/rules';
import { noteTemplates, templateOf } from '../../../src/extension/views/build/noteTemplates';
import { lintText, temporaryFolder } from '../dataset/fixtures';
import {
  constantsNamed,
  localisedStrings,
  progressStages,
  propertyStrings,
  readJson,
  skipReasons,
  toldSentences,
} from './sourceStrings';

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
    // fields of a record, the stages of long work, and what the builder says.
    assert.deepEqual([...new Set(computed)].sort(), [
      'field.explain',
      'reason',
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

  it('has every reason why the builder leaves volumes out', () => {
    const { reasons, computed } = skipReasons('src/core/dataset');
    assert.ok(reasons.size > 7, [...reasons].join());
    assert.deepEqual(computed, [], 'reasons are literals, or what functions named …Reason return');
    assert.deepEqual(missingFrom(reasons), []);
  });

  describe('has every note of the builder', () => {
    const folder = temporaryFolder();

    it('as it is, and with the values in it', async () => {
      assert.deepEqual(missingFrom(noteTemplates), []);
      const reports = await folder.write('r.csv', 'VolumeName,Findings_EN\na.nii,One\nb.nii,Two\n');
      const build = (images: string) =>
        buildDataset({
          reports,
          images: join(folder.path, images),
          out: join(folder.path, 'a.mcqa.jsonl'),
          options: 2,
          metadataPrompt: 'Age: {age}',
        });
      await folder.write('empty/readme.txt', '');
      const notes = [...(await build('empty')).notes, ...(await build('none')).notes];
      // The note of large files is a constant.
      notes.push(...constantsNamed(/Note$/, 'src/core/dataset/build.ts'));
      assert.deepEqual(
        new Set(notes.map((note) => templateOf(note).template)),
        new Set(noteTemplates),
      );
      assert.deepEqual(templateOf(notes[1]).values, ['2', '2']);
    });
  });

  it('has what is said of volumes, and why they cannot be shown', () => {
    const told = ['src/core/volume', 'src/worker', 'src/protocol'].map(toldSentences);
    assert.ok(told[0].texts.size > 80);
    for (const { texts, computed } of told) {
      assert.deepEqual(missingFrom(texts), []);
      // What was taken from another error, told as it is.
      assert.deepEqual(
        computed.filter((text) => !text.startsWith('error.')),
        [],
      );
    }
  });

  it('keeps the placeholders of every string', () => {
    for (const [text, translation] of Object.entries(bundle)) {
      assert.deepEqual(placeholders(translation), placeholders(text), text);
    }
  });
});
