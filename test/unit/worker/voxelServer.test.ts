import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { FrameReader } from '../../../src/core/volume/voxelFrames';
import type { VoxelPiece } from '../../../src/core/volume/voxelPieces';
import type { VoxelAddress } from '../../../src/protocol/messages';
import { VoxelServer, type VoxelOffer } from '../../../src/worker/voxelServer';

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
function offerOf(pieces: AsyncIterable<VoxelPiece>): VoxelOffer {
  return {
    pieces,
    onSent: ({ voxels }) => {
      voxels.fill(12345);
    },
  };
}

function address({ port, token }: VoxelAddress): string {
  return `http://127.0.0.1:${port}/${token}`;
}

async function answerOf(url: string, method = 'GET'): Promise<IncomingMessage> {
  const request = httpRequest(url, { method, agent: false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
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
async function whenClosed(port: number): Promise<void> {
  while (await isOpen(port)) {
    await turn();
  }
}

describe('The server of voxels', () => {
  it('gives all pieces to who knows their address, and listens no longer then', async () => {
    const server = new VoxelServer();
    const offered = await server.offer(offerOf(pieces(20)));
    assert.match(offered.token, /^[0-9a-f]{64}$/);
    const response = await answerOf(address(offered));
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
    await whenClosed(offered.port);
  });

  it('gives nothing twice, to a guess, or to another method', async () => {
    const server = new VoxelServer();
    const waiting = await server.offer(offerOf(pieces(1)));
    const taken = await server.offer(offerOf(pieces(1)));
    (await answerOf(address(taken))).resume();
    for (const [url, method] of [
      [address(taken)],
      [address({ ...taken, token: '0'.repeat(64) })],
      [address({ ...taken, token: '' })],
      [address({ ...waiting, token: `${waiting.token}/` })],
      [address(waiting), 'POST'],
      [address(waiting), 'HEAD'],
    ]) {
      const refused = await answerOf(url, method);
      assert.equal(refused.statusCode, 404);
      refused.resume();
    }
    // None of them used it up.
    const response = await answerOf(address(waiting));
    assert.equal(response.statusCode, 200);
    response.resume();
    await whenClosed(waiting.port);
  });

  it('listens on this machine alone, and not before there is something to fetch', async () => {
    const server = new VoxelServer();
    const offered = await server.offer(offerOf(pieces(1)));
    assert.ok(await isOpen(offered.port));
    server.withdraw(offered.token);
    await whenClosed(offered.port);
    const next = await server.offer(offerOf(pieces(1)));
    (await answerOf(address(next))).resume();
    await whenClosed(next.port);
  });

  it('breaks the connection where the pieces fail: what came is not taken for all of it', async () => {
    const failing = async function* (): AsyncGenerator<VoxelPiece, void, undefined> {
      yield* pieces(2);
      throw new Error('damaged');
    };
    const server = new VoxelServer();
    const offered = await server.offer(offerOf(failing()));
    const response = await answerOf(address(offered));
    await assert.rejects(async () => {
      for await (const bytes of response as AsyncIterable<Uint8Array>) {
        assert.ok(bytes);
      }
    });
    await whenClosed(offered.port);
  });

  it('reads no further for who has left', async () => {
    let given = 0;
    let isEnded = false;
    const endless = async function* (): AsyncGenerator<VoxelPiece, void, undefined> {
      try {
        for (;;) {
          await turn();
          given++;
          yield pieceAt(0);
        }
      } finally {
        isEnded = true;
      }
    };
    const server = new VoxelServer();
    const offered = await server.offer(offerOf(endless()));
    const request = get(address(offered), { agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'readable');
    // Nobody reads: what is given is what connections hold, not the whole.
    const before = given;
    response.destroy();
    await whenClosed(offered.port);
    assert.ok(isEnded);
    assert.ok(before < 1000);
  });
});
