import assert from 'node:assert/strict';
import { join } from 'node:path';
import { predictionsPath, questionHash } from '../../../src/core/dataset/predictions';
import { findVolumeQuestions, mostQuestions } from '../../../src/core/dataset/volumeQuestions';
import { questionLine, temporaryFolder } from './fixtures';

const header = {
  kind: 'ct-mcqa-predictions',
  version: 1,
  run: 'first',
  dataset: 'a.mcqa.jsonl',
  model_hash: 'm',
  preprocessing: 'p',
  text: 't',
  created: '2026-01-01T00:00:00Z',
};

describe('findVolumeQuestions', () => {
  const folder = temporaryFolder();

  function find(volume: string, ...files: string[]) {
    return findVolumeQuestions({
      path: join(folder.path, volume),
      files: files.map((file) => ({ path: join(folder.path, file), imageRoots: [] })),
    });
  }

  it('finds a CT-RATE volume wherever the question says it is, with line and id', async () => {
    const lines = [
      questionLine({ image_path: 'train_2_a_1.nii.gz' }),
      questionLine({ image_path: 'D:\\ct\\train_1_a_1.nii.gz', id: 'q2' }),
      '',
      questionLine({ id: undefined, image_path: 'other/train_1_a_1.nii' }),
      questionLine({ image_path: 'train_1_a_11.nii.gz' }),
    ];
    await folder.write('a.mcqa.jsonl', lines.join('\n'));
    const { questions, more, problems } = await find('x/train_1_a_1.nii.gz', 'a.mcqa.jsonl');
    assert.deepEqual(
      questions.map(({ id, line }) => [id, line]),
      [
        ['q2', 2],
        ['line-4', 4],
      ],
    );
    assert.deepEqual([more, problems], [0, []]);
  });

  it('tells volumes of another kind of name apart by where they are', async () => {
    await folder.write('p1/ct.nii.gz', '');
    await folder.write('p2/ct.nii.gz', '');
    const lines = ['p1/ct.nii.gz', 'p2/ct.nii.gz', 'nowhere/ct.nii.gz'].map((path) =>
      questionLine({ id: path, image_path: path }),
    );
    await folder.write('a.mcqa.jsonl', lines.join('\n'));
    const { questions } = await find('p2/ct.nii.gz', 'a.mcqa.jsonl');
    assert.deepEqual(
      questions.map(({ id }) => id),
      ['p2/ct.nii.gz'],
    );
  });

  it('puts the reports and labels of the side file in the place of references', async () => {
    const reports = 'VolumeName,Findings_EN,Impressions_EN\n';
    await folder.write(
      'reports.csv',
      `${reports}train_1_a_1.nii.gz,Nodule in the left lung.,One.\ntrain_3_a_1.nii.gz,Clear.,Two.\n`,
    );
    await folder.write(
      'labels.csv',
      'VolumeName,Lung nodule,Cardiomegaly\ntrain_1_a_1.nii.gz,1,1\ntrain_3_a_1.nii.gz,0,0\n',
    );
    const sideFile = { version: 1, reports: 'reports.csv', labels: 'labels.csv' };
    await folder.write('a.mcqa.json', JSON.stringify({ ...sideFile, mode: 'impression' }));
    const refs = ['train_1_a_1', 'train_3_a_1', 'train_9_a_1'].map((ref, index) => ({
      ref,
      label: Number(index === 0),
    }));
    const lines = [
      questionLine({ options: refs }),
      questionLine({ options: refs, mode: 'keywords' }),
    ];
    await folder.write('a.mcqa.jsonl', lines.join('\n'));
    const { questions } = await find('train_1_a_1.nii.gz', 'a.mcqa.jsonl');
    assert.deepEqual(questions[0].texts, ['One.', 'Two.', undefined]);
    assert.match(
      String(questions[1].texts[0]),
      /lung nodule.*cardiomegaly|cardiomegaly.*lung nodule/,
    );
  });

  it('brings the answers that stand beside the file, and says how they turned out', async () => {
    const texts = ['Nodule in the right upper lobe.', 'Clear lungs.'];
    const path = await folder.write(
      'a.mcqa.jsonl',
      [questionLine(), questionLine({ id: 'q2' }), questionLine({ id: 'q3' })].join('\n'),
    );
    const row = (
      id: string,
      predicted: number,
      hash = questionHash('train_1_a_1.nii.gz', texts),
    ) => ({
      id,
      question_hash: hash,
      logits: [1, 0],
      probabilities: [0.7, 0.3],
      predicted,
      truth: 0,
    });
    const rows = [header, row('q000001', 0), row('q2', 1), row('other', 0)];
    await folder.write(
      predictionsPath(path).slice(folder.path.length + 1),
      rows.map((each) => JSON.stringify(each)).join('\n'),
    );
    const { questions } = await find('train_1_a_1.nii.gz', 'a.mcqa.jsonl');
    assert.deepEqual(
      questions.map(({ answer }) => answer && [answer.run, answer.outcome]),
      [['first', 'correct'], ['first', 'wrong'], undefined],
    );
    assert.deepEqual(questions[0].answer?.prediction.probabilities, [0.7, 0.3]);
  });

  it('goes on where a file, its side file or its answers cannot be read', async () => {
    await folder.write('a.mcqa.jsonl', questionLine());
    await folder.write('a.mcqa.json', '{');
    await folder.write('a.predictions.jsonl', '{}');
    const { questions, problems } = await find(
      'train_1_a_1.nii.gz',
      'none.mcqa.jsonl',
      'a.mcqa.jsonl',
    );
    assert.equal(questions.length, 1);
    assert.equal(questions[0].answer, undefined);
    assert.equal(problems.length, 3);
  });

  it('keeps as many as somebody may read, and counts the others', async () => {
    const lines = Array.from({ length: mostQuestions + 5 }, (_, i) =>
      questionLine({ id: `q${i}` }),
    );
    await folder.write('a.mcqa.jsonl', lines.join('\n'));
    const { questions, more } = await find('train_1_a_1.nii.gz', 'a.mcqa.jsonl', 'a.mcqa.jsonl');
    assert.deepEqual([questions.length, more], [mostQuestions, mostQuestions + 10]);
  });
});
