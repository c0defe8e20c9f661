import { createHash } from 'node:crypto';
import { access, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CancelledError, messageOf, throwIfCancelled, UserError } from '../core/errors';
import type { LongWork } from '../core/progress';
import { preprocess, profileFingerprint } from '../core/volume/preprocess';
import type { PreprocessingProfile } from '../core/volume/profile';
import { readVolume, readVolumeHeader } from '../core/volume/read';
import { usableMemory } from './memory';
import { readSafetensors, writeSafetensors } from './safetensors';
import { isWriteDenied } from '../core/storage/storageErrors';

/** A volume as the network sees it, 16 bits a value: value = data * scale. */
export interface PreparedVolume {
  /** [1, depth, height, width], or what the profile makes. */
  readonly shape: readonly number[];
  readonly data: Int16Array;
  readonly scale: number;
}

/** A volume that is needed, and the question that needs it (for messages). */
export interface NeededVolume {
  readonly path: string;
  readonly question: string;
}

/** Volumes read at once: one inflates on another thread while the other is resampled. */
const concurrency = 2;
/** How many unreadable files a message names. */
const namedFailures = 10;

/**
 * Preprocessed volumes, from memory, from disk, or made from the file: always rounded to 16 bits
 * (1/32767 of the largest value), so that a value does not depend on where it came from. An entry on
 * disk is keyed by the file's path, size and time and by the profile's fingerprint.
 */
export class VolumeStore {
  readonly fingerprint: string;
  /** Least recently used first. */
  private readonly memory = new Map<string, PreparedVolume>();
  private memoryBytes = 0;
  private readonly keys = new Map<string, Promise<string>>();

  constructor(
    private readonly folder: string,
    private readonly profile: PreprocessingProfile,
    private readonly memoryLimit = Math.min(2 ** 31, usableMemory().total / 4),
  ) {
    this.fingerprint = profileFingerprint(profile);
  }

  /**
   * Makes sure that every volume can be had without reading its file again. Headers are checked
   * before any volume is read, so that a missing file is known at once and not after hours.
   * @throws UserError `volumes-unreadable` naming the files and questions: a data set with some
   *   volumes left out would be another data set.
   */
  async prepare(volumes: readonly NeededVolume[], work: LongWork): Promise<void> {
    const missing: NeededVolume[] = [];
    for (const volume of volumes) {
      throwIfCancelled(work.signal);
      if (!(await this.isOnDisk(volume.path))) {
        missing.push(volume);
      }
    }
    await forAll('Checking volumes', missing, work, ({ path }) => readVolumeHeader(path));
    await forAll('Preparing volumes', missing, work, ({ path }) =>
      this.read(path, { signal: work.signal }),
    );
  }

  /** The volume of a file; UserError as `readVolume`. */
  async read(path: string, work: LongWork = {}): Promise<PreparedVolume> {
    const key = await this.key(path);
    const held = this.memory.get(key);
    if (held !== undefined) {
      this.memory.delete(key);
      this.memory.set(key, held);
      return held;
    }
    const volume = (await this.fromDisk(key)) ?? (await this.make(path, key, work));
    this.hold(key, volume);
    return volume;
  }

  private async make(path: string, key: string, work: LongWork): Promise<PreparedVolume> {
    const { data, shape } = await preprocess(
      await readVolume(path, work),
      this.profile,
      undefined,
      work,
    );
    throwIfCancelled(work.signal);
    const volume = quantise(data, shape);
    try {
      await writeSafetensors(this.entry(key), {
        tensors: new Map([['volume', { shape, data: volume.data }]]),
        metadata: { scale: String(volume.scale), preprocessing: this.fingerprint },
      });
    } catch (error) {
      // Where nothing may be written there is no cache on disk, and the work goes on without.
      if (!isWriteDenied(error)) {
        throw error;
      }
    }
    return volume;
  }

