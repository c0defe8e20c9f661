import assert from 'node:assert/strict';
import fc from 'fast-check';
import { JsonLine } from '../../../src/core/dataset/jsonl';
import { OverviewCounts } from '../../../src/core/dataset/overviewCounts';
import { checkRecordShape } from '../../../src/core/dataset/recordShape';
import { soundRecord } from '../../../src/core/dataset/soundRecord';
import { questionLine } from './fixtures';

/** A question whose optional fields hold anything. */
const oddQuestion = fc
  .record({
    mode: fc.jsonValue({ maxDepth: 1 }),
    metadata: fc.oneof(
      fc.jsonValue({ maxDepth: 1 }),
      fc.record({
        age: fc.jsonValue({ maxDepth: 1 }),
        sex: fc.jsonValue({ maxDepth: 1 }),
        spacing_mm: fc.oneof(fc.array(fc.jsonValue({ maxDepth: 1 })), fc.jsonValue()),
      }),
    ),
    labels: fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })),
      fc.jsonValue({ maxDepth: 1 }),
    ),
    options: fc.array(
      fc.record({
        text: fc.string(),
        label: fc.constantFrom(0, 1),
        source: fc.jsonValue({ maxDepth: 1 }),
        kind: fc.jsonValue({ maxDepth: 1 }),
      }),
      { maxLength: 4 },
    ),
  })
  .map((fields) => new JsonLine(questionLine(fields)));

describe('A record without what is in the wrong form', () => {
  it('is the record itself where nothing is', () => {
    const line = new JsonLine(questionLine({ metadata: { age: 3 } }));
    assert.equal(soundRecord(line), line.record);
    assert.equal(soundRecord(new JsonLine('{"id":')), undefined);
  });

  it('lacks that and nothing else', () => {
    const line = new JsonLine(
      questionLine({
        labels: { Nodule: 1, Effusion: 'no' },
        metadata: { age: '67', sex: 'X', spacing_mm: [1, 'two', 3] },
        options: [
          { text: 'a', label: 1, source: 5 },
          { text: 'b', label: 0, kind: 'hard' },
        ],
      }),
    );
    const { labels, metadata, options } = soundRecord(line)!;
    assert.deepEqual(labels, { Nodule: 1 });
    assert.deepEqual(metadata, { sex: 'X' });
    assert.deepEqual(options, [
      { text: 'a', label: 1 },
      { text: 'b', label: 0, kind: 'hard' },
    ]);
    // The line's own record stays as it was written.
    assert.deepEqual(line.record, line.value);
  });

  it('has no field of the wrong type left, and can be counted', () => {
    fc.assert(
      fc.property(oddQuestion, (line) => {
        const sound = soundRecord(line);
        assert.equal(sound === undefined, line.record === undefined);
        if (sound !== undefined) {
          const left = checkRecordShape(sound).filter(({ kind }) => kind === 'wrong-type');
          assert.deepEqual(left, []);
          const counts = new OverviewCounts(undefined);
          counts.add(sound, 1, undefined);
          assert.equal(counts.overview('').facts[0].value, 1);
        }
      }),
      { numRuns: 400 },
    );
  });
});
