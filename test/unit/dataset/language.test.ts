import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import { completionAt } from '../../../src/core/dataset/language/completion';
import { fieldAt, recordFields } from '../../../src/core/dataset/language/fields';
import { fitting, volumeGlobs } from '../../../src/core/dataset/language/narrowing';
import { optionLetter } from '../../../src/core/dataset/optionLetter';
import { DocumentOutline } from '../../../src/core/dataset/language/documentOutline';
import { outlineOf } from '../../../src/core/dataset/language/outline';
import { patientRuns } from '../../../src/core/dataset/language/patientRuns';
import { quotedFieldIn } from '../../../src/core/dataset/language/quotedText';
import { checkRecordShape } from '../../../src/core/dataset/recordShape';
import { lintText, questionLine } from './fixtures';

describe('recordFields', () => {
  it('are the fields that the shape of a record knows', () => {
    const wrong = {
      id: 1,
      image_path: 1,
      patient: 1,
      options: [
        { text: 1, ref: 1, label: 7, source: 1, kind: 1, similarity: '', edits: 1, undecidable: 1 },
      ],
      mode: 1,
      metadata: { age: '', sex: 1, manufacturer: 1, kernel: 1, spacing_mm: 1 },
      labels: 1,
    };
    const known = checkRecordShape(wrong).map(({ path }) => fieldAt(path));
    assert.ok(known.every((field) => field !== undefined));
    const objects = ['options', 'metadata'];
    assert.deepEqual(
      new Set([...known, ...objects.map((name) => fieldAt([name]))]),
      new Set(recordFields),
    );
  });
});

describe('The names of fields', () => {
  /** Codes and fields that are found where every option has this field besides. */
  const slips = (field: string): unknown[] => {
    const option = { text: 'a', label: 1, [field]: 'x' };
    const text = questionLine({ options: [option, { text: 'b', label: 0 }] });
    return lintText(text, { datasetPath: '/a', fileExists: () => true })
      .filter(({ code }) => code === 'MCQ107')
      .map(({ values }) => values.meant);
  };

  it('are all known to the rule on slips of the pen', () => {
    assert.deepEqual(
      ['similarty', 'Similarity', 'edit', 'undecideable', 'undecidabel', 'knid'].flatMap(slips),
      ['similarity', 'similarity', 'edits', 'undecidable', 'kind'],
    );
    for (const { path } of recordFields.filter(({ path: [first] }) => first === 'options')) {
      assert.deepEqual(slips(path.at(-1) ?? ''), []);
    }
  });
});

describe('DocumentOutline', () => {
  it('is that of the document as it is, whatever was edited before, and keeps what stands still', () => {
    const line = fc.constantFrom(
      '',
      '{"id":"a"',
      questionLine({ id: 'b' }),
      questionLine({ id: undefined }),
      questionLine({ id: 'd', options: [{ text: 'x', label: 1 }] }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 8 }), { maxLength: 6 }), (documents) => {
        const outline = new DocumentOutline();
        let before: { lines: string[]; items: unknown[] } = { lines: [], items: [] };
        for (const lines of documents) {
          const items = outline.update(lines.length, (index) => lines[index]);
          assert.deepEqual(
            items,
            lines.map((text, index) => outlineOf(new JsonLine(text), index)),
          );
          const parted = lines.findIndex((text, index) => text !== before.lines[index]);
          const same = parted === -1 ? lines.length : parted;
          items.slice(0, same).forEach((item, index) => {
            assert.equal(item, before.items[index]);
          });
          before = { lines, items };
        }
      }),
    );
  });
});

describe('optionLetter', () => {
  it('is a letter, and a number where there are none left', () => {
    assert.deepEqual([0, 19, 25, 26].map(optionLetter), ['A', 'T', 'Z', '27']);
  });
});

/** The completion where `|` stands. */
function completion(marked: string): string {
  const offset = marked.indexOf('|');
  const found = completionAt(marked.replace('|', ''), offset);
  switch (found?.kind) {
    case undefined:
      return 'nothing';
    case 'names':
      return found.fields.map(({ path }) => path.at(-1)).join(' ');
    case 'values':
      return (found.field.values ?? [found.field.source]).join(' ');
    case 'question':
      return 'question';
  }
}

describe('completionAt', () => {
  const options = '"options":[{"text":"a","label":1}]';
  const cases: [string, string][] = [
    ['|', 'question'],
    ['  |', 'question'],
    [`{${options},"|"}`, 'id image_path patient mode metadata labels'],
    [`{"id":"a","image_path":"x",${options},"m|`, 'patient mode metadata labels'],
    ['{"options":[{"text":"a {\\"","|"}]}', 'ref label source kind similarity edits undecidable'],
    [
      '{"options":[{"label":1},{"|":0}]}',
      'text ref label source kind similarity edits undecidable',
    ],
    ['{"metadata":{"age":5,"|"', 'sex manufacturer kernel spacing_mm'],
    [`{${options},"mode":"|"}`, 'full_report impression keywords yes_no'],
    ['{"options":[{"kind":"h|"}]}', 'true random hard easy generated'],
    ['{"options":[{"label":|}]}', '0 1'],
    ['{"metadata":{"sex":"|"}}', 'M F O'],
    ['{"image_path":"ima|ges"}', 'images'],
    ['{"options":[{"ref":"|"}]}', 'reports'],
    ['{"options":[{"text":"|"}]}', 'nothing'],
    ['{"other":{"|"}}', 'nothing'],
  ];
  for (const [marked, expected] of cases) {
    it(`offers ${expected} at ${marked}`, () => {
      assert.equal(completion(marked), expected);
    });
  }

  it('is offered beside a text of twenty megabytes', () => {
    const report = '\\"No change. '.repeat(1_700_000);
    const marked = `{"options":[{"text":"${report}","label":1,"|"}],"id":"a"}`;
    assert.equal(completion(marked), 'ref source kind similarity edits undecidable');
  });

  it('replaces what stands there', () => {
    const found = completionAt('{"mode":"key"}', 10);
    assert.deepEqual(found?.replaced, { start: 8, end: 13 });
  });
});

