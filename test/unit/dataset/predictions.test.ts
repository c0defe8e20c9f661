import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PredictionHeader, QuestionPrediction } from '../../../src/core/dataset/prediction';
import {
  predictionsPath,
  questionHash,
  readPredictions,
  writePredictions,
} from '../../../src/core/dataset/predictions';
import { temporaryFolder } from './fixtures';

const header: PredictionHeader = {
  kind: 'ct-mcqa-predictions',
  version: 1,
  run: 'first',
  dataset: 'a.mcqa.jsonl',
  model_hash: 'm',
  preprocessing: 'p',
  text: 't',
  created: '2026-01-01T00:00:00.000Z',
};

function prediction(id: string, fields: Partial<QuestionPrediction> = {}): QuestionPrediction {
  return {
    id,
    question_hash: questionHash('a.nii', [id]),
    logits: [0.5, -1.25],
    probabilities: [0.85, 0.15],
    predicted: 0,
    truth: 1,
    ...fields,
  };
}

describe('predictions', () => {
  const folder = temporaryFolder();

  it('come back as they were written', async () => {
    const path = join(folder.path, 'a.predictions.jsonl');
    const rows = Array.from({ length: 2500 }, (_, index) => prediction(`q${index}`));
    await writePredictions(path, header, rows);
    assert.deepEqual(await readPredictions(path), { path, header, rows });
    assert.equal((await readFile(path, 'utf8')).split('\n').length, 2502);
  });

  it('are refused, with the line, where they are not whole', async () => {
    const good = JSON.stringify(prediction('a'));
    const cases: readonly [text: string, message: RegExp][] = [
      ['', /line 1: .*empty/],
      [good, /line 1: .*header/],
      [JSON.stringify({ ...header, run: 1 }), /no run/],
      [`${JSON.stringify(header)}\n${good}\n${good.slice(0, -9)}`, /line 3/],
      [`${JSON.stringify(header)}\n[1]`, /line 2: .*object/],
      [
        `${JSON.stringify(header)}\n${JSON.stringify(prediction('a', { predicted: 2 }))}`,
        /line 2: .*indices/,
      ],
      [
        `${JSON.stringify(header)}\n${JSON.stringify(prediction('a', { probabilities: [1] }))}`,
        /numbers/,
      ],
      [`${JSON.stringify(header)}\n${JSON.stringify({ ...prediction('a'), id: 1 })}`, /texts/],
    ];
    for (const [text, message] of cases) {
      const path = await folder.write('p.jsonl', text);
      await assert.rejects(readPredictions(path), { code: 'predictions-invalid', message });
    }
  });

  it('have a path beside the question file', () => {
    assert.equal(predictionsPath('/a/b.mcqa.jsonl'), '/a/b.predictions.jsonl');
  });
});

describe('questionHash', () => {
  it('depends on the image, every text and their order, and on where one ends', () => {
    const hashes = [
      questionHash('a.nii', ['x', 'y']),
      questionHash('b.nii', ['x', 'y']),
      questionHash('a.nii', ['y', 'x']),
      questionHash('a.nii', ['xy']),
      questionHash('a.nii', ['x', 'y', '']),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
    assert.match(hashes[0], /^[0-9a-f]{32}$/);
  });
});
