import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { CancelledError, UserError } from '../../../src/core/errors';
import { VolumeSession } from '../../../src/extension/views/preview/volumeSession';
import type { WorkerPool } from '../../../src/extension/workers';
import type { RequestWork } from '../../../src/protocol/client';
import type { OpenVolume } from '../../../src/protocol/messages';
import { phantom } from '../volume/phantom';

const { header } = phantom([2, 2, 2], () => 0);

function opened(handle: string): OpenVolume {
  return { handle, header, encoding: { type: 'int16', slope: 1, intercept: 0 } };
}

describe("A page's hold on a volume", () => {
  function underTest() {
    /** What the worker was asked for. */
    const asked: string[] = [];
    const answers: { resolve: (volume: OpenVolume) => void; reject: (error: Error) => void }[] = [];
    const signals: AbortSignal[] = [];
    /** Ends the streams that were begun. */
    const streams: ((isAll: boolean) => void)[] = [];
    const workers = {
      request: (
        method: string,
        params: { handle: string },
        work?: RequestWork<'volume/stream'>,
      ) => {
        asked.push(`${method} ${params.handle}`);
        if (method === 'volume/stream') {
          work?.onEvent?.({ port: 1, token: params.handle });
          return new Promise((resolve, reject) => {
            work?.signal?.addEventListener('abort', () => {
              reject(new CancelledError());
            });
            streams.push(resolve);
          });
        }
        const hu = Float32Array.of(1, 2, 3, 4);
        const slice = { plane: 'axial', index: 0, width: 2, height: 2, hu, pixelMm: [1, 1] };
        return Promise.resolve(method === 'volume/slice' ? slice : { kind: 'end' });
      },
    } as unknown as WorkerPool;
    const session = new VolumeSession(workers, (signal) => {
      signals.push(signal);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    });
    /** Opens the volume that the worker calls `handle`. */
    const open = async (handle: string, again = false): Promise<OpenVolume> => {
      const volume = session.open(again);
      answers.at(-1)?.resolve(opened(handle));
      return volume;
    };
    return { session, asked, answers, signals, streams, open };
  }

  it('opens once for all that ask before it is read', async () => {
    const { session, answers, open } = underTest();
    const first = session.open(false);
    const second = await open('a');
    assert.equal(await first, second);
    assert.equal(answers.length, 1);
  });

  it('asks for pieces of the volume that was opened last, the first before the page does', async () => {
    const { session, asked, open } = underTest();
    await open('a');
    await open('b', true);
    await turn();
    const first = ['volume/piece a', 'volume/close a', 'volume/piece b'];
    assert.deepEqual(asked, first);
    await session.piece();
    assert.deepEqual(asked, first);
    await session.piece();
    assert.deepEqual(asked, [...first, 'volume/piece b']);
  });

  it('closes what was opened before, also when that was still under way', async () => {
    const { session, answers, asked, signals } = underTest();
    const first = session.open(false);
    const second = session.open(true);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    );
    answers[1].resolve(opened('b'));
    assert.equal((await second).handle, 'b');
    assert.deepEqual(asked, ['volume/piece b']);
    answers[0].resolve(opened('a'));
    await first;
    await turn();
    assert.deepEqual(asked, ['volume/piece b', 'volume/close a']);
  });

  it('says where the rest can be fetched, which begins it as a piece does, and when it was', async () => {
    const { session, asked, streams, open } = underTest();
    const { signal } = new AbortController();
    await assert.rejects(session.stream(), CancelledError);
    await assert.rejects(session.streamed(signal), CancelledError);
    await open('a');
    assert.deepEqual(await session.stream(), { port: 1, token: 'a' });
    const sent = session.streamed(signal);
    streams[0](true);
    assert.equal(await sent, true);
    await open('b');
    assert.deepEqual(asked, [
      'volume/piece a',
      'volume/stream a',
      'volume/close a',
      'volume/piece b',
    ]);
  });

  it('ends what is fetched when the page wants no more of it, or another opening replaces it', async () => {
    const { session, open } = underTest();
    await open('a');
    await session.stream();
    const page = new AbortController();
    const left = session.streamed(page.signal);
    page.abort();
    await assert.rejects(left, CancelledError);
    await session.stream();
    const replaced = session.streamed(new AbortController().signal);
    void open('b', true);
    await assert.rejects(replaced, CancelledError);
  });

  it('begins anew for a page that lost what it had been given', async () => {
    const { session, asked, open } = underTest();
    await open('a');
    await session.piece();
    assert.equal((await open('b')).handle, 'b');
    await session.piece();
    assert.deepEqual(asked, ['volume/piece a', 'volume/close a', 'volume/piece b']);
  });

  it('gives slices of the volume whose pieces are being read, 16-bit where they can be', async () => {
    const { session, asked, answers, open } = underTest();
    await open('a');
    await session.piece();
    const { signal } = new AbortController();
    const slice = await session.slice({ plane: 'axial', index: 0 }, signal);
    assert.deepEqual(slice?.hu, Int16Array.of(1, 2, 3, 4));
    assert.deepEqual(asked, ['volume/piece a', 'volume/slice a']);
    assert.equal(answers.length, 1);
  });

  it('tries again what failed', async () => {
    const { session, answers, asked, open } = underTest();
    const failed = session.open(false);
    answers[0].reject(new UserError('volume-missing', 'No such file.', 'Look for it.'));
    await assert.rejects(failed, { code: 'volume-missing' });
    assert.equal((await open('b')).handle, 'b');
    assert.deepEqual(asked, ['volume/piece b']);
  });

  it('gives no piece of what was never opened or is closed', async () => {
    const { session, asked, signals, open } = underTest();
    await assert.rejects(session.piece(), CancelledError);
    await open('a');
    session.dispose();
    assert.equal(signals[0].aborted, true);
    await assert.rejects(session.piece(), CancelledError);
    await turn();
    assert.deepEqual(asked, ['volume/piece a', 'volume/close a']);
  });
});
