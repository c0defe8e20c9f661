import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import './fakeVscode';
import { CancelledError } from '../../../src/core/errors';
import { sentence } from '../../../src/core/sentence';
import { PictureCache } from '../../../src/extension/views/questionCard/cardPictures';
import type { WorkerPool } from '../../../src/extension/workers';
import type { MiddleSlices } from '../../../src/protocol/messages';
import { temporaryFolder } from '../dataset/fixtures';

interface Request {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly answer: (middle: MiddleSlices) => void;
}

/** A worker that answers when the test says so. */
function fakeWorkers(): { requests: Request[]; workers: Pick<WorkerPool, 'request'> } {
  const requests: Request[] = [];
  const request = (
    _method: string,
    { path }: { path: string },
    { signal }: { signal: AbortSignal },
  ): Promise<MiddleSlices> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new CancelledError());
      });
      requests.push({ path, signal, answer: resolve });
    });
  return { requests, workers: { request } };
}

function middle(info: object = {}): MiddleSlices {
  const slice = { plane: 'axial', index: 3, width: 2, height: 1, pixelMm: [1, 2] };
  return {
    header: { axcodes: 'LPS' },
    info: { min: -1000, max: 3000, hu_source: 'stored', ...info },
    notes: 'note' in info ? [sentence`${String(info.note)}`] : [],
    slices: [{ ...slice, hu: Float32Array.of(-1000, 40) }],
    counts: [7],
  } as unknown as MiddleSlices;
}

/** Resolves once somebody waits for the signal. */
function listenedTo(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const listen = signal.addEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof listen>) => {
      listen(...given);
      resolve();
    };
  });
}

describe('The pictures of the question card', () => {
  const folder = temporaryFolder();
  const never = new AbortController().signal;

  async function begun(requests: readonly Request[], count: number): Promise<void> {
    while (requests.length < count) {
      await turn();
    }
  }

  it('are read once for all who ask, packed, and kept until the file changes', async () => {
    const path = await folder.write('a.nii', 'one');
    const { requests, workers } = fakeWorkers();
    const cache = new PictureCache(workers);
    const asked = [cache.of(path, never), cache.of(path, never)];
    await begun(requests, 1);
    requests[0].answer(middle());
    const [first, second] = await Promise.all(asked);
    assert.equal(first, second);
    assert.ok(first.slices[0].hu instanceof Int16Array);
    assert.equal(first.fullRange, undefined);
    assert.equal(await cache.of(path, never), first);
    assert.equal(requests.length, 1);

    await folder.write('a.nii', 'another');
    const anew = cache.of(path, never);
    await begun(requests, 2);
    requests[1].answer(middle({ hu_source: 'uncertain', note: 'Odd.' }));
    const { fullRange, note } = await anew;
    assert.deepEqual([fullRange, note], [{ level: 1000, width: 4000 }, 'Odd.']);
  });

  it('are read on while anybody waits, and not beyond', async () => {
    const path = await folder.write('a.nii', 'one');
    const { requests, workers } = fakeWorkers();
    const cache = new PictureCache(workers);
    const [one, other] = [new AbortController(), new AbortController()];
    const joined = Promise.all([one, other].map(({ signal }) => listenedTo(signal)));
    const asked = [cache.of(path, one.signal), cache.of(path, other.signal)];
    await joined;
    one.abort();
    assert.equal(requests[0].signal.aborted, false);
    other.abort();
    assert.equal(requests[0].signal.aborted, true);
    for (const answer of asked) {
      await assert.rejects(answer, CancelledError);
    }
    const again = cache.of(path, never);
    await begun(requests, 2);
    requests[1].answer(middle());
    assert.deepEqual((await again).counts, [7]);
  });

  it('are not read for those who left before it began', async () => {
    const path = await folder.write('a.nii', 'one');
    const { requests, workers } = fakeWorkers();
    await assert.rejects(new PictureCache(workers).of(path, AbortSignal.abort()), CancelledError);
    assert.equal(requests.length, 0);
  });
});
