import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addImageRoot } from '../../../src/core/dataset/addImageRoot';
import { readDataset, readSideFile, sideFilePath } from '../../../src/core/dataset/readDataset';
import { questionLine, temporaryFolder } from './fixtures';

describe('readDataset', () => {
  const folder = temporaryFolder();

  it('resolves texts, images and truths', async () => {
    const image = await folder.write('胸部 CT/train_1_a_1.nii.gz', '');
    const path = await folder.write(
      'a.mcqa.jsonl',
      `\uFEFF${questionLine({ image_path: 'D:\\x\\train_1_a_1.nii.gz' })}\r\n\r\n${questionLine({
        id: undefined,
        options: [
          { text: 'a', label: 1 },
          { text: 'b', label: 1 },
        ],
      })}\r\n`,
    );
    await folder.write('a.mcqa.json', '{"version":1,"image_roots":["胸部 CT"]}');
    const { questions } = await readDataset(path);
    assert.deepEqual(
      questions.map(({ id, line, imagePath, imageFound, texts, truth }) => [
        ...[id, line, imagePath, imageFound, texts, truth],
      ]),
      [
        ['q000001', 1, image, true, ['Nodule in the right upper lobe.', 'Clear lungs.'], 0],
        ['line-3', 3, image, true, ['a', 'b'], null],
      ],
    );
  });

  it('gives the place where a missing image is expected', async () => {
    const { questions } = await readDataset(await folder.write('a.mcqa.jsonl', questionLine()));
    assert.equal(questions[0].imageFound, false);
    assert.equal(questions[0].imagePath, join(folder.path, 'train_1_a_1.nii.gz'));
  });

  it('puts reports in place of references, in the mode and with the prompt of the set', async () => {
    await folder.write(
      'r.csv',
      'volumename,Findings_EN,Impressions_EN\n' +
        'train_1_a_1.nii.gz,"There is a nodule in the left lung, 4 mm.",One nodule.\n' +
        'train_2_a_1.nii.gz,No nodule.,Normal.\n',
    );
    await folder.write(
      'l.csv',
      'VolumeName,Lung nodule\ntrain_1_a_1.nii.gz,1\ntrain_2_a_1.nii.gz,0\n',
    );
    await folder.write(
      'a.mcqa.json',
      '{"version":1,"reports":"r.csv","labels":"l.csv","mode":"mixed","metadata_prompt":true}',
    );
    const options = [
      { ref: 'train_2_a_1', label: 0 },
      { ref: 'train_1_a_1.nii.gz', label: 1 },
    ];
    const metadata = { age: 67, sex: 'M' };
    const path = await folder.write(
      'a.mcqa.jsonl',
      [
        questionLine({ id: 'i', options, metadata, mode: 'impression' }),
        questionLine({ id: 'k', options, metadata, mode: 'keywords' }),
        questionLine({ id: 'f', options }),
      ].join('\n'),
    );
    const { questions } = await readDataset(path);
    assert.deepEqual(
      questions.map(({ texts }) => texts),
      [
        ['Age: 67, Sex: M. Impression: Normal.', 'Age: 67, Sex: M. Impression: One nodule.'],
        [
          'Age: 67, Sex: M. Keywords: no significant finding',
          'Age: 67, Sex: M. Keywords: lung nodule (left)',
        ],
        [
          'Report: No nodule. Normal.',
          'Report: There is a nodule in the left lung, 4 mm. One nodule.',
        ],
      ],
    );
  });

  const refused: readonly [title: string, text: string, message: RegExp][] = [
    [
      'broken JSON',
      `${questionLine()}\n{"image_path":`,
      /line 2: The line ends before its record does/,
    ],
    ['a missing field', '\n{"image_path":"a.nii"}', /line 2: `options` is missing/],
    [
      'a wrong label',
      questionLine({
        options: [
          { text: 'a', label: true },
          { text: 'b', label: 0 },
        ],
      }),
      /line 1: `options\[0\].label` must be 0 or 1/,
    ],
    ['one option', questionLine({ options: [{ text: 'a', label: 1 }] }), /line 1: .*at least 2/],
    [
      'a repeated id',
      `${questionLine()}\n${questionLine()}`,
      /line 2: The id "q000001" stands on line 1/,
    ],
    [
      'a reference into nowhere',
      questionLine({
        options: [
          { ref: 'x', label: 1 },
          { ref: 'y', label: 0 },
        ],
      }),
      /line 1: The report "x"/,
    ],
  ];
  for (const [title, text, message] of refused) {
    it(`refuses ${title}, naming the line`, async () => {
      const path = await folder.write('a.mcqa.jsonl', text);
      await assert.rejects(readDataset(path), {
        name: 'UserError',
        code: 'dataset-invalid',
        message,
      });
    });
  }

  it('refuses an empty file and a broken side file', async () => {
    const empty = await folder.write('a.mcqa.jsonl', '\n\n');
    await assert.rejects(readDataset(empty), { code: 'dataset-empty' });
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    await folder.write('a.mcqa.json', '{"mode":"odd"}');
    await assert.rejects(readDataset(path), { code: 'side-file-invalid', message: /mode must be/ });
  });

  it('has a hash that follows the content, not the form', async () => {
    const hashOf = async (text: string): Promise<string> =>
      (await readDataset(await folder.write('a.mcqa.jsonl', text))).hash;
    const two = [questionLine(), questionLine({ id: 'b' })];
    const hash = await hashOf(two.join('\n'));
    assert.equal(await hashOf(`\uFEFF${two.join('\r\n')}\r\n`), hash);
    assert.notEqual(await hashOf([...two].reverse().join('\n')), hash);
    assert.notEqual(await hashOf([two[0], questionLine({ id: 'c' })].join('\n')), hash);
    const other = [
      { text: 'Nodule in the right upper lobe.', label: 0 },
      { text: 'Clear lungs.', label: 1 },
    ];
    assert.notEqual(
      await hashOf([two[0], questionLine({ id: 'b', options: other })].join('\n')),
      hash,
    );
  });

  it('reports progress and stops when it is told to', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    const stages: string[] = [];
    await readDataset(path, { onProgress: ({ stage }) => stages.push(stage) });
    assert.deepEqual(stages, ['Reading questions']);
    await assert.rejects(readDataset(path, { signal: AbortSignal.abort() }), {
      name: 'CancelledError',
    });
  });
});

