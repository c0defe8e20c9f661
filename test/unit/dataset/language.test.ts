import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import { completionAt } from '../../../src/core/dataset/language/completion';
import { fieldAt, recordFields } from '../../../src/core/dataset/language/fields';
import { outlineOf } from '../../../src/core/dataset/language/outline';
import { patientRuns } from '../../../src/core/dataset/language/patientRuns';
import { checkRecordShape } from '../../../src/core/dataset/recordShape';
import { questionLine } from './fixtures';

describe('recordFields', () => {
  it('are the fields that the shape of a record knows', () => {
    const wrong = {
      id: 1,
      image_path: 1,
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
    [`{${options},"|"}`, 'id image_path mode metadata labels'],
    [`{"id":"a","image_path":"x",${options},"m|`, 'mode metadata labels'],
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

  it('replaces what stands there', () => {
    const found = completionAt('{"mode":"key"}', 10);
    assert.deepEqual(found?.replaced, { start: 8, end: 13 });
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
