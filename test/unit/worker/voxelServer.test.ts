import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { CancelledError } from '../../../src/core/errors';
import { FrameReader } from '../../../src/core/volume/voxelFrames';
import type { VoxelPiece } from '../../../src/core/volume/voxelPieces';
import { VoxelServer, type VoxelOffer } from '../../../src/worker/voxelServer';
import { never, offering } from './offering';

const sliceVoxels = 1 << 16;

function pieceAt(first: number): VoxelPiece {
  return { first, count: 2, voxels: new Int16Array(2 * sliceVoxels).fill(first - 7) };
}

async function* pieces(count: number): AsyncGenerator<VoxelPiece, void, undefined> {
  for (let n = 0; n < count; n++) {
    await turn();
    yield pieceAt(2 * n);
  }
}

/** An offer of pieces whose voxels are spoiled once they are said to be sent. */
function offerOf(given: AsyncIterable<VoxelPiece>): VoxelOffer {
  return {
    pieces: given,
    onSent: ({ voxels }) => {
      voxels.fill(12345);
    },
  };
}

async function answerOf(url: string, method = 'GET'): Promise<IncomingMessage> {
  const request = httpRequest(url, { method, agent: false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function statusOf(url: string, method = 'GET'): Promise<number | undefined> {
  const response = await answerOf(url, method);
  response.resume();
  return response.statusCode;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Whether somebody listens at `port`. */
async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isReached = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return isReached;
}

/** Waits until nobody listens there any more. */
async function whenClosed(url: string): Promise<void> {
  while (await isOpen(portOf(url))) {
    await turn();
  }
}

/** Passes answers on as code-server's proxy does: it tells neither side that the other broke off. */
async function proxyTo(target: string): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) => {
    httpRequest(target, { agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    })
      .on('error', () => undefined)
      .end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe('The server of voxels', () => {
  it('gives all pieces to who knows their address, and listens no longer then', async () => {
    const server = new VoxelServer();
    const offered = offering((tell) => server.serve(offerOf(pieces(20)), tell, never));
    const url = await offered.address;
    assert.match(url, /\/[0-9a-f]{64}$/);
    const response = await answerOf(url);
    assert.equal(response.headers['content-type'], 'application/x-ct-mcqa-voxels');
    assert.equal(response.headers['access-control-allow-origin'], undefined);
    const voxels = new Int16Array(40 * sliceVoxels);
    const firsts: number[] = [];
    const reader = new FrameReader(voxels, sliceVoxels, ({ first }) => firsts.push(first));
    for await (const bytes of response as AsyncIterable<Uint8Array>) {
      reader.push(bytes);
    }
    assert.ok(reader.isBetweenFrames);
    assert.deepEqual(
      firsts,
      [...Array(20).keys()].map((n) => 2 * n),
    );
    assert.ok(voxels.every((value, at) => value === 2 * Math.floor(at / 2 / sliceVoxels) - 7));
    assert.equal(await offered.sent, true);
    await whenClosed(url);
  });

  it('gives nothing twice, to a guess, or to another method', async () => {
    const server = new VoxelServer();
    const serve = (): ReturnType<typeof offering> =>
      offering((tell) => server.serve(offerOf(pieces(1)), tell, never));
    const [waiting, taken] = [serve(), serve()];
    const [url, used] = [await waiting.address, await taken.address];
    assert.equal(await statusOf(used), 200);
    for (const [wrong, method] of [
      [used],
      [new URL('/' + '0'.repeat(64), url).href],
      [new URL('/', url).href],
      [`${url}/`],
      [url, 'POST'],
      [url, 'HEAD'],
    ]) {
      assert.equal(await statusOf(wrong, method), 404);
    }
    // None of them used it up; what a proxy puts before it does not matter.
    assert.equal(await statusOf(url.replace(/\/(?=[0-9a-f]{64})/, '/proxy/8080/')), 200);
    assert.deepEqual(await Promise.all([waiting.sent, taken.sent]), [true, true]);
    await whenClosed(url);
  });

  it('listens no longer once nobody is to fetch, and again for the next', async () => {
    const server = new VoxelServer();
    const stop = new AbortController();
    const offered = offering((tell) => server.serve(offerOf(pieces(1)), tell, stop.signal));
    const url = await offered.address;
    assert.ok(await isOpen(portOf(url)));
    stop.abort();
    await assert.rejects(offered.sent, CancelledError);
    await whenClosed(url);
    const next = offering((tell) => server.serve(offerOf(pieces(1)), tell, never));
    assert.equal(await statusOf(await next.address), 200);
    await whenClosed(await next.address);
  });

  it('ends the answer where the pieces fail, also for who is behind a proxy', async () => {
    const failing = async function* (): AsyncGenerator<VoxelPiece, void, undefined> {
      yield* pieces(2);
      throw new Error('damaged');
    };
    const server = new VoxelServer();
    const offered = offering((tell) => server.serve(offerOf(failing()), tell, never));
    const proxy = await proxyTo(await offered.address);
    let bytes = 0;
    for await (const chunk of (await answerOf(proxy.url)) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
    }
    // The pieces before; whoever asks for the next one by message hears why.
    assert.equal(bytes, 2 * (16 + 2 * 2 * sliceVoxels));
    assert.equal(await offered.sent, true);
    await whenClosed(await offered.address);
    proxy.server.close();
  });

  describe('reads no further for who has left', () => {
    let given = 0;
    let isEnded = false;
    async function* endless(): AsyncGenerator<VoxelPiece, void, undefined> {
      given = 0;
      isEnded = false;
      try {
        for (;;) {
          await turn();
          given++;
          yield pieceAt(0);
        }
      } finally {
        isEnded = true;
      }
    }

    it('and tells that not all was sent', async () => {
      const server = new VoxelServer();
      const offered = offering((tell) => server.serve(offerOf(endless()), tell, never));
      const response = await answerOf(await offered.address);
      await once(response, 'readable');
      response.destroy();
      assert.equal(await offered.sent, false);
      assert.ok(isEnded);
      await whenClosed(await offered.address);
    });

    it('behind a proxy that does not tell, once it is cancelled', async () => {
      const server = new VoxelServer();
      const stop = new AbortController();
      const offered = offering((tell) => server.serve(offerOf(endless()), tell, stop.signal));
      const proxy = await proxyTo(await offered.address);
      const response = await answerOf(proxy.url);
      await once(response, 'readable');
      response.destroy();
      stop.abort();
      await assert.rejects(offered.sent, CancelledError);
      await whenClosed(await offered.address);
      while (!isEnded) {
        await turn();
      }
      proxy.server.close();
    });

    it('and waits for who does not read', async () => {
      const server = new VoxelServer();
      const stop = new AbortController();
      const offered = offering((tell) => server.serve(offerOf(endless()), tell, stop.signal));
      const response = await answerOf(await offered.address);
      // Until the buffers on the way are full: then nothing more is asked for.
      for (let same = 0; same < 1000;) {
        const before = given;
        await turn();
        same = given === before ? same + 1 : 0;
      }
      assert.ok(given > 0 && given < 1000);
      stop.abort();
      response.destroy();
      await whenClosed(await offered.address);
    });
  });
});
