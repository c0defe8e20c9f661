import assert from 'node:assert/strict';
import { basename, resolve } from 'node:path';
import { contextTables } from '../../../src/core/dataset/contextTables';

describe('contextTables', () => {
  const names = (found: readonly string[], volume: string, preferred: readonly string[] = []) =>
    contextTables(
      found.map((path) => resolve(path)),
      resolve(volume),
      preferred.map((path) => resolve(path)),
    ).map((path) => basename(path));

  it('begins with tables of the split whose names tell what they hold', () => {
    const found = [
      'other.csv',
      'validation_reports.csv',
      'train_reports.csv',
      'train_metadata.csv',
      'train_predicted_labels.csv',
    ];
    assert.deepEqual(names(found, 'train_1_a_1.nii.gz'), [
      'train_metadata.csv',
      'train_predicted_labels.csv',
      'train_reports.csv',
      'other.csv',
      'validation_reports.csv',
    ]);
    assert.equal(names(found, 'valid_1_a_1.nii.gz')[0], 'validation_reports.csv');
  });

  it('begins with what answered before, but not for volumes of the other split', () => {
    const found = ['train_reports.csv', 'b/pairs.csv', 'a.csv'];
    assert.equal(names(found, 'train_1_a_1.nii.gz', ['b/pairs.csv'])[0], 'pairs.csv');
    assert.deepEqual(names(found, 'valid_1_a_1.nii.gz', ['train_reports.csv']), [
      'a.csv',
      'pairs.csv',
      'train_reports.csv',
    ]);
  });

  it('prefers the table that lies nearest to the volume', () => {
    const found = ['one/reports.csv', 'two/reports_of_two.csv'];
    assert.equal(names(found, 'two/images/ct.nii.gz')[0], 'reports_of_two.csv');
    assert.equal(names(found, 'one/images/ct.nii.gz')[0], 'reports.csv');
  });

  it('leaves out question files, predictions and logs, and what is too many', () => {
    const found = [
      'a.mcqa.jsonl',
      'a.predictions.jsonl',
      '.ct-mcqa/runs/x/metrics.jsonl',
      'b.jsonl',
    ];
    assert.deepEqual(names(found, 'ct.nii.gz'), ['b.jsonl']);
    const many = Array.from({ length: 500 }, (_, i) => `${i}.csv`);
    assert.ok(names([...many, 'reports.csv'], 'ct.nii.gz').length < 50);
    assert.equal(names([...many, 'reports.csv'], 'ct.nii.gz')[0], 'reports.csv');
  });
});
