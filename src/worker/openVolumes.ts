import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { UserError } from '../core/errors';
import type { LongWork } from '../core/progress';
import type { Slice } from '../core/volume/slices';
import type { Plane, Volume } from '../core/volume/types';
import type { OpenVolume } from '../protocol/messages';

/** Voxels kept in memory together, bytes: three scans of 512 x 512 x 320 in float32. */
const memoryLimit = 3 * 512 * 512 * 320 * 4;

interface Entry {
  readonly path: string;
  /** Size and time of the file that was read: another file under the same name is read again. */
  identity: string;
  /** Absent after the voxels were let go, until the next slice is asked for. */
  volume?: Promise<Volume>;
  bytes: number;
}

/**
 * The volumes that viewers have open. The voxels of the least recently used are let go when memory
 * runs over the limit and read again when a slice is next asked for: a handle stays valid until
 * `close`.
 */
export class OpenVolumes {
  /** Least recently used first (a Map keeps insertion order). */
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly limit = memoryLimit) {}

  async open(path: string, work: LongWork): Promise<OpenVolume> {
    const handle = randomUUID();
    const entry: Entry = { path, identity: '', bytes: 0 };
    const volume = await this.load(entry, work);
    this.entries.set(handle, entry);
    this.letGo(handle);
    const { describeVolume } = await import('../core/volume/describe');
    const { sliceCount } = await import('../core/volume/slices');
    return {
      handle,
      header: volume.header,
      info: describeVolume(volume),
      slices: {
        axial: sliceCount(volume.header, 'axial'),
        coronal: sliceCount(volume.header, 'coronal'),
        sagittal: sliceCount(volume.header, 'sagittal'),
      },
    };
  }

  async slice(handle: string, plane: Plane, index: number, work: LongWork): Promise<Slice> {
    const entry = this.entries.get(handle);
    if (entry === undefined) {
      throw new UserError(
        'volume-not-open',
        'This volume is no longer open.',
        'Close the preview and open the file again.',
      );
    }
    this.entries.delete(handle);
    this.entries.set(handle, entry);
    // Not with the caller's signal: other slices may wait for the same voxels.
    const volume = await this.load(entry, { onProgress: work.onProgress });
    this.letGo(handle);
    const { extractSlice } = await import('../core/volume/slices');
    return extractSlice(volume, plane, index);
  }

  close(handle: string): void {
    this.entries.delete(handle);
  }

  /** How many volumes have their voxels in memory. */
  get held(): number {
    return [...this.entries.values()].filter((entry) => entry.volume !== undefined).length;
  }

  /** Reads the entry's file, once for all who wait for it. */
  private async load(entry: Entry, work: LongWork): Promise<Volume> {
    if (entry.volume === undefined) {
      entry.volume = readWhole(entry, work);
      entry.volume.catch(() => {
        entry.volume = undefined;
      });
    }
    return entry.volume;
  }

  /** Lets voxels go, the least recently used first, but never those of `keep`. */
  private letGo(keep: string): void {
    let bytes = [...this.entries.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [handle, entry] of this.entries) {
      if (bytes <= this.limit) {
        return;
      }
      // One that is still being read has no bytes to let go yet.
      if (handle !== keep && entry.bytes > 0) {
        bytes -= entry.bytes;
        entry.bytes = 0;
        entry.volume = undefined;
      }
    }
  }
}

async function readWhole(entry: Entry, work: LongWork): Promise<Volume> {
  const { readVolume } = await import('../core/volume/read');
  const identity = await fileIdentity(entry.path);
  if (entry.identity !== '' && entry.identity !== identity) {
    throw new UserError(
      'volume-changed',
      `${entry.path} has changed since it was opened.`,
      'Close the preview and open the file again.',
    );
  }
  const volume = await readVolume(entry.path, work);
  entry.identity = identity;
  entry.bytes = volume.voxels.byteLength;
  return volume;
}

/** Empty where the file cannot be looked at: reading it then says why. */
async function fileIdentity(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? '' : `${found.size}:${found.mtimeMs}`;
}
