import assert from 'node:assert/strict';
import { CancelledError } from '../../../src/core/errors';
import type { LoadRequest } from '../../../src/engine/volumeJobs';
import { VolumeThreads } from '../../../src/engine/volumeThreads';
import { tinyPreset } from './tinyCorpus';

/** A volume of one voxel, held in memory: nothing is read. */
function request(): LoadRequest {
  return {
    cache: { folder: 'none', profile: tinyPreset.volume, limit: 0 },
    path: 'none',
    key: 'none',
    held: { shape: [1, 1, 1, 1], data: Int16Array.of(32767) },
    target: new Float32Array(new SharedArrayBuffer(Float32Array.BYTES_PER_ELEMENT)),
  };
}

describe('threads for volumes', () => {
  it('do a job that comes in the moment an idle thread ends', async () => {
    const threads = new VolumeThreads(1, 1);
    await threads.run('load', request());
    // Comes after the thread's own timer, and before the news that it has ended.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const last = request();
    await threads.run('load', last);
    assert.equal(last.target[0], 1);
  });

  it('do the jobs that wait behind one that failed or was cancelled', async () => {
    const threads = new VolumeThreads(1, 1);
    const last = request();
    const [failed, cancelled, done] = await Promise.allSettled([
      threads.run('prepare', { cache: request().cache, path: 'none.nii' }),
      threads.run('load', request(), AbortSignal.abort()),
      threads.run('load', last),
    ]);
    assert.ok(failed.status === 'rejected' && String(failed.reason).includes('ENOENT'));
    assert.ok(cancelled.status === 'rejected' && cancelled.reason instanceof CancelledError);
    assert.equal(done.status, 'fulfilled');
    assert.equal(last.target[0], 1);
  });
});
