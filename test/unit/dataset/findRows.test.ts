import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError } from '../../../src/core/errors';
import { findRows, readReports } from '../../../src/core/dataset/tables';
import { temporaryFolder } from './fixtures';

const rows = [
  ['VolumeName', 'Findings_EN', 'Impressions_EN'],
  ['train_1_a_1.nii.gz', 'Two\nlines, "quoted"', 'One.'],
  ['train_1_a_2.nii.gz', 'Other', 'Not given.'],
  ['train_11_a_1.nii.gz', 'Eleven', 'As in train_1_a_1'],
];

function csv(table: readonly (readonly string[])[], delimiter = ','): string {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return table.map((row) => `${row.map(cell).join(delimiter)}\r\n`).join('');
}

describe('findRows', () => {
  const folder = temporaryFolder();

  async function found(name: string, text: string, ...volumes: string[]) {
    const path = await folder.write(name, text);
    return (await findRows(path, volumes)).map(({ cell, line }) => ({
      volume: cell('volume'),
      findings: cell('findings'),
      line,
    }));
  }

  it('gives what reading the whole table gives, and the line on which it stands', async () => {
    const path = await folder.write('r.csv', csv(rows));
    for (const report of await readReports(path)) {
      const [row] = await findRows(path, [report.volume]);
      assert.equal(row.cell('findings'), report.findings.replaceAll('\r\n', '\n'));
      assert.equal(row.cell('impression'), report.impression);
    }
    const lines = await findRows(path, ['train_1_a_2', 'train_11_a_1']);
    assert.deepEqual(
      lines.map(({ line }) => line),
      [4, 5],
    );
  });

  it('knows a volume by its name whatever the case, the extension and the folders', async () => {
    const expected = [{ volume: 'train_1_a_2.nii.gz', findings: 'Other', line: 4 }];
    for (const name of ['TRAIN_1_A_2.NII', '/data/x/train_1_a_2.nii.gz', 'train_1_a_2']) {
      assert.deepEqual(await found('r.csv', csv(rows), name), expected);
    }
    assert.deepEqual(await found('r.csv', csv(rows), 'train_1_a'), []);
  });

  it('finds the column of volumes wherever it stands and whatever it is called', async () => {
    const turned = rows.map(([volume, ...others], index) => [
      ...others,
      index === 0 ? 'image path' : `a/${volume}`,
    ]);
    assert.deepEqual(await found('r.csv', csv(turned, ';'), 'train_1_a_2'), [
      { volume: 'a/train_1_a_2.nii.gz', findings: 'Other', line: 4 },
    ]);
    assert.deepEqual(await found('r.tsv', csv([['a', 'b'], ...rows.slice(1)], '\t'), 'x'), []);
  });

  it('reads JSON Lines, and UTF-16 as Excel writes it', async () => {
    const objects = rows.slice(1).map(([image, text]) => JSON.stringify({ image, text }));
    assert.deepEqual(await found('r.jsonl', objects.join('\n'), 'train_11_a_1'), [
      { volume: 'train_11_a_1.nii.gz', findings: 'Eleven', line: 3 },
    ]);
    const path = join(folder.path, 'u.csv');
    await writeFile(path, Buffer.from(`\uFEFF${csv(rows, '\t')}`, 'utf16le'));
    const [row] = await findRows(path, ['train_11_a_1']);
    assert.equal(row.cell('findings'), 'Eleven');
  });

  it('tells of a quote that is never closed', async () => {
    const path = await folder.write('r.csv', 'VolumeName,Findings\na.nii,"open\nb.nii,x\n');
    await assert.rejects(findRows(path, ['b']), (error: Error) => {
      assert.match(error.message, /line 2/);
      return true;
    });
  });

  it('ends when it is cancelled', async () => {
    const path = await folder.write('r.csv', csv(rows));
    await assert.rejects(findRows(path, ['none'], { signal: AbortSignal.abort() }), CancelledError);
  });
});
