import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { UserError } from '../../../core/errors';
import type { Progress } from '../../../core/progress';
import type { OpenVolume } from '../../../protocol/messages';
import {
  packHu,
  type PreviewSlice,
  type PreviewVolume,
  type SliceAddress,
} from '../../../protocol/preview';
import type { WorkerPool } from '../../workers';

/** Errors after which the worker no longer knows the volume, though the file may be as it was. */
const lostCodes = new Set(['volume-not-open', 'worker-ended', 'worker-stopped']);

/**
 * One editor's hold on a volume in the worker. The volume is opened once for all who ask; a worker
 * that died meanwhile is asked to open it again.
 */
export class VolumeSession implements vscode.Disposable {
  private opened: Promise<OpenVolume> | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly workers: WorkerPool,
    private readonly uri: vscode.Uri,
    private readonly onProgress: (progress: Progress) => void,
  ) {}

  /** The open volume; with `again` the file is read anew. */
  async open(again: boolean): Promise<PreviewVolume> {
    const { header, info, slices } = await this.volume(again);
    return { fileName: basename(this.uri.path), header, info, slices };
  }

  async slice(address: SliceAddress, signal: AbortSignal): Promise<PreviewSlice> {
    const opened = this.volume(false);
    try {
      return await this.readSlice(await opened, address, signal);
    } catch (error) {
      if (!(error instanceof UserError && lostCodes.has(error.code))) {
        throw error;
      }
      // The first of several slices that fail together opens the volume for all of them.
      this.forget(opened);
      return this.readSlice(await this.volume(false), address, signal);
    }
  }

  dispose(): void {
    this.closing.abort();
    this.release();
  }

  private async readSlice(
    { handle }: OpenVolume,
    address: SliceAddress,
    signal: AbortSignal,
  ): Promise<PreviewSlice> {
    const slice = await this.workers.request('volume/slice', { handle, ...address }, { signal });
    return { ...slice, hu: packHu(slice.hu) };
  }

  private volume(again: boolean): Promise<OpenVolume> {
    if (again) {
      this.release();
    }
    if (this.opened === undefined) {
      const opened = this.read();
      this.opened = opened;
      opened.catch(() => {
        // What failed is tried anew when asked for the next time.
        this.forget(opened);
      });
    }
    return this.opened;
  }

  private forget(opened: Promise<OpenVolume>): void {
    if (this.opened === opened) {
      this.opened = undefined;
    }
  }

  private async read(): Promise<OpenVolume> {
    if (this.uri.scheme !== 'file') {
      throw new UserError(
        'volume-not-on-disk',
        `This volume is not a file on disk (${this.uri.scheme}).`,
        'Open it from a folder of this machine, or of the remote machine that this window is connected to.',
      );
    }
    return this.workers.request(
      'volume/open',
      { path: this.uri.fsPath },
      { onProgress: this.onProgress, signal: this.closing.signal },
    );
  }

  /** Lets the worker forget the volume. */
  private release(): void {
    this.opened
      ?.then(({ handle }) => this.workers.request('volume/close', { handle }))
      // A worker that is gone holds nothing, and one that failed to open has nothing to close.
      .catch(() => undefined);
    this.opened = undefined;
  }
}
