import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { findLearningRate } from '../../../src/engine/rateFinder';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('the learning-rate finder', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(12);
  });

  after(() => corpus.remove());

  for (const precision of ['float32', 'mixed'] as const) {
    it(`raises the rate until the loss diverges, and leaves no run: ${precision}`, async () => {
      const { points, suggested, diverged } = await findLearningRate(
        {
          ...corpus.training('none'),
          lowest: 1e-4,
          highest: 1e12,
          steps: 200,
          overrides: { 'training.precision': precision },
          mixedOnProcessor: true,
        },
        {},
      );
      assert.ok(diverged && points.length > 10 && points.length < 200, String(points.length));
      assert.ok(points.every(({ loss }) => Number.isFinite(loss)));
      assert.ok(suggested !== undefined && suggested > 1e-4 && suggested < 10);
      assert.deepEqual(await readdir(corpus.path('.ct-mcqa')), ['cache']);
    });
  }
});
