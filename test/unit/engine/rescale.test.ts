import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import type { EvaluateOptions, RunDescription, TrainOptions } from '../../../src/core/run';
import { RunFolder } from '../../../src/core/runs/runFolder';
import { preprocess } from '../../../src/core/volume/preprocess';
import { readVolume } from '../../../src/core/volume/read';
import type { Rescale } from '../../../src/core/volume/rescale';
import { evaluateFile } from '../../../src/engine/evaluate';
import { scoreVolume } from '../../../src/engine/score';
import { train } from '../../../src/engine/train';
import { copyVolume, VolumeStore } from '../../../src/engine/volumeStore';
import { tinyPreset, writeTinyCorpus } from './tinyCorpus';
import type { TinyCorpus } from './tinyCorpus';

describe('slope and intercept by choice', () => {
  let corpus: TinyCorpus;
  let metadata: string;

  before(async () => {
    corpus = await writeTinyCorpus(4);
    metadata = await writeTable('metadata.csv', corpus.volumes.length);
    for (const name of ['train', 'valid']) {
      const side = { version: 1, metadata: 'metadata.csv' };
      await writeFile(corpus.path(`${name}.mcqa.json`), JSON.stringify(side));
    }
  });
  after(() => corpus.remove());

  async function writeTable(name: string, volumes: number): Promise<string> {
    const rows = Array.from({ length: volumes }, (_, i) => `train_${i + 1}_a_1,Any,-${100 + i},2`);
    const lines = ['VolumeName,Manufacturer,RescaleIntercept,RescaleSlope', ...rows, ''];
    await writeFile(corpus.path(name), lines.join('\n'));
    return corpus.path(name);
  }

  const trainWith = (run: string, options: Partial<TrainOptions>): Promise<unknown> =>
    train({ ...corpus.training(run), epochs: 1, seed: 1, ...options }, {});
  const runOf = async (run: string): Promise<RunDescription> =>
    (await new RunFolder(corpus.path('runs', run)).read())!;
  const evaluateWith = (run: string, options: Partial<EvaluateOptions> = {}): Promise<unknown> =>
    evaluateFile(
      {
        modelsFolder: corpus.modelsFolder,
        run: corpus.path('runs', run),
        dataset: corpus.valid,
        device: 'cpu',
        ...options,
      },
      {},
    );

  it('make what a network gets, and never share an entry of the cache', async () => {
    const [path] = corpus.volumes;
    const choices: Rescale[] = [
      { kind: 'auto' },
      { kind: 'none' },
      { kind: 'csv', slope: 2, intercept: -100 },
    ];
    for (const rescale of choices) {
      const { data } = await preprocess(await readVolume(path, { rescale }), tinyPreset.volume);
      const store = new VolumeStore(corpus.path('cache'), tinyPreset.volume, {
        rescale: rescale.kind,
      });
      await store.lookUpRescale([path], metadata, {});
      await store.prepare([{ path, question: 'q' }], {});
      const values = new Float32Array(data.length);
      copyVolume(await store.read(path), values, 0);
      data.forEach((value, i) => {
        assert.ok(Math.abs(values[i] - value) <= 0.5001 / 32767);
      });
    }
  });

  it('of another table make another entry', async () => {
    const [path] = corpus.volumes;
    const keys = new Set<string>();
    for (const table of [metadata, await writeTable('other.csv', 0)]) {
      if (table !== metadata) {
        await writeFile(table, 'VolumeName,RescaleIntercept,RescaleSlope\ntrain_1_a_1,-7,1\n');
      }
      const store = new VolumeStore(corpus.path('cache'), tinyPreset.volume, { rescale: 'csv' });
      await store.lookUpRescale([path], table, {});
      keys.add((await store.loadRequest(path)).key);
    }
    assert.equal(keys.size, 2);
  });

  it('are recorded in a run, which scores with its own and refuses others', async () => {
    await trainWith('none', { rescale: 'none' });
    await trainWith('auto', {});
    const [none, auto] = [await runOf('none'), await runOf('auto')];
    assert.deepEqual([none.rescale, auto.rescale], ['none', undefined]);
    assert.notEqual(none.preprocessing, auto.preprocessing);
    await evaluateWith('none');
    await evaluateWith('none', { rescale: 'none' });
    await evaluateWith('auto', { rescale: 'auto' });
    for (const [run, rescale] of [
      ['none', 'auto'],
      ['auto', 'none'],
    ] as const) {
      await assert.rejects(evaluateWith(run, { rescale }), { code: 'run-rescale' });
    }
  });

  it('are kept by a resumed run, and cannot be changed in one', async () => {
    await trainWith('kept', { rescale: 'none' });
    await trainWith('kept', { epochs: 2, resume: true });
    assert.equal((await runOf('kept')).rescale, 'none');
    const changed = trainWith('kept', { epochs: 3, resume: true, rescale: 'auto' });
    await assert.rejects(changed, { code: 'resume-differs' });
  });

  it('of the table come from the side file, or from the table that is named', async () => {
    await trainWith('csv', { rescale: 'csv', valid: corpus.valid });
    assert.equal((await runOf('csv')).rescale, 'csv');
    await evaluateWith('csv');
    const reports = corpus.path('tables', 'reports.csv');
    await mkdir(corpus.path('tables'));
    await writeFile(reports, 'VolumeName,Findings_EN\ntrain_1_a_1,Dense region.\nx,Other.\n');
    const score = {
      modelsFolder: corpus.modelsFolder,
      run: corpus.path('runs', 'csv'),
      volume: corpus.volumes[0],
      device: 'cpu',
      texts: { kind: 'reports', path: reports },
    } as const;
    await assert.rejects(scoreVolume(score, {}), { code: 'rescale-table-missing' });
    assert.equal((await scoreVolume({ ...score, metadata }, {})).texts, 2);
    // The table that lies beside the reports.
    await copyFile(metadata, corpus.path('tables', 'metadata.csv'));
    assert.equal((await scoreVolume(score, {})).texts, 2);
  });

  it('of the table are refused where a volume is not in it', async () => {
    const short = await writeTable('short.csv', 1);
    await assert.rejects(trainWith('short', { rescale: 'csv', metadata: short }), {
      code: 'rescale-unknown',
      message: /train_2_a_1/,
    });
  });
});
