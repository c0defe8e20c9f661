import assert from 'node:assert/strict';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import { findVolumes } from '../../../src/core/dataset/findVolumes';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { temporaryFolder } from './fixtures';

describe('findVolumes', () => {
  const folder = temporaryFolder();

  it('tells volumes of one name apart by their folders', async () => {
    for (const path of ['p1/ct.nii.gz', 'p2/ct.nii.gz', 'x/p2/ct.nii', 'notes.txt']) {
      await folder.write(path, '');
    }
    const volumes = await findVolumes(folder.path);
    assert.equal(volumes.find('p2/ct'), join(folder.path, 'p2', 'ct.nii.gz'));
    assert.equal(volumes.find('p2/ct', 'D:\\x\\p2\\ct.nii.gz'), join(folder.path, 'x/p2/ct.nii'));
    assert.equal(volumes.find('p3/ct'), undefined);
    assert.equal(volumes.find('ct', 'elsewhere/p1/ct.nii.gz'), join(folder.path, 'p1/ct.nii.gz'));
    assert.equal(volumes.find('notes'), undefined);
  });

  it('finds nothing where there is no folder', async () => {
    assert.equal((await findVolumes(join(folder.path, 'absent'))).find('ct'), undefined);
  });
});

describe('the sources of a data set', () => {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, name);

  it('may be a plain table of images and reports, of patients that it names', async () => {
    const lines = Array.from({ length: 6 }, (_, index) => {
      const patient = `P${Math.floor(index / 2)}`;
      return JSON.stringify({ image: `${index}/ct.nii.gz`, report: `Report ${index}.`, patient });
    });
    await folder.write('tables/pairs.jsonl', lines.join('\n'));
    for (let index = 0; index < 6; index++) {
      await folder.write(`data/${index}/ct.nii.gz`, '');
    }
    const { files, imagesFound } = await buildDataset({
      reports: at('tables/pairs.jsonl'),
      images: at('data'),
      out: at('sets/pairs.mcqa.jsonl'),
      options: 3,
    });
    assert.equal(imagesFound, 6);
    assert.equal(files[0].patients, 3);
    const { questions } = await readDataset(files[0].path);
    for (const { record, imageFound } of questions) {
      const [volume] = /\d/.exec(record.image_path) ?? [];
      assert.equal(record.image_path, `${volume}/ct.nii.gz`);
      assert.ok(imageFound);
      const truth = record.options.find(({ label }) => label === 1);
      assert.deepEqual([truth?.text, truth?.source], [`Report ${volume}.`, `${volume}/ct`]);
      const patients = record.options.map(({ source }) => Math.floor(parseInt(source ?? '') / 2));
      assert.equal(new Set(patients).size, 3);
    }
  });

  it('are patients of their own where the table names none', async () => {
    const rows = [1, 2, 3, 4].map((n) => `p${n}/ct.nii.gz,Finding ${n}.`);
    await folder.write('r.csv', `image,report\n${rows.join('\n')}\n`);
    const { files } = await buildDataset({
      reports: at('r.csv'),
      images: at('images'),
      out: at('a.mcqa.jsonl'),
      options: 2,
    });
    assert.deepEqual([files[0].questions, files[0].patients], [4, 4]);
  });

  it('lie where the table says, beside it or anywhere, when they are not below the folder of volumes', async () => {
    const beside = await folder.write('tables/near/1.nii.gz', '');
    const far = await folder.write('far/2.nii.gz', '');
    await folder.write(
      'tables/r.csv',
      `image,report\nnear/1.nii.gz,One.\n${far},Two.\nno/3.nii,3\n`,
    );
    const { files, skipped } = await buildDataset({
      reports: at('tables/r.csv'),
      images: at('images'),
      out: at('sets/a.mcqa.jsonl'),
      options: 2,
    });
    const { questions } = await readDataset(files[0].path);
    assert.deepEqual(questions.map(({ record }) => record.image_path).sort(), [far, beside].sort());
    assert.ok(questions.every(({ imageFound }) => imageFound));
    assert.deepEqual(skipped, [{ reason: 'no image file', count: 1 }]);
  });

  it('leave out the volumes of lists such as no_chest', async () => {
    const rows = [1, 2, 3, 4].map((n) => `train_${n}_a_1.nii.gz,Finding ${n}.`);
    await folder.write('r.csv', `VolumeName,Findings_EN\n${rows.join('\n')}\n`);
    await folder.write('no chest.txt', 'train_2_a_1.nii.gz\r\n\r\ntrain_9_a_1.nii.gz\r\n');
    const { skipped, questions, files } = await buildDataset({
      reports: at('r.csv'),
      images: at('images'),
      exclude: [at('no chest.txt')],
      out: at('a.mcqa.jsonl'),
      options: 2,
    });
    assert.equal(questions, 3);
    assert.deepEqual(skipped, [{ reason: 'in a list of volumes to leave out', count: 1 }]);
    const { sideFile } = await readDataset(files[0].path);
    assert.deepEqual(sideFile?.built?.exclude, ['no chest.txt']);
  });

  it('need the lists that are named', async () => {
    await folder.write('r.csv', 'VolumeName,Findings_EN\na,One.\nb,Two.\n');
    const building = buildDataset({
      reports: at('r.csv'),
      images: at('images'),
      exclude: [at('absent.txt')],
      out: at('a.mcqa.jsonl'),
    });
    await assert.rejects(building, { code: 'file-unreadable' });
  });
});
