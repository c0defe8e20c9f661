import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { suggestSources } from '../../../src/core/dataset/suggestSources';
import { temporaryFolder } from './fixtures';

describe('suggestSources', () => {
  const folder = temporaryFolder();

  async function suggested(reports: string, files: readonly string[], folders: readonly string[]) {
    for (const file of files) {
      await folder.write(file, '');
    }
    for (const name of folders) {
      await mkdir(join(folder.path, name), { recursive: true });
    }
    const found = await suggestSources(join(folder.path, reports));
    return JSON.parse(JSON.stringify(found), (_, value: unknown) =>
      typeof value === 'string' ? relative(folder.path, value).replaceAll('\\', '/') : value,
    ) as unknown;
  }

  it('knows the names of CT-RATE, whose held-out split has two', async () => {
    const tables = ['reports', 'metadata'].flatMap((kind) => [
      `train_${kind}.csv`,
      `validation_${kind}.csv`,
    ]);
    const files = [
      ...tables,
      'train_predicted_labels.csv',
      'valid_predicted_labels.csv',
      'no_chest_train.txt',
      'no_chest_valid.txt',
    ];
    assert.deepEqual(await suggested('validation_reports.csv', files, ['train', 'valid']), {
      metadata: 'validation_metadata.csv',
      labels: 'valid_predicted_labels.csv',
      images: 'valid',
      exclude: ['no_chest_valid.txt'],
    });
    assert.deepEqual(await suggested('train_reports.csv', [], ['dataset/train']), {
      metadata: 'train_metadata.csv',
      labels: 'train_predicted_labels.csv',
      images: 'dataset/train',
      exclude: ['no_chest_train.txt'],
    });
  });

  it('takes tables of the same kind in the same folder otherwise', async () => {
    assert.deepEqual(
      await suggested('reports.parquet', ['labels.tsv', 'notes.md', 'my metadata.csv'], ['images']),
      { metadata: 'my metadata.csv', labels: 'labels.tsv', images: 'images' },
    );
  });

  it('suggests nothing where nothing is there', async () => {
    assert.deepEqual(await suggested('absent/reports.csv', [], []), {});
  });
});
