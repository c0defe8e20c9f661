import assert from 'node:assert/strict';
import {
  metadataTableOf,
  rescaleOf,
  tableRescale,
  tableRescales,
} from '../../../src/core/dataset/tableRescale';
import { temporaryFolder } from './fixtures';

const header = 'VolumeName,Manufacturer,RescaleIntercept,RescaleSlope';

describe('slope and intercept of a metadata table', () => {
  const folder = temporaryFolder();
  const write = (...rows: string[]): Promise<string> =>
    folder.write('metadata.csv', [header, ...rows, ''].join('\n'));

  it('are found by the name of the volume, wherever it lies', async () => {
    const table = await write(
      'valid_1_a_1.nii.gz,Philips,-1024,1',
      'valid_1_a_2.nii.gz,Siemens,-8192,1',
      'valid_1_a_2.nii.gz,Siemens,0,1',
    );
    const volumes = ['/scans/valid/valid_1/valid_1_a_2.nii.gz', 'valid_1_a_1.nii'];
    const found = await tableRescales(volumes, table);
    assert.deepEqual(tableRescale(found, volumes[0]), { kind: 'csv', slope: 1, intercept: -8192 });
    assert.deepEqual(tableRescale(found, volumes[1]), { kind: 'csv', slope: 1, intercept: -1024 });
    assert.throws(() => tableRescale(found, 'valid_2_a_1.nii'), { code: 'rescale-unknown' });
  });

  it('are told apart by folders where names repeat', async () => {
    const table = await write('a/ct.nii.gz,X,-1024,1', 'b/ct.nii.gz,X,-1000,2');
    const found = await tableRescales(['/data/b/ct.nii.gz'], table);
    assert.deepEqual(found.get('/data/b/ct.nii.gz'), { kind: 'csv', slope: 2, intercept: -1000 });
    await assert.rejects(tableRescales(['/data/c/ct.nii.gz'], table), { code: 'rescale-unknown' });
  });

  it('are refused with the names of the volumes that have none', async () => {
    const table = await write('valid_1_a_1.nii.gz,X,-1024,1', 'valid_2_a_1.nii.gz,X,-1024,0');
    const volumes = ['valid_1_a_1.nii', 'valid_2_a_1.nii', 'valid_3_a_1.nii'];
    await assert.rejects(tableRescales(volumes, table), {
      code: 'rescale-unknown',
      message: /valid_2_a_1, valid_3_a_1 \(2 of 3 volumes\)/,
    });
    await assert.rejects(tableRescales(volumes, undefined), { code: 'rescale-table-missing' });
  });

  it('are looked up only where they are asked for', async () => {
    assert.deepEqual(await rescaleOf('a.nii', { choice: 'auto' }), { kind: 'auto' });
    assert.deepEqual(await rescaleOf('a.nii', { choice: 'none' }), { kind: 'none' });
    await assert.rejects(rescaleOf('a.nii', { choice: 'csv' }), { code: 'rescale-table-missing' });
    const metadata = await write('a.nii.gz,X,-1024,1');
    assert.deepEqual(await rescaleOf('a.nii', { choice: 'csv', metadata }), {
      kind: 'csv',
      slope: 1,
      intercept: -1024,
    });
  });

  it('stand where the side file of a question file says', async () => {
    const dataset = await folder.write('set.mcqa.jsonl', '');
    assert.equal(await metadataTableOf(dataset), undefined);
    await folder.write('set.mcqa.json', '{"version":1,"metadata":"metadata.csv"}');
    assert.equal(await metadataTableOf(dataset), dataset.replace('set.mcqa.jsonl', 'metadata.csv'));
  });
});