describe('quotedFieldIn', () => {
  it('reads a field without the rest of the line', () => {
    assert.equal(
      quotedFieldIn('{"id" : 1, "image_path" :  "a/\\"b.nii", oops', 'image_path'),
      'a/\\"b.nii',
    );
    assert.equal(quotedFieldIn('{"a":"image_path","image_path":"b"', 'image_path'), 'b');
    assert.equal(quotedFieldIn('{"image_path":"cut', 'image_path'), undefined);
    assert.equal(quotedFieldIn('{"image_path":5}', 'image_path'), undefined);
    assert.equal(quotedFieldIn('', 'image_path'), undefined);
  });

  it('reads a text of twenty megabytes', () => {
    const long = 'x'.repeat(20_000_000);
    assert.equal(quotedFieldIn(`{"image_path":"${long}"}`, 'image_path'), long);
  });
});

describe('What is typed', () => {
  it('narrows a list, what begins with it first', () => {
    const values = ['train_1', 'valid_1', 'train_2', 'a/VALID_2'];
    assert.deepEqual(fitting(values, 'valid', 9), ['valid_1', 'a/VALID_2']);
    assert.deepEqual(fitting(values, '_2', 9), ['train_2', 'a/VALID_2']);
    assert.deepEqual(fitting(values, '', 2), ['train_1', 'valid_1']);
    assert.deepEqual(fitting(values, 'x', 9), []);
  });

  it('narrows the search for volumes by the name or folder that is begun', () => {
    assert.deepEqual(volumeGlobs(''), [['**/*.{nii,nii.gz}']]);
    assert.deepEqual(volumeGlobs('a1'), [
      ['**/*[aA]1*.{nii,nii.gz}', '**/*[aA]1*/**/*.{nii,nii.gz}'],
    ]);
    assert.deepEqual(volumeGlobs('../x/1'), [
      ['**/*[xX]/1*.{nii,nii.gz}', '**/*[xX]/1*/**/*.{nii,nii.gz}'],
      ['**/*1*.{nii,nii.gz}', '**/*1*/**/*.{nii,nii.gz}'],
    ]);
    assert.equal(volumeGlobs('5.nii.gz')[0][0], '**/*5*.{nii,nii.gz}');
    assert.equal(volumeGlobs('1[2]*')[0][0], '**/*1[[]2[]][*]*.{nii,nii.gz}');
  });
});

describe('outlineOf', () => {
  it('names the question and its options, the true one marked', () => {
    const text = questionLine();
    const outline = outlineOf(new JsonLine(text), 4);
    assert.deepEqual([outline?.name, outline?.detail], ['q000001', 'train_1_a_1.nii.gz']);
    assert.equal(text.slice(outline?.nameRange.start, outline?.nameRange.end), '"q000001"');
    assert.deepEqual(
      outline?.children.map(({ name, detail }) => [name, detail]),
      [
        ['A ✓', 'Nodule in the right upper lobe.'],
        ['B', 'Clear lungs.'],
      ],
    );
  });

  it('letters every option', () => {
    const options = Array.from({ length: 21 }, (_, i) => ({ text: `${i}`, label: 0 }));
    const outline = outlineOf(new JsonLine(questionLine({ options })), 0);
    assert.equal(outline?.children.at(-1)?.name, 'U');
  });

  it('keeps a line that is broken, and leaves out a blank one', () => {
    assert.equal(outlineOf(new JsonLine('{"id": '), 2)?.name, 'line 3');
    assert.equal(outlineOf(new JsonLine('  '), 2), undefined);
  });
});

describe('patientRuns', () => {
  it('are two and more lines of one patient', () => {
    const patients = ['a', 'a', 'b', undefined, undefined, 'c', 'c', 'c', 'a'];
    assert.deepEqual(patientRuns(patients), [
      { first: 0, last: 1 },
      { first: 5, last: 7 },
    ]);
    assert.deepEqual(patientRuns([]), []);
    assert.deepEqual(patientRuns(['a', 'a']), [{ first: 0, last: 1 }]);
  });
});

describe('any line', () => {
  const damaged = fc
    .tuple(fc.nat(200), fc.string({ maxLength: 6 }), fc.nat(30))
    .map(([at, inserted, cut]) => {
      const line = questionLine();
      return line.slice(0, at) + inserted + line.slice(at + cut);
    });

  it('can be asked for completions and an outline', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string()), fc.nat(300), (line, offset) => {
        const found = completionAt(line, Math.min(offset, line.length));
        if (found !== undefined) {
          assert.ok(0 <= found.replaced.start && found.replaced.end <= line.length);
        }
        const outline = outlineOf(new JsonLine(line), 0);
        for (const item of [outline, ...(outline?.children ?? [])]) {
          if (item !== undefined) {
            assert.ok(item.nameRange.start >= item.whole.start);
            assert.ok(item.nameRange.end <= item.whole.end);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
