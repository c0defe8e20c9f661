import assert from 'node:assert/strict';
import { withReportEmbedding } from '../../../src/engine/reportEmbedding';
import { openRun } from '../../../src/engine/run';
import { train } from '../../../src/engine/train';
import { writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('reports embedded by a run', () => {
  let corpus: TinyCorpus;

  before(async () => {
    corpus = await writeTinyCorpus(8);
  });

  after(() => corpus.remove());

  const trained = async (name: string, overrides = {}): Promise<string> =>
    (await train({ ...corpus.training(name), epochs: 1, overrides }, {})).folder;

  it('have the vectors that the run compares with scans', async () => {
    const folder = await trained('dual');
    const texts = ['Dense region on the right side.', 'Dense region on the back side.'];
    const embedded = await withReportEmbedding(folder, corpus.modelsFolder, (embedding) =>
      embedding.embed(texts, 'impression', {}),
    );
    const run = await openRun(folder, { modelsFolder: corpus.modelsFolder });
    const expected = await run.embedder.embedTexts(texts, run.encoder, {});
    await run.dispose();
    assert.deepEqual(new Map(embedded), new Map(expected));
    assert.equal(embedded.get(texts[0])?.length, 8);
  });

  it('need a run that has a vector for a text', async () => {
    const folder = await trained('cross', { 'fusion.kind': 'cross_attention' });
    await assert.rejects(
      withReportEmbedding(folder, corpus.modelsFolder, () => Promise.resolve()),
      { code: 'embeddings-cross-attention' },
    );
  });
});
