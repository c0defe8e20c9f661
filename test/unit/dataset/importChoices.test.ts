import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importChoices } from '../../../src/core/dataset/importChoices';
import { lintFile } from '../../../src/core/dataset/lint';
import { readDataset } from '../../../src/core/dataset/readDataset';
import { temporaryFolder } from './fixtures';

const header =
  'Image Path,Text,Question Type,Question,Choice A,Choice B,Choice C,Choice D,Answer,Answer Choice';

describe('importChoices', () => {
  const folder = temporaryFolder();
  const imported = async (...rows: string[]) => {
    const table = await folder.write('vqa.csv', [header, ...rows].join('\n'));
    const result = await importChoices({
      table,
      images: join(folder.path, 'images'),
      out: join(folder.path, 'vqa.mcqa.jsonl'),
    });
    return { result, questions: (await readDataset(result.files[0].path)).questions };
  };

  it('makes options that say the question and one of its answers', async () => {
    await folder.write('images/7/axial.nii.gz', '');
    await folder.write('images/8/axial.nii.gz', '');
    const { result, questions } = await imported(
      'M3D/7/axial.npy,x,1,Which plane is this?,Axial,Sagittal,Coronal,Oblique,Axial,A',
      'M3D/8/axial.nii.gz,x,3,"Which organ, then?",Liver,Lung,,,lung.,',
    );
    assert.deepEqual(
      questions.map(({ record }) => record),
      [
        {
          id: 'q000001-type-1',
          image_path: 'images/7/axial.nii.gz',
          options: [
            { text: 'Which plane is this? Axial', label: 1 },
            { text: 'Which plane is this? Sagittal', label: 0 },
            { text: 'Which plane is this? Coronal', label: 0 },
            { text: 'Which plane is this? Oblique', label: 0 },
          ],
        },
        {
          id: 'q000002-type-3',
          image_path: 'images/8/axial.nii.gz',
          options: [
            { text: 'Which organ, then? Liver', label: 0 },
            { text: 'Which organ, then? Lung', label: 1 },
          ],
        },
      ],
    );
    assert.deepEqual([result.imagesFound, result.notes, result.skipped], [2, [], []]);
    assert.ok(questions.every(({ imageFound }) => imageFound));
    const findings = await lintFile(result.files[0].path);
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('counts the rows that cannot be decided, and lets the letter decide', async () => {
    const { result, questions } = await imported(
      '1.nii,x,1,Q?,a,b,c,d,b,C',
      '2.nii,x,1,Q?,a,A.,c,d,a,A',
      '3.nii,x,1,Q?,a,,,,a,A',
      '4.nii,x,1,Q?,a,b,,,e,D',
      '5.nii,x,1,Q?,a,b,,,e,',
      ',x,1,Q?,a,b,,,a,A',
    );
    assert.equal(questions.length, 1);
    assert.equal(questions[0].truth, 2);
    assert.deepEqual(result.skipped, [
      { reason: 'two choices say the same', count: 1 },
      { reason: 'fewer than two choices', count: 1 },
      { reason: 'no answer among the choices', count: 2 },
      { reason: 'no image', count: 1 },
    ]);
    assert.match(result.notes[0], /1 questions have no image yet, such as 1/);
  });

  it('takes the letter for the column that it names', async () => {
    const table = await folder.write(
      'gap.csv',
      'Image Path,Question,Choice A,Choice B,Choice D,Answer Choice\n1.nii,Q?,a,b,d,D\n2.nii,Q?,a,b,d,C\n',
    );
    const out = join(folder.path, 'gap.mcqa.jsonl');
    const { files, skipped } = await importChoices({ table, images: folder.path, out });
    const { questions } = await readDataset(files[0].path);
    assert.deepEqual(
      questions.map(({ truth }) => truth),
      [2],
    );
    assert.equal(skipped[0].reason, 'no answer among the choices');
  });

  for (const [what, table, code] of [
    ['no table of choices', 'VolumeName,Findings\na,b\n', 'table-columns-missing'],
    ['a table without questions', `${header}\n`, 'import-no-questions'],
  ] as const) {
    it(`writes nothing for ${what}`, async () => {
      const path = await folder.write('t.csv', table);
      const out = join(folder.path, 'o.mcqa.jsonl');
      await assert.rejects(importChoices({ table: path, images: folder.path, out }), { code });
      assert.deepEqual(await readdir(folder.path), ['t.csv']);
    });
  }
});
