import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { throwIfCancelled, UserError } from '../core/errors';
import { writeFileAtomically } from '../core/storage/atomicFile';
import { isWriteDenied } from '../core/storage/storageErrors';
import { volumePaths } from '../core/volume/content';
import { preprocessFile, profileFingerprint } from '../core/volume/preprocess';
import type { PreprocessingProfile } from '../core/volume/profile';
import type { ReadOptions } from '../core/volume/read';
import type { Rescale, RescaleChoice } from '../core/volume/rescale';
import { unitSteps } from '../core/volume/tensorPlan';
import { readSafetensors, writeSafetensors } from './safetensors';

/** A volume as the network sees it, 16 bits a value: value = data / 32767. */
export interface PreparedVolume {
  /** [1, depth, height, width], or what the profile makes. */
  readonly shape: readonly number[];
  readonly data: Int16Array;
}

/** What prepared volumes lie in a cache for, and how: enough to find, read and make one anywhere. */
export interface VolumeCacheSettings {
  readonly folder: string;
  readonly profile: PreprocessingProfile;
  /** Which slope and intercept make HU of the volumes; those of the files where absent. */
  readonly rescale?: RescaleChoice;
  /** Bytes that the entries may take. */
  readonly limit: number;
}

/** Raised when the form of an entry changes. */
const entryVersion = 2;
const entryEnding = '.safetensors';
/** Nobody writes to a temporary file for so long without touching it: its process was killed. */
const abandonedMs = 10 * 60_000;

/**
 * Prepared volumes on disk. An entry is named by the content of its file, by the fingerprint of its
 * preprocessing and by slope and intercept where a table gives them; beside the entries a note for each file (path, size, time) holds its content's
 * hash, so that a file which did not change is not read to find its entry, and one that was moved
 * or copied is found again. Entries are written whole or not at all and carry a checksum: any number
 * of processes may share the folder, and what is damaged counts as absent.
 */
export class VolumeCache {
  readonly fingerprint: string;

  constructor(private readonly settings: VolumeCacheSettings) {
    this.fingerprint = profileFingerprint(settings.profile, settings.rescale);
  }

  /**
   * The key of a volume's entry: of its content. Reads the whole file where there is no note of it.
   * @throws UserError `volume-format` for a name that is no volume's; the file system's own errors;
   *   CancelledError
   */
  async key(path: string, { rescale, ...work }: ReadOptions = {}): Promise<string> {
    const noted = await this.notedKey(path, rescale);
    if (noted !== undefined) {
      return noted;
    }
    // First: a file that is written to meanwhile must not be noted with the content it had before.
    const note = await this.note(path);
    const content = await contentHash(path, work.signal);
    await this.write(() => writeFileAtomically(note, content));
    return this.keyOf(content, rescale);
  }

  /** The key, where it is known without reading the file. */
  async notedKey(path: string, rescale?: Rescale): Promise<string | undefined> {
    try {
      const content = await readFile(await this.note(path), 'utf8');
      return /^[0-9a-f]{64}$/.test(content) ? this.keyOf(content, rescale) : undefined;
    } catch {
      return undefined;
    }
  }

  private keyOf(content: string, rescale?: Rescale): string {
    // That of the file, or none, is told by the fingerprint.
    const scaling = rescale?.kind === 'csv' ? [rescale.slope, rescale.intercept] : [];
    const meaning = [content, this.fingerprint, entryVersion, ...scaling].join('\0');
    return createHash('sha256').update(meaning).digest('hex');
  }

  private async note(path: string): Promise<string> {
    return this.place('files', await fileIdentity(path), '.txt');
  }

  /** Whether there is an entry; says that it is in use. */
  async has(key: string): Promise<boolean> {
    const now = new Date();
    return utimes(this.entry(key), now, now).then(
      () => true,
      () =>
        stat(this.entry(key)).then(
          ({ size }) => size > 0,
          () => false,
        ),
    );
  }

