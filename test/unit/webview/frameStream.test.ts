import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../../src/core/errors';
import { fetchedFrames } from '../../../src/webview/preview/frameStream';

const voxels = { 'Content-Type': 'application/x-ct-mcqa-voxels' };
const never = new AbortController().signal;

describe('What the preview fetches', () => {
  let server: Server | undefined;
  let origin = '';

  /** The address of a server that answers like this, which is the page's own. */
  async function served(answer: RequestListener): Promise<string> {
    server = createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return `${origin}/proxy/1/token`;
  }

  /** The host's side: what it tells of the end, and whether it was told to end. */
  function host(address: string | null) {
    let resolve: (isAll: boolean) => void = () => undefined;
    let reject: (error: Error) => void = () => undefined;
    const told = new Promise<boolean>((...settle) => {
      [resolve, reject] = settle;
    });
    let until = never;
    const calls = {
      origin,
      address: () => Promise.resolve(address),
      sent: (given: AbortSignal) => {
        until = given;
        return told;
      },
    };
    return { calls, resolve, reject, isStopped: () => until.aborted };
  }

  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  it('are the bytes at its address, whichever reader a browser has', async () => {
    const body = Buffer.alloc(3_000_001, 'abc');
    const address = await served((_, response) => response.writeHead(200, voxels).end(body));
    const getReader = Reflect.get(ReadableStream.prototype, 'getReader') as (
      this: unknown,
      options?: object,
    ) => unknown;
    for (const hasByob of [true, false]) {
      ReadableStream.prototype.getReader = function (this: unknown, options?: object) {
        if (!hasByob && options !== undefined) {
          throw new TypeError('no such reader');
        }
        return getReader.call(this, options);
      } as typeof ReadableStream.prototype.getReader;
      const { calls } = host(address);
      const found: Buffer[] = [];
      for await (const bytes of (await fetchedFrames(calls, never)) ?? []) {
        // Its buffer is used again.
        found.push(Buffer.from(bytes));
      }
      assert.ok(Buffer.concat(found).equals(body));
    }
    ReadableStream.prototype.getReader = getReader as typeof ReadableStream.prototype.getReader;
  });

  it('are none where there is no address, it is elsewhere, or a proxy refuses', async () => {
    assert.equal(await fetchedFrames(host(null).calls, never), null);
    for (const status of [401, 403, 404]) {
      const address = await served((_, response) => response.writeHead(status).end('No.'));
      for (const each of [address, 'http://127.0.0.1:1/token', 'no address']) {
        const { calls, isStopped } = host(each);
        assert.equal(await fetchedFrames(calls, never), null);
        assert.ok(isStopped());
      }
      server?.close();
    }
  });

  it('fail where something else answers: what was offered may be lost', async () => {
    for (const [status, type] of [
      [200, 'text/html'],
      [500, 'text/plain'],
      [504, 'text/plain'],
    ] as const) {
      const address = await served((_, response) =>
        response.writeHead(status, { 'Content-Type': type }).end('?'),
      );
      const { calls, isStopped } = host(address);
      await assert.rejects(fetchedFrames(calls, never), new RegExp(String(status)));
      assert.ok(isStopped());
      server?.close();
    }
  });

  it('fail where the host tells that the rest does not come, which a proxy does not', async () => {
    const lost = new UserError('worker-ended', 'The worker ended.', 'Try again.');
    for (const end of ['broken', 'lost', 'left'] as const) {
      const address = await served((_, response) => {
        response.writeHead(200, voxels).write(Buffer.alloc(10));
      });
      const { calls, resolve, reject } = host(address);
      const leaving = new AbortController();
      const frames = await fetchedFrames(calls, leaving.signal);
      assert.ok(frames);
      const reading = (async () => {
        for await (const bytes of frames) {
          assert.fail(`${bytes.length} bytes`);
        }
      })();
      if (end === 'broken') {
        resolve(false);
        await assert.rejects(reading, /broke/);
      } else if (end === 'lost') {
        reject(lost);
        await assert.rejects(reading, lost);
      } else {
        leaving.abort();
        await assert.rejects(reading, { name: 'AbortError' });
      }
      server?.closeAllConnections();
      server?.close();
    }
  });
});
