import assert from 'node:assert/strict';
import { join } from 'node:path';
import { findVolumeContext } from '../../../src/core/dataset/volumeContext';
import type { ContextTable } from '../../../src/core/dataset/volumeContext';
import { writeSampleCorpus } from '../../../src/core/sample/writeCorpus';
import { readLabels, readMetadata, readReports } from '../../../src/core/dataset/tables';
import { temporaryFolder } from './fixtures';

describe('findVolumeContext', () => {
  const folder = temporaryFolder();

  function context(volume: string, ...tables: (string | ContextTable)[]) {
    return findVolumeContext({
      path: join(folder.path, volume),
      tables: tables.map((table) =>
        typeof table === 'string' ? { path: join(folder.path, table), kind: 'any' } : table,
      ),
    });
  }

  it('finds report, labels, patient and scan of a corpus from its reports table alone', async () => {
    await writeSampleCorpus(folder.path, { volumes: 6, size: [16, 16, 16] });
    const reports = join(folder.path, 'reports.csv');
    const report = (await readReports(reports))[3];
    const found = await context(`images/${report.volume}.nii.gz`, {
      path: reports,
      kind: 'reports',
    });
    const { report: own, labels, scan } = found;
    assert.ok(own !== undefined && labels !== undefined && scan !== undefined);
    assert.deepEqual([own.findings, own.impression], [report.findings, report.impression]);
    const table = await readLabels(join(folder.path, 'labels.csv'));
    assert.deepEqual(labels.positive, table.rows[3].positive);
    assert.equal(labels.positive.length + labels.negative.length, table.names.length);
    const [, , , row] = await readMetadata(join(folder.path, 'metadata.csv'));
    assert.deepEqual(scan.metadata, row.metadata);
    assert.deepEqual([scan.rescaleSlope, scan.rescaleIntercept], [1, 0]);
    assert.deepEqual(found.problems, []);
    assert.deepEqual(labels.source, { path: join(folder.path, 'labels.csv'), line: 5 });
  });

  it('takes each thing from the first table that says it, and lists say no more than their name', async () => {
    await folder.write('a.csv', 'VolumeName,Findings,Age\ntrain_1_a_1.nii.gz,Not given.,067Y\n');
    await folder.write('b.csv', 'VolumeName,Findings,Age\ntrain_1_a_1.nii.gz,Clear.,12\n');
    const list = await folder.write('no_chest.txt', 'train_2_a_1\ntrain_1_a_1.nii.gz\n');
    const found = await context('x/TRAIN_1_a_1.nii.gz', 'a.csv', 'b.csv', {
      path: list,
      kind: 'list',
    });
    assert.equal(found.report?.findings, 'Clear.');
    assert.equal(found.scan?.metadata.age, 67);
    assert.deepEqual(found.leftOutBy, [{ path: list, line: 2 }]);
    assert.equal(found.labels, undefined);
  });

  it('tells volumes of one name apart by their folders', async () => {
    await folder.write('r.csv', 'image,report\np1/ct.nii.gz,First.\np2/ct.nii.gz,Second.\n');
    assert.equal((await context('data/p2/ct.nii.gz', 'r.csv')).report?.findings, 'Second.');
    assert.equal((await context('data/p3/ct.nii.gz', 'r.csv')).report, undefined);
  });

  it('takes columns of 0 and 1 for labels where the table is one of labels, or CT-RATE names them', async () => {
    const rows = 'VolumeName,Lung nodule,Rows,Mass\na.nii,1,1,0\nb.nii,0,1,1\nc.nii,,2,1\n';
    await folder.write('l.csv', rows);
    const labels = { path: join(folder.path, 'l.csv'), kind: 'labels' } as const;
    const named = (await context('a.nii', labels)).labels;
    assert.deepEqual([named?.positive, named?.negative], [['Lung nodule', 'Rows'], ['Mass']]);
    const known = (await context('a.nii', 'l.csv')).labels;
    assert.deepEqual([known?.positive, known?.negative], [['Lung nodule'], []]);
    assert.deepEqual((await context('c.nii', 'l.csv')).labels?.unknown, ['Lung nodule']);
  });

  it('goes on after a table that cannot be read, and says which', async () => {
    await folder.write('broken.csv', 'VolumeName,Findings\na.nii,"open\n');
    await folder.write('r.csv', 'VolumeName,Findings\na.nii,Clear.\n');
    const found = await context('a.nii', 'broken.csv', 'none.csv', 'r.csv');
    assert.equal(found.report?.findings, 'Clear.');
    assert.deepEqual(
      found.problems.map(({ path }) => path),
      ['broken.csv', 'none.csv'].map((name) => join(folder.path, name)),
    );
  });
});
