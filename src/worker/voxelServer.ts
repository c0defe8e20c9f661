import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { packedPiece } from '../core/volume/voxelCodec';
import { frameOf } from '../core/volume/voxelFrames';
import type { VoxelPiece } from '../core/volume/voxelPieces';
import type { VoxelAddress } from '../protocol/messages';

/** Pieces that somebody may fetch. */
export interface VoxelOffer {
  readonly pieces: AsyncIterable<VoxelPiece>;
  /** A piece is on its way: its voxels are not looked at any more. */
  readonly onSent: (piece: VoxelPiece) => void;
}

/** Over connections slower than this, packing takes less time than it saves. Bytes a millisecond. */
const slow = 25_000;

/**
 * Gives voxels to pages of an editor that runs in a browser, whose messages are several times as
 * slow. It listens on this machine's own address, and only while a volume waits to be fetched or is
 * on its way; what it gives, it gives once, for an address that cannot be guessed.
 */
export class VoxelServer {
  private readonly offers = new Map<string, VoxelOffer>();
  private server: Promise<Server> | undefined;
  private underWay = 0;

  /** Where `offer` can be fetched. */
  async offer(offer: VoxelOffer): Promise<VoxelAddress> {
    const token = randomBytes(32).toString('hex');
    this.offers.set(token, offer);
    try {
      const server = await (this.server ??= listening((...exchange) => this.answer(...exchange)));
      return { port: (server.address() as AddressInfo).port, token };
    } catch (error) {
      this.withdraw(token);
      throw error;
    }
  }

  /** Takes back what nobody has fetched yet. */
  withdraw(token: string): void {
    this.offers.delete(token);
    this.rest();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = request.url?.slice(1) ?? '';
    const offer = request.method === 'GET' ? this.offers.get(token) : undefined;
    if (offer === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.offers.delete(token);
    this.underWay++;
    try {
      await give(offer, response);
    } catch {
      // The page hears why when it asks for the next piece by message.
      response.destroy();
    } finally {
      this.underWay--;
      this.rest();
    }
  }

  /** Stops listening where nothing waits and nothing is under way. */
  private rest(): void {
    if (this.offers.size === 0 && this.underWay === 0) {
      const { server } = this;
      this.server = undefined;
      server?.then((known) => known.close()).catch(() => undefined);
    }
  }
}

async function listening(
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Server> {
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** One piece is read while the one before it is on its way. */
async function give({ pieces, onSent }: VoxelOffer, response: ServerResponse): Promise<void> {
  response.writeHead(200, {
    'Content-Type': 'application/x-ct-mcqa-voxels',
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
  });
  let sent = Promise.resolve(0);
  for await (const piece of pieces) {
    const lastMs = await sent;
    const isSlow = piece.voxels.byteLength < lastMs * slow;
    sent = send(response, frameOf(isSlow ? packedPiece(piece) : piece)).then((ms) => {
      onSent(piece);
      return ms;
    });
    // Told when it is waited for.
    sent.catch(() => undefined);
  }
  await sent;
  response.end();
}

/** How long it takes until all is on its way, ms. Fails where the page has left. */
async function send(response: ServerResponse, parts: readonly Uint8Array[]): Promise<number> {
  const begun = performance.now();
  response.cork();
  parts.slice(0, -1).forEach((part) => response.write(part));
  await new Promise<void>((resolve, reject) => {
    response.write(parts[parts.length - 1], (error) => {
      if (error) {
        reject(error);
      } else {
        resolve();
      }
    });
    response.uncork();
  });
  return performance.now() - begun;
}