describe('side files', () => {
  const folder = temporaryFolder();

  it('stand beside their question file', () => {
    assert.equal(sideFilePath('/a/b.mcqa.jsonl'), '/a/b.mcqa.json');
    assert.equal(sideFilePath('/a/b.jsonl'), '/a/b.mcqa.json');
  });

  it('may be absent', async () => {
    assert.equal(await readSideFile(join(folder.path, 'a.mcqa.jsonl')), undefined);
  });

  it('refuses a side file that leads to a network share', async () => {
    const path = await folder.write('a.mcqa.jsonl', questionLine());
    for (const share of ['\\\\host\\share', '//host/share', '/\\host/share']) {
      await folder.write('a.mcqa.json', JSON.stringify({ version: 1, image_roots: [share] }));
      await assert.rejects(readDataset(path), {
        code: 'side-file-invalid',
        message: /network share/,
      });
    }
  });
});

describe('addImageRoot', () => {
  const folder = temporaryFolder();

  it('makes images of another machine found, and keeps what the side file says', async () => {
    const image = await folder.write('far 影像/x/train_1_a_1.nii.gz', '');
    const path = await folder.write(
      'sets/a.mcqa.jsonl',
      questionLine({ image_path: 'D:\\ct\\x\\train_1_a_1.nii.gz' }),
    );
    await addImageRoot(path, join(folder.path, 'far 影像'));
    const { questions } = await readDataset(path);
    assert.deepEqual([questions[0].imagePath, questions[0].imageFound], [image, true]);

    const side = sideFilePath(path);
    await folder.write('sets/a.mcqa.json', '{\n\t"version": 1,\n\t"lint": {"rules": {}}\n}\n');
    await addImageRoot(path, folder.path);
    await addImageRoot(path, folder.path);
    const text = await readFile(side, 'utf8');
    assert.deepEqual(JSON.parse(text), { version: 1, lint: { rules: {} }, image_roots: ['..'] });
    assert.match(text, /^\{\n\t"version"/);
  });
});
