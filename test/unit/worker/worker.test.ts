import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeDatasets } from '../../../src/core/dataset/overview';
import { CancelledError, UserError } from '../../../src/core/errors';
import type { Progress } from '../../../src/core/progress';
import { readVolume } from '../../../src/core/volume/read';
import { extractSlice } from '../../../src/core/volume/slices';
import { unpackPiece } from '../../../src/core/volume/voxelCodec';
import { encodedVoxels } from '../../../src/core/volume/voxelEncoding';
import { WorkerClient } from '../../../src/protocol/client';
import type { ParamsOf, TrainEvent } from '../../../src/protocol/messages';
import { modelsFolder } from '../engine/smallTokenizer';
import { writeTinyCorpus } from '../engine/tinyCorpus';
import type { TinyCorpus } from '../engine/tinyCorpus';

/** The worker from its sources, as the extension host forks the bundle. */
function startWorker(): WorkerClient {
  const main = join(__dirname, '..', '..', '..', 'src', 'worker', 'main.ts');
  return new WorkerClient(
    fork(main, [], { serialization: 'advanced', execArgv: ['--import', 'tsx'], silent: true }),
  );
}

describe('worker process', () => {
  let corpus: TinyCorpus;
  let worker: WorkerClient;

  before(async () => {
    corpus = await writeTinyCorpus(8);
    worker = startWorker();
  });

  after(async () => {
    worker.kill();
    await worker.ended;
    await corpus.remove();
  });

  it('opens a volume and sends its voxels in pieces, as typed arrays', async () => {
    const [path] = corpus.volumes;
    const opened = await worker.request('volume/open', {
      path,
      rescale: { kind: 'auto' },
      packs: true,
    });
    const { handle, header, encoding } = opened;
    assert.deepEqual(header.shape, [12, 12, 6]);
    const voxels = encodedVoxels(encoding, 12 * 12 * 6);
    let answer = await worker.request('volume/piece', { handle });
    for (; answer.kind === 'voxels'; answer = await worker.request('volume/piece', { handle })) {
      unpackPiece(answer.piece, voxels, answer.piece.first * 12 * 12);
    }
    assert.deepEqual(answer.info, await worker.request('volume/info', { path }));
    assert.deepEqual(Float32Array.from(voxels), (await readVolume(path)).voxels);
    assert.equal(await worker.request('volume/slice', { handle, plane: 'axial', index: 3 }), null);
    await worker.request('volume/close', { handle });
    await assert.rejects(worker.request('volume/piece', { handle }), { code: 'volume-not-open' });
  });

  it("opens what a preset's model gets of a volume", async () => {
    const [path] = corpus.volumes;
    const rescale = { kind: 'auto' } as const;
    const { preset } = corpus;
    const request = { path, rescale, packs: false, preset, modelsFolder: corpus.modelsFolder };
    const { handle, header } = await worker.request('volume/openModelView', request);
    assert.deepEqual(header.shape, [8, 8, 4]);
    const answer = await worker.request('volume/piece', { handle });
    assert.equal(answer.kind, 'voxels');
    assert.equal((await worker.request('volume/piece', { handle })).kind, 'end');
    await worker.request('volume/close', { handle });
  });

  it('sends the middle slices of a volume, and keeps nothing of it', async () => {
    const [path] = corpus.volumes;
    const { slices, counts, info } = await worker.request('volume/middle', { path });
    assert.deepEqual(counts, [6, 12, 12]);
    assert.deepEqual(
      slices.map(({ plane, index }) => [plane, index]),
      [
        ['axial', 3],
        ['coronal', 6],
        ['sagittal', 6],
      ],
    );
    assert.deepEqual(slices[0], extractSlice(await readVolume(path), 'axial', 3));
    assert.deepEqual(info, await worker.request('volume/info', { path }));
  });

  it('counts what a question file holds', async () => {
    const paths = [corpus.train, corpus.valid];
    const counted = await worker.request('dataset/overview', { paths });
    assert.deepEqual(counted, await describeDatasets(paths));
    assert.ok(counted.files[0].facts.some(({ name, value }) => name === 'questions' && value > 0));
  });

  it('sends errors for users with their code and remedy, and lives on', async () => {
    const path = corpus.path('nothing.nii.gz');
    const request = { path, rescale: { kind: 'auto' }, packs: true } as const;
    await assert.rejects(worker.request('volume/open', request), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.code, /^volume-/);
      assert.notEqual(error.remedy, '');
      return true;
    });
    const presets = await worker.request('presets/list', { modelsFolder });
    assert.ok(presets.some(({ name }) => name === 'cnn3d-bert-small'));
  });

  it('sends a bug with its stack', async () => {
    const broken = { options: undefined } as unknown as ParamsOf<'dataset/build'>;
    await assert.rejects(worker.request('dataset/build', broken), (error) => {
      assert.ok(error instanceof Error && !(error instanceof UserError));
      assert.match(error.stack ?? '', /src[\\/]/);
      return true;
    });
  });

  it('trains with steps as events and progress, and stops when cancelled', async () => {
    const request = { ...corpus.training('a'), epochs: 500 };
    const cancellation = new AbortController();
    const events: TrainEvent[] = [];
    const progress: Progress[] = [];
    const training = worker.request('train', request, {
      signal: cancellation.signal,
      onProgress: (one) => progress.push(one),
      onEvent: (event) => {
        events.push(event);
        if (events.length === 3) {
          cancellation.abort();
        }
      },
    });
    await assert.rejects(training, CancelledError);
    assert.equal(events[0].kind, 'step');
    assert.ok(progress.some(({ stage }) => stage === 'Training'));
    assert.ok((await readdir(request.run)).includes('checkpoint.safetensors'));
    const [run] = await worker.request('runs/list', { folder: corpus.path('runs') });
    assert.equal(run.state, 'cancelled');
    assert.ok(run.step >= 3 && run.step < run.steps);
  });

  it('rejects at once what was cancelled before it was sent', async () => {
    const signal = AbortSignal.abort();
    await assert.rejects(worker.request('doctor', { modelsFolder }, { signal }), CancelledError);
  });
});

describe('the end of a worker process', () => {
  it('rejects every pending and every later request', async () => {
    const worker = startWorker();
    const pending = [
      worker.request('doctor', { modelsFolder }),
      worker.request('presets/list', { modelsFolder }),
    ];
    worker.kill();
    for (const request of pending) {
      await assert.rejects(request, { name: 'UserError', code: 'worker-ended' });
    }
    assert.deepEqual(await worker.ended, { code: null, signal: 'SIGKILL' });
    assert.equal(worker.alive, false);
    await assert.rejects(worker.request('presets/list', { modelsFolder }), {
      code: 'worker-ended',
    });
  });

  it('counts as cancelled for a request that was being cancelled', async () => {
    const worker = startWorker();
    const cancellation = new AbortController();
    const request = worker.request('doctor', { modelsFolder }, { signal: cancellation.signal });
    cancellation.abort();
    worker.kill();
    await assert.rejects(request, CancelledError);
  });

  it('follows the end of its parent’s channel', async () => {
    const main = join(__dirname, '..', '..', '..', 'src', 'worker', 'main.ts');
    const child = fork(main, [], {
      serialization: 'advanced',
      execArgv: ['--import', 'tsx'],
      silent: true,
    });
    const worker = new WorkerClient(child);
    await worker.request('presets/list', { modelsFolder });
    const exit = once(child, 'exit');
    child.disconnect();
    assert.equal((await exit)[0], 0);
  });
});
