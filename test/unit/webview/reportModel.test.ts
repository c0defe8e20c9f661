import assert from 'node:assert/strict';
import '../extension/fakeVscode';
import type { VolumeContext } from '../../../src/core/dataset/volumeContext';
import { reportPanelStrings } from '../../../src/extension/views/preview/reportPanelStrings';
import {
  isLongText,
  labelChips,
  labelCount,
  questionPlace,
  questionsAbsence,
  reportAbsence,
  reportSections,
  sourceText,
  tableScanRows,
} from '../../../src/webview/preview/reportModel';

const strings = reportPanelStrings();
const source = { path: 'D:\\ct\\reports.csv', line: 12 };

describe('The report panel', () => {
  it('shows what is read first first, and no section that was not given', () => {
    const report = {
      findings: 'F',
      impression: 'I',
      clinicalInformation: '',
      technique: 'T',
      source,
    };
    assert.deepEqual(reportSections(report, strings), [
      ['Findings', 'F'],
      ['Impression', 'I'],
      ['Technique', 'T'],
    ]);
  });

  it('puts labels that are there first, and tells each state by a sign of its own', () => {
    const labels = { positive: ['b'], negative: ['a', 'd'], unknown: ['c'], source };
    const chips = labelChips(labels);
    assert.deepEqual(
      chips.map(({ name }) => name),
      ['b', 'c', 'a', 'd'],
    );
    assert.equal(new Set(chips.map(({ sign }) => sign)).size, 3);
    assert.equal(labelCount(labels, strings), '1 of 4 are present');
  });

  it('shows patient and scan with slope and intercept, and as much of the spacing as is known', () => {
    const metadata = { age: 67, sex: 'F', spacing_mm: [0.75, 0.75, 1.5] } as const;
    assert.deepEqual(
      tableScanRows({ metadata, rescaleSlope: 1, rescaleIntercept: -8192, source }, strings),
      [
        ['Age', '67'],
        ['Sex', 'female'],
        ['Spacing', '0.75 × 0.75 × 1.5 mm'],
        ['Rescale slope', '1'],
        ['Rescale intercept', '−8192'],
      ],
    );
    const rows = (part: object) => tableScanRows({ metadata: {}, ...part, source }, strings);
    assert.deepEqual(rows({ zSpacing: 1.5 }), [['Spacing', '? × ? × 1.5 mm']]);
    assert.deepEqual(rows({ xySpacing: [0.5, 0.6] }), [['Spacing', '0.5 × 0.6 × ? mm']]);
  });

  it('says where something stands, for paths of any machine', () => {
    assert.equal(sourceText(source, strings), 'reports.csv, line 12');
    assert.equal(sourceText({ path: '/a/r.parquet' }, strings), 'From r.parquet');
  });

  it('says in a line what is missing', () => {
    const context: VolumeContext = {
      volume: 'train_1_a_1',
      leftOutBy: [],
      searched: 0,
      problems: [],
    };
    const scan = { metadata: { age: 1 }, source };
    const report = {
      findings: 'F',
      impression: '',
      clinicalInformation: '',
      technique: '',
      source,
    };
    assert.equal(reportAbsence(context, strings), strings.noTables);
    assert.match(reportAbsence({ ...context, searched: 2 }, strings) ?? '', /names train_1_a_1\.$/);
    assert.equal(reportAbsence({ ...context, searched: 2, scan }, strings), strings.noReport);
    assert.equal(reportAbsence({ ...context, searched: 1, report }, strings), undefined);
    const none = { questions: [], more: 0, problems: [] };
    assert.equal(questionsAbsence({ ...none, searched: 0 }, strings), strings.noQuestionFiles);
    assert.equal(questionsAbsence({ ...none, searched: 3 }, strings), strings.noQuestions);
  });

  it('names the place of a question and what its options are', () => {
    const question = { path: '/a/b.mcqa.jsonl', file: 'b.mcqa.jsonl', line: 3, id: 'q' };
    const shown = { ...question, options: [], fitsCard: true };
    assert.equal(
      questionPlace({ ...shown, mode: 'impression' }, strings),
      'b.mcqa.jsonl, line 3 · impressions',
    );
    assert.equal(questionPlace(shown, strings), 'b.mcqa.jsonl, line 3 · texts');
  });

  it('shortens long texts only', () => {
    assert.deepEqual([isLongText('Clear lungs.'), isLongText('x'.repeat(1000))], [false, true]);
  });
});
