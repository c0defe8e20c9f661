import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CancelledError, UserError } from '../../../src/core/errors';
import { savingStage, trainingStage } from '../../../src/core/progress';
import { WorkerPool, type WorkerRole } from '../../../src/extension/workers';
import { WorkerClient } from '../../../src/protocol/client';

/**
 * A worker that speaks JSON-RPC over its channel by hand: `volume/info` answers with its pid, or does
 * what the path says; it knows of no cancellation, unless the path is `save`: then it says that it
 * saves, or `step`: then it says at once that it trains. Both take longer than others may. A build
 * takes as long, the preview of one has no end.
 */
const stubbornWorker = `
let saving;
const answerLate = (id) => {
  setTimeout(() => process.send({ jsonrpc: '2.0', id, result: { pid: process.pid } }), 1300);
};
const report = (work, stage) => {
  const progress = { stage, done: 0, total: 1 };
  process.send({ jsonrpc: '2.0', method: 'work/progress', params: { work, progress } });
};
process.on('disconnect', () => process.exit());
process.on('message', ({ id, method, params }) => {
  if (method === '$/cancelRequest' && saving?.id === params.id) {
    report(saving.work, '${savingStage}');
    answerLate(saving.id);
  }
  if (method === 'dataset/build') answerLate(id);
  if (method !== 'volume/info' && method !== 'runs/list') return;
  const path = params.params.path;
  if (path === 'die') process.exit(3);
  if (path === 'hang') return;
  if (path === 'save') {
    saving = { id, work: params.work };
    return;
  }
  if (path === 'step') {
    report(params.work, '${trainingStage}');
    answerLate(id);
    return;
  }
  process.send({ jsonrpc: '2.0', id, result: { pid: process.pid } });
});
`;

describe('WorkerPool', () => {
  let folder: string;
  let pool: WorkerPool;
  let unexpectedEnds: WorkerRole[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-workers-'));
    await writeFile(join(folder, 'worker.js'), stubbornWorker);
  });
  after(() => rm(folder, { recursive: true }));

  beforeEach(() => {
    unexpectedEnds = [];
    pool = new WorkerPool({
      workerPath: join(folder, 'worker.js'),
      log: { info: () => undefined, error: () => undefined },
      onUnexpectedEnd: (role) => unexpectedEnds.push(role),
    });
  });
  afterEach(() => {
    pool.dispose();
  });

  const info = async (path: string, signal?: AbortSignal): Promise<number> => {
    const answer: unknown = await pool.request(
      'volume/info',
      { path },
      { ...(signal && { signal }) },
    );
    return (answer as { pid: number }).pid;
  };

  it('starts a process at the first request, one a role, and keeps it', async () => {
    assert.deepEqual(pool.pids(), {});
    const pid = await info('a');
    assert.equal(await info('b'), pid);
    assert.deepEqual(pool.pids(), { volumes: pid });
    await pool.request('runs/list', { folder: 'c' });
    assert.deepEqual(Object.keys(pool.pids()).sort(), ['models', 'volumes']);
    assert.notEqual(pool.pids().models, pid);
  });

  it('tells once when a process dies, rejects what it was doing, and starts another', async () => {
    const first = await info('a');
    const requests = await Promise.allSettled([info('hang'), info('hang'), info('die')]);
    for (const request of requests) {
      assert.ok(request.status === 'rejected' && request.reason instanceof UserError);
      assert.equal(request.reason.code, 'worker-ended');
    }
    assert.deepEqual(unexpectedEnds, ['volumes']);
    assert.notEqual(await info('b'), first);
  });

  it('kills a process that does not stop when told to, and says so to others only', async () => {
    const first = await info('a');
    const stop = new AbortController();
    const cancelled = assert.rejects(info('hang', stop.signal), CancelledError);
    const bystander = assert.rejects(info('hang'), { code: 'worker-stopped' });
    stop.abort();
    await Promise.all([cancelled, bystander]);
    assert.deepEqual(unexpectedEnds, []);
    assert.notEqual(await info('b'), first);
  });

  it('builds on while the preview of a build is stopped by force', async () => {
    const request = { options: { reports: '', images: '', out: '' }, modelsFolder: '' };
    const build = pool.request('dataset/build', request);
    const stop = new AbortController();
    const preview = pool.request('dataset/previewBuild', request, { signal: stop.signal });
    stop.abort();
    await assert.rejects(preview, CancelledError);
    assert.deepEqual(Object.keys(pool.pids()), ['data']);
    const answer: unknown = await build;
    assert.deepEqual(answer, { pid: pool.pids().data });
  });

  it('waits for a process that saves what was learnt', async () => {
    const pid = await info('a');
    const stop = new AbortController();
    const saved = info('save', stop.signal);
    // In the order of the channel: once this is answered, the request before it has arrived.
    await info('b');
    stop.abort();
    assert.equal(await saved, pid);
    assert.equal(await info('c'), pid);
  });

  it('waits for a training to end its step', async () => {
    const stop = new AbortController();
    const step = info('step', stop.signal);
    const pid = await info('b');
    stop.abort();
    assert.equal(await step, pid);
  });

  it('leaves no process running that it can no longer speak with', async () => {
    const child = fork(join(folder, 'worker.js'), { serialization: 'advanced' });
    const client = new WorkerClient(child);
    // Not `once` of node:events, which takes the error for its own.
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.emit('error', new Error('the channel broke'));
    assert.equal(client.alive, false);
    await exit;
    assert.equal(child.signalCode, 'SIGKILL');
  });

  it('ends its processes when disposed, and starts no more', async () => {
    const pid = await info('a');
    const hanging = assert.rejects(info('hang'), { code: 'worker-stopped' });
    pool.dispose();
    await hanging;
    await assert.rejects(info('b'), { code: 'worker-stopped' });
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.deepEqual(unexpectedEnds, []);
  });
});
