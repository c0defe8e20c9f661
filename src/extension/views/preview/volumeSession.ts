import type * as vscode from 'vscode';
import { CancelledError } from '../../../core/errors';
import type { OpenVolume, ResultOf, VoxelAddress } from '../../../protocol/messages';
import { packHu, type PreviewSlice, type SliceAddress } from '../../../protocol/preview';
import type { WorkerPool } from '../../workers';

/** Pieces on their way past the messages. */
interface Streaming {
  readonly sent: Promise<boolean>;
  readonly stop: AbortController;
}

/** A page's hold on one volume in the worker, which is opened once for all that ask. */
export class VolumeSession implements vscode.Disposable {
  private opened: Promise<OpenVolume> | undefined;
  /** Read while the page is still on its way. */
  private firstPiece: Promise<ResultOf<'volume/piece'>> | undefined;
  /** Whether pieces of it were taken: they are given once. */
  private isBegun = false;
  private streaming: Streaming | undefined;
  /** Ends the opening that is under way. */
  private closing = new AbortController();

  constructor(
    private readonly workers: WorkerPool,
    private readonly request: (signal: AbortSignal) => Promise<OpenVolume>,
  ) {}

  /** The open volume, from its beginning; with `again` as the file is now. */
  open(again: boolean): Promise<OpenVolume> {
    if (again || this.isBegun) {
      this.release();
    }
    if (this.opened === undefined) {
      const opened = this.request(this.closing.signal);
      this.opened = opened;
      this.firstPiece = opened.then((volume) => {
        if (this.opened !== opened) {
          throw new CancelledError();
        }
        return this.nextPiece(volume);
      });
      // Told when it is asked for.
      this.firstPiece.catch(() => undefined);
      opened.catch(() => {
        // What failed is tried anew when asked for the next time.
        if (this.opened === opened) {
          this.opened = undefined;
        }
      });
    }
    return this.opened;
  }

  /** The next piece of the volume that {@link open} gave last. */
  async piece(): Promise<ResultOf<'volume/piece'>> {
    if (this.opened === undefined) {
      throw new CancelledError();
    }
    this.isBegun = true;
    const { firstPiece } = this;
    this.firstPiece = undefined;
    return firstPiece ?? this.nextPiece(await this.opened);
  }

  /** Where the pieces that come after the first can be fetched, once, on this machine. */
  async stream(): Promise<VoxelAddress> {
    const { opened, closing } = this;
    if (opened === undefined) {
      throw new CancelledError();
    }
    this.isBegun = true;
    const { handle } = await opened;
    const stop = new AbortController();
    const signal = AbortSignal.any([closing.signal, stop.signal]);
    return new Promise((resolve, reject) => {
      const work = { signal, onEvent: resolve };
      const sent = this.workers.request('volume/stream', { handle }, work);
      sent.catch(reject);
      this.streaming = { sent, stop };
    });
  }

  /** Whether all pieces were sent that {@link stream} offered; aborting `signal` ends that. */
  async streamed(signal: AbortSignal): Promise<boolean> {
    const { streaming } = this;
    if (streaming === undefined) {
      throw new CancelledError();
    }
    const stop = (): void => {
      streaming.stop.abort();
    };
    signal.addEventListener('abort', stop, { once: true });
    return streaming.sent.finally(() => {
      signal.removeEventListener('abort', stop);
    });
  }

  stopStreaming(): void {
    this.streaming?.stop.abort();
  }

  private nextPiece({ handle }: OpenVolume): Promise<ResultOf<'volume/piece'>> {
    return this.workers.request('volume/piece', { handle });
  }

  /** A slice in full resolution of a volume shown by a proxy; null where there is none yet. */
  async slice(
    { plane, index }: Omit<SliceAddress, 'source'>,
    signal: AbortSignal,
  ): Promise<PreviewSlice | null> {
    const { handle } = await (this.opened ?? this.open(false));
    const slice = await this.workers.request('volume/slice', { handle, plane, index }, { signal });
    return slice && { ...slice, hu: packHu(slice.hu) };
  }

  /** Lets the worker forget the volume. */
  private release(): void {
    this.opened
      ?.then(({ handle }) => this.workers.request('volume/close', { handle }))
      // A worker that is gone holds nothing, and one that failed to open has nothing to close.
      .catch(() => undefined);
    this.closing.abort();
    this.closing = new AbortController();
    this.opened = undefined;
    this.firstPiece = undefined;
    this.isBegun = false;
  }

  dispose(): void {
    this.release();
  }
}