  /** The entry; undefined where there is none, or none that is sound. */
  async load(key: string): Promise<PreparedVolume | undefined> {
    try {
      const { tensors, metadata } = await readSafetensors(this.entry(key));
      // Read is used: another process that needs place takes what was not.
      await this.has(key);
      const { shape, data } = tensors.get('volume') ?? {};
      return shape !== undefined &&
        data instanceof Int16Array &&
        metadata.crc32 === String(checksum(data))
        ? { shape, data }
        : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Makes the entry of a volume from its file. @throws as {@link preprocessFile}; UserError
   * `volume-changed` where the file has other content than that of the key: an entry must never hold
   * another volume, and a run never go on with one
   */
  async make(
    path: string,
    key: string,
    options: ReadOptions,
  ): Promise<{ readonly volume: PreparedVolume; readonly isStored: boolean }> {
    const volume = await preprocessFile(path, this.settings.profile, Int16Array, options);
    if ((await this.key(path, options)) !== key) {
      throw volumeChanged(path);
    }
    const isStored = await this.write(() =>
      writeSafetensors(this.entry(key), {
        tensors: new Map([['volume', volume]]),
        metadata: { crc32: String(checksum(volume.data)), preprocessing: this.fingerprint },
      }),
    );
    return { volume, isStored };
  }

  /**
   * The entry; made anew from the volume's file where there is none, or none any more: other
   * processes may need its place. @throws as `make`
   */
  async loadOrMake(path: string, key: string, options: ReadOptions): Promise<PreparedVolume> {
    const found = await this.load(key);
    if (found !== undefined) {
      return found;
    }
    const { volume } = await this.make(path, key, options);
    await this.trim(new Set([key]));
    return volume;
  }

  /**
   * Removes what killed processes left behind and, least recently used first, entries beyond the
   * limit; never one of `inUse`. Whoever writes entries trims afterwards, so that the last of several
   * processes leaves no more than the limit.
   */
  async trim(inUse: ReadonlySet<string>): Promise<void> {
    const { limit } = this.settings;
    const files = await this.listed();
    const abandoned = Date.now() - abandonedMs;
    const kept = files.filter(({ path, used }) => !path.endsWith('.tmp') || used >= abandoned);
    const entries = kept.filter(({ path }) => path.endsWith(entryEnding));
    const names = new Set([...inUse].map((key) => this.entry(key)));
    let bytes = entries.reduce((sum, { size }) => sum + size, 0);
    const surplus = entries
      .sort((a, b) => a.used - b.used)
      .filter(({ path, size }) => {
        const goes = bytes > limit && !names.has(path);
        bytes -= goes ? size : 0;
        return goes;
      });
    for (const { path } of [...files.filter((file) => !kept.includes(file)), ...surplus]) {
      // Another process may have been quicker, or hold it open (Windows): the next trim sees to it.
      await rm(path, { force: true }).catch(() => undefined);
    }
  }

  private async listed(): Promise<{ path: string; size: number; used: number }[]> {
    const names = await readdir(this.settings.folder, { recursive: true }).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => name.endsWith(entryEnding) || name.endsWith('.tmp'))
        .map(async (name) => {
          const path = join(this.settings.folder, name);
          const entry = await stat(path).catch(() => undefined);
          return entry && { path, size: entry.size, used: entry.mtimeMs };
        }),
    );
    return found.filter((file) => file !== undefined);
  }

  /** False where nothing may be written: then there is no cache on disk, and the work goes on without. */
  private async write(write: () => Promise<void>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (!isWriteDenied(error)) {
        throw error;
      }
      return false;
    }
  }

  private entry(key: string): string {
    return this.place('volumes', key, entryEnding);
  }

  private place(kind: string, name: string, ending: string): string {
    return join(this.settings.folder, kind, name.slice(0, 2), `${name}${ending}`);
  }
}

/** Bytes of an entry: what a prepared volume of so many voxels takes on disk, the header aside. */
export function entryBytes(voxels: number): number {
  return voxels * Int16Array.BYTES_PER_ELEMENT;
}

/** Writes a prepared volume as float32 into `target` from `offset` on. */
export function copyVolume({ data }: PreparedVolume, target: Float32Array, offset: number): void {
  const scale = 1 / unitSteps;
  for (let i = 0, to = offset, count = data.length; i < count; i++, to++) {
    target[to] = data[i] * scale;
  }
}

function volumeChanged(path: string): UserError {
  return new UserError(
    'volume-changed',
    `${path} has other content than it had when it was prepared.`,
    'Bring the file back, or start again with the new one.',
  );
}

function checksum({ buffer, byteOffset, byteLength }: Int16Array): number {
  return crc32(new Uint8Array(buffer, byteOffset, byteLength));
}

/** Changes when a file, or one of a pair, is replaced or written to. */
async function fileIdentity(path: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of filesOf(path)) {
    const { size, mtimeMs } = await stat(file);
    hash.update([resolve(file), size, mtimeMs].join('\0'));
  }
  return hash.digest('hex');
}

async function contentHash(path: string, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for (const file of filesOf(path)) {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) {
      throwIfCancelled(signal);
      hash.update(piece as Uint8Array);
    }
  }
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  const { header, voxels } = volumePaths(path);
  return [...new Set([header, voxels])];
}
