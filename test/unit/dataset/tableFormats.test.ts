import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { readLabels, readReports } from '../../../src/core/dataset/tables';
import { temporaryFolder } from './fixtures';

describe('the format of a table', () => {
  const folder = temporaryFolder();
  const textsOf = async (path: string): Promise<string[][]> =>
    (await readReports(path)).map(({ volume, findings }) => [volume, findings]);

  for (const [name, mark] of Object.entries({ comma: ',', semicolon: ';', tab: '\t' })) {
    it(`may have a ${name} between its cells, found from the header`, async () => {
      const path = await folder.write(
        'r.csv',
        `"odd, ; name"${mark}VolumeName${mark}Findings\nx${mark}train_1_a_1${mark}"a, b; c\td"\n`,
      );
      assert.deepEqual(await textsOf(path), [['train_1_a_1', 'a, b; c\td']]);
    });
  }

  for (const [encoding, bytesOf] of Object.entries({
    'UTF-16LE': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'UTF-16BE': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    'UTF-8': (text: string) => Buffer.from(text),
  })) {
    it(`may be ${encoding}, also where a character lies across two pieces of the file`, async () => {
      const rows = Array.from({ length: 9000 }, (_, n) => [`train_${n + 1}_a_1`, `结节 ${n} 毫米`]);
      const path = join(folder.path, 'r.csv');
      const text = rows.map((row) => row.join(',')).join('\n');
      await writeFile(path, bytesOf(`VolumeName,Findings_EN\n${text}`));
      assert.deepEqual(await textsOf(path), rows);
    });
  }

  it('in an encoding that is not told is refused, not garbled', async () => {
    const path = join(folder.path, 'r.csv');
    const gbk = Buffer.concat([
      Buffer.from('VolumeName,Findings_EN\ntrain_1_a_1,'),
      Buffer.from([0xbd, 0xe1, 0xbd, 0xda]),
    ]);
    await writeFile(path, gbk);
    await assert.rejects(readReports(path), { code: 'table-unreadable', message: /not UTF-8/ });
  });

  it('may be one JSON object a line, of which some lack fields', async () => {
    const path = await folder.write(
      'r.jsonl',
      '{"image":"train_1_a_1.nii.gz","id":7}\n\n{"image":"train_2_a_1.nii.gz","report":"Nodule.","technique":null}\n',
    );
    assert.deepEqual(await textsOf(path), [
      ['train_1_a_1', ''],
      ['train_2_a_1', 'Nodule.'],
    ]);
  });

  it('of JSON lines names the line that is broken', async () => {
    for (const broken of ['{"image": ', '[1]', '"text"', 'null']) {
      const path = await folder.write('r.jsonl', `{"image":"a","report":"x"}\n\n${broken}\n`);
      await assert.rejects(readReports(path), { code: 'table-unreadable', message: /line 3/ });
    }
  });
});

describe('the volumes of a table of pairs', () => {
  const folder = temporaryFolder();
  const volumesOf = async (...paths: string[]): Promise<string[]> => {
    const rows = paths.map((path) => `"${path}",text`).join('\n');
    const table = await folder.write('pairs.csv', `Image Path,Report\n${rows}\n`);
    return (await readReports(table)).map(({ volume }) => volume);
  };

  it('are called by as many folders as it takes to tell them apart', async () => {
    assert.deepEqual(await volumesOf('x/a/ct.nii.gz', 'x\\b\\ct.nii.gz', 'c/other.nii'), [
      'a/ct',
      'b/ct',
      'other',
    ]);
    assert.deepEqual(await volumesOf('D:/a/1/ct.nii.gz', 'D:/b/1/ct.nii.gz', '1/ct.nii.gz'), [
      'a/1/ct',
      'b/1/ct',
      '1/ct',
    ]);
  });

  it('of CT-RATE keep their name wherever they lie', async () => {
    assert.deepEqual(await volumesOf('v1/train_1_a_1.nii.gz', 'v2/train_1_a_1.nii.gz'), [
      'train_1_a_1',
    ]);
  });

  it('say where their image is and whose it is', async () => {
    const table = await folder.write('p.csv', 'image,patient_id,caption\na b/1.nii.gz,P 7,x\n');
    const [row] = await readReports(table);
    assert.deepEqual([row.volume, row.imagePath, row.patient], ['1', 'a b/1.nii.gz', 'P 7']);
  });

  it('have names of their own, whatever their paths', async () => {
    const segment = fc.constantFrom('a', 'b', 'ct', 'c d');
    const paths = fc.uniqueArray(fc.array(segment, { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 12,
      selector: (each) => each.join('/'),
    });
    await fc.assert(
      fc.asyncProperty(paths, async (each) => {
        const names = await volumesOf(...each.map((path) => `${path.join('/')}.nii.gz`));
        assert.equal(new Set(names).size, each.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the columns of a labels table', () => {
  const folder = temporaryFolder();

  it('are those that mostly say 0 or 1', async () => {
    const path = await folder.write(
      'l.csv',
      'VolumeName,Sex,Nodule,Score,Mass\na,F,1,7,true\nb,M,0,1,False\nc,F,-1,9,\n',
    );
    assert.deepEqual(await readLabels(path), {
      names: ['Nodule', 'Mass'],
      rows: [
        { volume: 'a', positive: ['Nodule', 'Mass'], unknown: [] },
        { volume: 'b', positive: [], unknown: [] },
        { volume: 'c', positive: [], unknown: ['Nodule', 'Mass'] },
      ],
    });
  });

  it('must be there', async () => {
    const path = await folder.write('l.csv', 'VolumeName,Findings_EN\na,Nodule.\nb,Clear.\n');
    await assert.rejects(readLabels(path), {
      code: 'table-columns-missing',
      message: /no column of 0 and 1/,
    });
  });
});