  /** The entry on disk; undefined where there is none, or none that can be read. */
  private async fromDisk(key: string): Promise<PreparedVolume | undefined> {
    try {
      const { tensors, metadata } = await readSafetensors(this.entry(key));
      const volume = tensors.get('volume');
      const scale = Number(metadata.scale);
      return volume?.data instanceof Int16Array && Number.isFinite(scale)
        ? { shape: volume.shape, data: volume.data, scale }
        : undefined;
    } catch {
      return undefined;
    }
  }

  private async isOnDisk(path: string): Promise<boolean> {
    try {
      await access(this.entry(await this.key(path)));
      return true;
    } catch {
      return false;
    }
  }

  private hold(key: string, volume: PreparedVolume): void {
    // Two readers at once may both have made it.
    this.memoryBytes += volume.data.byteLength - (this.memory.get(key)?.data.byteLength ?? 0);
    this.memory.set(key, volume);
    for (const [oldKey, old] of this.memory) {
      if (this.memoryBytes <= this.memoryLimit) {
        break;
      }
      this.memory.delete(oldKey);
      this.memoryBytes -= old.data.byteLength;
    }
  }

  /** Looked up once: files do not change under a run. */
  private key(path: string): Promise<string> {
    let key = this.keys.get(path);
    if (key === undefined) {
      key = this.identify(path);
      key.catch(() => this.keys.delete(path));
      this.keys.set(path, key);
    }
    return key;
  }

  private async identify(path: string): Promise<string> {
    // A file that is not there gets a key that nothing is stored under; reading it says what is wrong.
    const found = await stat(path).catch(() => undefined);
    return createHash('sha256')
      .update([resolve(path), found?.size, found?.mtimeMs, this.fingerprint].join('\0'))
      .digest('hex')
      .slice(0, 40);
  }

  private entry(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.safetensors`);
  }
}

/** Writes a prepared volume as float32 into `target` from `offset` on. */
export function copyVolume(volume: PreparedVolume, target: Float32Array, offset: number): void {
  const { data, scale } = volume;
  for (let i = 0; i < data.length; i++) {
    target[offset + i] = data[i] * scale;
  }
}

function quantise(values: Float32Array, shape: readonly number[]): PreparedVolume {
  let largest = 0;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value));
  }
  // Rounded to float32, which is what the product with it is rounded to in the end.
  const scale = Math.fround(largest === 0 ? 1 : largest / 32767);
  const data = new Int16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    data[i] = Math.round(values[i] / scale);
  }
  return { shape, data, scale };
}

/** Does `task` for each volume, a few at once; UserError naming all that failed. */
async function forAll(
  stage: string,
  volumes: readonly NeededVolume[],
  work: LongWork,
  task: (volume: NeededVolume) => Promise<unknown>,
): Promise<void> {
  const failures: string[] = [];
  let next = 0;
  let done = 0;
  const takeTurns = async (): Promise<void> => {
    while (next < volumes.length) {
      throwIfCancelled(work.signal);
      const volume = volumes[next++];
      try {
        await task(volume);
      } catch (error) {
        if (error instanceof CancelledError || !isAboutTheFile(error)) {
          // The others must not go on for a caller who has been told of the failure.
          next = volumes.length;
          throw error;
        }
        failures.push(`question ${volume.question}: ${volume.path}: ${messageOf(error)}`);
      }
      work.onProgress?.({ stage, done: ++done, total: volumes.length });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, takeTurns));
  if (failures.length > 0) {
    const more = failures.length - namedFailures;
    throw new UserError(
      'volumes-unreadable',
      `${failures.length} of ${volumes.length} volumes cannot be read:\n` +
        failures.slice(0, namedFailures).join('\n') +
        (more > 0 ? `\nand ${more} more` : ''),
      'Correct the paths or the image roots, or take these questions out of the file.',
    );
  }
}

function isAboutTheFile(error: unknown): boolean {
  return error instanceof UserError && error.code.startsWith('volume-');
}
