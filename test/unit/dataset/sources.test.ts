import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDataset } from '../../../src/core/dataset/build';
import { findVolumes } from '../../../src/core/dataset/findVolumes';
import { describeDatasets } from '../../../src/core/dataset/overview';
import { lintFile } from '../../../src/core/dataset/lint';
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
    const overview = await describeDatasets([files[0].path]);
    assert.equal(overview.files[0].facts.find(({ name }) => name === 'patients')?.value, 3);
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

  /** Forty scans of one file name, as many archives have them. */
  const cases = Array.from({ length: 40 }, (_, n) => `case${n}/ct.nii.gz`);
  const plainTable = (): Promise<string> =>
    folder.write(
      'r.csv',
      ['image,report', ...cases.map((path, n) => `${path},Finding ${n}.`)].join('\n'),
    );
  const plain = () => ({
    reports: at('r.csv'),
    images: at('images'),
    out: at('a.mcqa.jsonl'),
    options: 2,
  });

  it('leave out the one volume that a list names with its folder, or all of a bare name', async () => {
    await plainTable();
    await folder.write('one.txt', 'data/case1/ct.nii.gz\n');
    await folder.write('all.txt', 'ct.nii.gz\n');
    const { questions } = await buildDataset({ ...plain(), exclude: [at('one.txt')] });
    assert.equal(questions, 39);
    await assert.rejects(buildDataset({ ...plain(), exclude: [at('all.txt')] }), {
      code: 'build-no-questions',
    });
  });

  it('keep the places that a plain table says where no volume is there yet', async () => {
    await plainTable();
    const { files } = await buildDataset(plain());
    const { questions } = await readDataset(files[0].path);
    assert.deepEqual(
      questions.map(({ record }) => record.image_path).sort(),
      cases.map((path) => `images/${path}`).sort(),
    );
  });

  it('find their rows in tables that write the volumes otherwise', async () => {
    await plainTable();
    // Three of them only, by absolute paths: the bare file name would be taken for each other's.
    const rows = [3, 5, 7].map((n) => `/archive/case${n}/ct.nii.gz,1,${60 + n}Y`);
    await folder.write('l.csv', ['image,Nodule,PatientAge', ...rows].join('\n'));
    const { files } = await buildDataset({
      ...plain(),
      labels: at('l.csv'),
      metadata: at('l.csv'),
      undecidable: 'flag',
      mode: 'full_report',
    });
    const { questions } = await readDataset(files[0].path);
    const ages = questions.flatMap(({ record: { image_path, metadata } }) =>
      metadata?.age === undefined ? [] : [[image_path, metadata.age]],
    );
    assert.deepEqual(ages.sort(), [
      ['images/case3/ct.nii.gz', 63],
      ['images/case5/ct.nii.gz', 65],
      ['images/case7/ct.nii.gz', 67],
    ]);
  });

  it('are split without a word of the linter, whatever the files are called', async () => {
    await plainTable();
    const { files } = await buildDataset({ ...plain(), split: { train: 0.5, valid: 0.5 } });
    for (const { path } of files) {
      const found = await lintFile(path);
      assert.deepEqual(
        found.filter(({ severity }) => severity === 'error'),
        [],
      );
    }
  });

  it('tell which entries of a list meant nobody, and read lists of any encoding and columns', async () => {
    const rows = [1, 2, 3, 4, 5, 6].map((n) => `train_${n}_a_1.nii.gz,Finding ${n}.`);
    await folder.write('r.csv', `VolumeName,Findings_EN\n${rows.join('\n')}\n`);
    await folder.write('columns.csv', '"train_2_a_1.nii.gz",head\ntrain_77_a_1,head\n');
    const utf16 = Buffer.from('\uFEFFtrain_3_a_1.nii.gz\r\n', 'utf16le');
    await writeFile(at('utf16.txt'), utf16);
    const { questions, notes } = await buildDataset({
      ...plain(),
      exclude: [at('columns.csv'), at('utf16.txt')],
    });
    assert.equal(questions, 4);
    assert.ok(notes.some((note) => note.startsWith('1 of 3 entries of the lists')));
  });

  it('tell where tables know few of the volumes', async () => {
    await plainTable();
    await folder.write('l.csv', 'VolumeName,Nodule\nothers_1,1\n');
    const { notes } = await buildDataset({ ...plain(), labels: at('l.csv') });
    assert.ok(notes.includes('The labels table says something of 0 of the 40 volumes.'));
  });

  it('are never written over', async () => {
    const table = (await plainTable()).replace(/r\.csv$/, 'pairs.mcqa.jsonl');
    const lines = cases.map((image, n) => JSON.stringify({ image, report: `Finding ${n}.` }));
    await folder.write('pairs.mcqa.jsonl', lines.join('\n'));
    const given = { ...plain(), reports: table, out: table, replace: true };
    await assert.rejects(buildDataset(given), { code: 'build-over-input' });
    assert.equal(await readFile(table, 'utf8'), lines.join('\n'));
  });

  it('name their patients in the questions, so that a leak between files is seen', async () => {
    await folder.write(
      'r.csv',
      ['image,report,patient', ...cases.map((path, n) => `${path},Finding ${n}.,P${n % 20}`)].join(
        '\n',
      ),
    );
    const { files } = await buildDataset({ ...plain(), split: { train: 0.5, valid: 0.5 } });
    const [train, valid] = files.map(({ path }) => path);
    const errors = async (path: string): Promise<string[]> =>
      (await lintFile(path)).flatMap(({ severity, rule }) => (severity === 'error' ? [rule] : []));
    assert.deepEqual([...(await errors(train)), ...(await errors(valid))], []);
    const [first] = (await readFile(train, 'utf8')).split('\n');
    const other = { ...(JSON.parse(first) as object), id: 'leak', image_path: 'images/other.nii' };
    await writeFile(valid, `${await readFile(valid, 'utf8')}${JSON.stringify(other)}\n`);
    assert.deepEqual(await errors(valid), ['patient-in-two-parts']);
  });

  it('of another naming have no split of their own', async () => {
    await plainTable();
    await assert.rejects(buildDataset({ ...plain(), split: 'own' }), {
      code: 'build-no-questions',
    });
  });

  it('need the lists that are named', async () => {
    await folder.write('r.csv', 'VolumeName,Findings_EN\na,One.\nb,Two.\n');
    const building = buildDataset({
      reports: at('r.csv'),
      images: at('images'),
      exclude: [at('absent.txt')],
      out: at('a.mcqa.jsonl'),
    });
    await assert.rejects(building, { code: 'table-unreadable' });
  });
});
