import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import {
  readLabels,
  readMetadata,
  readReports,
  wholeYears,
} from '../../../src/core/dataset/tables';
import { parseVolumeName } from '../../../src/core/dataset/volumeName';
import type { UserError } from '../../../src/core/errors';
import { ctRateLayout, patientOf, volumeStem } from '../../../src/core/dataset/volumeName';
import { temporaryFolder } from './fixtures';

describe('volume names', () => {
  it('say split, patient, scan and reconstruction', () => {
    const expected = { split: 'train', patient: '12', scan: 'ab', reconstruction: 3 };
    for (const name of ['train_12_ab_3', 'train_12_ab_3.nii.gz', 'D:\\x y\\train_12_ab_3.nii.gz']) {
      assert.deepEqual(parseVolumeName(name), expected);
    }
    assert.equal(patientOf('train_12_ab_3.nii.gz'), 'train_12');
    assert.equal(ctRateLayout('train_12_ab_3'), 'train/train_12/train_12_ab/train_12_ab_3.nii.gz');
  });

  it('of another kind are no CT-RATE names, and patients of their own', () => {
    for (const name of [
      'train_0_a_1',
      'test_1_a_1',
      'train_1_A_1',
      'train_1_a',
      'xtrain_1_a_1',
      '',
    ]) {
      assert.equal(parseVolumeName(name), undefined, name);
    }
    assert.equal(patientOf('scans/case 7.nii.gz'), 'scans/case 7');
    assert.notEqual(patientOf('a/ct.nii.gz'), patientOf('b/ct.nii.gz'));
    assert.equal(volumeStem('a/b.c.nii'), 'b.c');
  });
});

describe('wholeYears', () => {
  const cases = {
    '067Y': 67,
    '67': 67,
    '018M': 1,
    '010D': 0,
    '104W': 2,
    '': undefined,
    old: undefined,
  };
  for (const [text, years] of Object.entries(cases)) {
    it(`reads "${text}" as ${years ?? 'nothing'}`, () => {
      assert.equal(wholeYears(text), years);
    });
  }
});

