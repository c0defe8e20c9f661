import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CancelledError, throwIfCancelled } from '../core/errors';
import { packedPiece } from '../core/volume/voxelCodec';
import { frameOf, framesType } from '../core/volume/voxelFrames';
import type { VoxelPiece } from '../core/volume/voxelPieces';
import type { VoxelAddress } from '../protocol/messages';

/** Pieces that somebody may fetch, once. */
export interface VoxelOffer {
  readonly pieces: AsyncIterable<VoxelPiece>;
  /** A piece is on its way: its voxels are not looked at any more. */
  readonly onSent: (piece: VoxelPiece) => void;
}

/** Over connections slower than this, packing takes less time than it saves. */
const slowBytesPerMs = 25_000;

/**
 * Gives voxels to pages of an editor that runs in a browser, whose messages are several times as
 * slow. It listens on this machine's own address, and only while a volume waits to be fetched or is
 * on its way; what it gives, it gives once, for an address that cannot be guessed.
 *
 * Proxies stand between it and a page that tell neither of the other's end: who offers hears of the
 * end here, and says so when the page has left.
 */
export class VoxelServer {
  /** Who waits to be fetched, by token. */
  private readonly waiting = new Map<string, (response: ServerResponse) => void>();
  private server: Promise<Server> | undefined;
  private underWay = 0;

  /**
   * Offers pieces at the address that `onAddress` is told. Resolves once there is no more to send:
   * true unless the connection broke. Pieces that fail end the answer early, as those that end do;
   * whoever asks for the next one is told why.
   *
   * @throws CancelledError once `signal` is aborted, with the connection
   */
  async serve(
    offer: VoxelOffer,
    onAddress: (address: VoxelAddress) => void,
    signal: AbortSignal,
  ): Promise<boolean> {
    const token = randomBytes(32).toString('hex');
    this.underWay++;
    try {
      this.server ??= this.listen();
      const { port } = (await this.server).address() as AddressInfo;
      throwIfCancelled(signal);
      const fetched = new Promise<ServerResponse>((resolve) => this.waiting.set(token, resolve));
      onAddress({ port, token });
      const response = await unlessAborted(fetched, signal);
      signal.addEventListener('abort', () => response.destroy(), { once: true });
      return await unlessAborted(sendPieces(offer, response), signal);
    } finally {
      this.waiting.delete(token);
      this.underWay--;
      this.closeWhenIdle();
    }
  }

  private async listen(): Promise<Server> {
    const server = createServer((request, response) => {
      this.answer(request, response);
    });
    try {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    } catch (error) {
      // The next offer may find room again.
      this.server = undefined;
      throw error;
    }
    server.on('error', (error) => {
      process.stderr.write(`The server of voxels: ${error.message}\n`);
    });
    return server;
  }

  private answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
    // Some proxies keep what they put before the path.
    const token = url.slice(url.lastIndexOf('/') + 1);
    const take = method === 'GET' ? this.waiting.get(token) : undefined;
    if (take === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.waiting.delete(token);
    take(response);
  }

  private closeWhenIdle(): void {
    if (this.underWay === 0) {
      const { server } = this;
      this.server = undefined;
      server?.then((listening) => listening.close()).catch(() => undefined);
    }
  }
}

/** The page, or what stands between, has left. */
class ConnectionBroke extends Error {}

/** Sends one piece while the next is read. False where the connection broke. */
async function sendPieces(
  { pieces, onSent }: VoxelOffer,
  response: ServerResponse,
): Promise<boolean> {
  response.writeHead(200, {
    'Content-Type': framesType,
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  response.flushHeaders();
  try {
    let sent = Promise.resolve(Infinity);
    for await (const piece of pieces) {
      const isSlow = (await sent) < slowBytesPerMs;
      sent = writeFrame(response, isSlow ? packedPiece(piece) : piece).then((bytesPerMs) => {
        onSent(piece);
        return bytesPerMs;
      });
      // Told when it is waited for.
      sent.catch(() => undefined);
    }
    await sent;
  } catch (error) {
    if (error instanceof ConnectionBroke) {
      return false;
    }
  }
  response.end();
  return true;
}

/** Resolves with how fast it went, bytes per ms. @throws ConnectionBroke */
async function writeFrame(
  response: ServerResponse,
  piece: Parameters<typeof frameOf>[0],
): Promise<number> {
  const begun = performance.now();
  const [head, voxels] = frameOf(piece);
  await new Promise<void>((resolve, reject) => {
    const broke = (): void => {
      reject(new ConnectionBroke());
    };
    // A write to a connection that is just closing is never answered.
    response.once('close', broke);
    if (response.destroyed) {
      broke();
    }
    response.cork();
    response.write(head);
    response.write(voxels, (error) => {
      response.off('close', broke);
      if (error) {
        broke();
      } else {
        resolve();
      }
    });
    response.uncork();
  });
  return voxels.length / Math.max(performance.now() - begun, 0.01);
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  throwIfCancelled(signal);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(new CancelledError());
    };
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