describe('tables', () => {
  const folder = temporaryFolder();

  it('are read whatever the case and order of columns, with quoted line breaks and a byte order mark', async () => {
    const path = await folder.write(
      'r.csv',
      '\uFEFFimpressions_en,extra, VOLUMENAME ,Findings_EN\r\n' +
        '"Two\r\nlines, ""quoted""",x,train_1_a_1.nii.gz,Not given.\r\n' +
        ',,,\r\n' +
        'Second of the name,x,train_1_a_1,\r\n' +
        'not given,x,train_2_a_1,结节\r\n',
    );
    const empty = { clinicalInformation: '', technique: '' };
    assert.deepEqual(await readReports(path), [
      { volume: 'train_1_a_1', findings: '', impression: 'Two\r\nlines, "quoted"', ...empty },
      { volume: 'train_2_a_1', findings: '结节', impression: '', ...empty },
    ]);
  });

  it('may be separated by tabs', async () => {
    const path = await folder.write('r.tsv', 'VolumeName\tFindings_EN\ntrain_1_a_1\ta, b\n');
    assert.equal((await readReports(path))[0].findings, 'a, b');
  });

  it('of metadata give age, sex, scanner and spacing', async () => {
    const path = await folder.write(
      'm.csv',
      'VolumeName,Manufacturer,PatientSex,PatientAge,ConvolutionKernel,XYSpacing,ZSpacing,RescaleSlope,RescaleIntercept\n' +
        `train_1_a_1.nii.gz,SIEMENS,F,067Y,"['Br40f', '3']","[0.75, 0.5]",1.5,1,-1024\n` +
        'train_2_a_1.nii.gz,,,,,,,,\n',
    );
    assert.deepEqual(await readMetadata(path), [
      {
        volume: 'train_1_a_1',
        metadata: {
          age: 67,
          sex: 'F',
          manufacturer: 'SIEMENS',
          kernel: 'Br40f/3',
          spacing_mm: [0.75, 0.5, 1.5],
        },
        rescaleSlope: 1,
        rescaleIntercept: -1024,
        xySpacing: [0.75, 0.5],
        zSpacing: 1.5,
      },
      { volume: 'train_2_a_1', metadata: {} },
    ]);
  });

  it('of labels name the positive ones and those that are not known', async () => {
    const path = await folder.write(
      'l.csv',
      'VolumeName,Cardiomegaly,Emphysema\ntrain_1_a_1.nii.gz,0,1\ntrain_2_a_1,1.0,1\ntrain_3_a_1,,0.0\n',
    );
    assert.deepEqual(await readLabels(path), {
      names: ['Cardiomegaly', 'Emphysema'],
      rows: [
        { volume: 'train_1_a_1', positive: ['Emphysema'], unknown: [] },
        { volume: 'train_2_a_1', positive: ['Cardiomegaly', 'Emphysema'], unknown: [] },
        { volume: 'train_3_a_1', positive: [], unknown: ['Cardiomegaly'] },
      ],
    });
  });

  it('without the columns needed are refused by name', async () => {
    const path = await folder.write('r.csv', 'name,Findings_EN\na,b\n');
    await assert.rejects(readReports(path), {
      code: 'table-columns-missing',
      message: /no column VolumeName/,
    });
    const noText = await folder.write('r.csv', 'VolumeName\ntrain_1_a_1\n');
    await assert.rejects(readReports(noText), { message: /Findings_EN or Impressions_EN/ });
  });

  it('that are absent, empty or broken are refused', async () => {
    await assert.rejects(readReports(`${folder.path}/absent.csv`), { code: 'table-unreadable' });
    await assert.rejects(readReports(folder.path), { code: 'table-unreadable' });
    await assert.rejects(readReports(await folder.write('e.csv', '')), { code: 'table-empty' });
    await assert.rejects(readReports(await folder.write('h.csv', 'VolumeName,Findings_EN\n')), {
      code: 'table-empty',
    });
    const open = await folder.write('q.csv', 'VolumeName,Findings_EN\ntrain_1_a_1,"never closed\n');
    await assert.rejects(readReports(open), { code: 'table-unreadable' });
  });

  it('are refused in one line whatever bytes the file holds', async () => {
    const bytes = `VolumeName,Findings_EN\n\u0000\u001b[2J"${'\n\u0007'.repeat(500)}"\n`;
    await assert.rejects(readReports(await folder.write('b.csv', bytes)), (error: UserError) => {
      assert.equal(error.code, 'table-unreadable');
      assert.doesNotMatch(error.message, /[\p{Cc}]/u);
      assert.ok(error.message.length < 500);
      return true;
    });
  });

  it('stop being read when told to', async () => {
    const path = await folder.write('r.csv', 'VolumeName,Findings_EN\ntrain_1_a_1,x\n');
    await assert.rejects(readReports(path, { signal: AbortSignal.abort() }), {
      name: 'CancelledError',
    });
    const rows = Array.from({ length: 5000 }, (_, index) => `train_${index + 1}_a_1,x`);
    const long = await folder.write('r.csv', `VolumeName,Findings_EN\n${rows.join('\n')}`);
    const stop = new AbortController();
    const work = {
      signal: stop.signal,
      onProgress: () => {
        stop.abort();
      },
    };
    await assert.rejects(readReports(long, work), { name: 'CancelledError' });
  });

  it('that are damaged give rows or a UserError, never anything else', async () => {
    const good = Buffer.from('VolumeName,Findings_EN\ntrain_1_a_1,"a, b"\ntrain_2_a_1,c\n');
    const edit = fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of edits) {
          bytes[at] = byte;
        }
        const path = await folder.write('d.csv', '');
        await writeFile(path, bytes);
        await readReports(path).catch((error: unknown) => {
          assert.equal((error as Error).name, 'UserError');
        });
      }),
      { numRuns: 200 },
    );
  });
});
