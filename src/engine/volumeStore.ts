import { tableRescale, tableRescales } from '../core/dataset/tableRescale';
import type { TableRescales } from '../core/dataset/tableRescale';
import { messageOf, throwIfCancelled, UserError } from '../core/errors';
import type { LongWork } from '../core/progress';
import { inspectFile, volumePaths } from '../core/volume/content';
import type { PreprocessingProfile } from '../core/volume/profile';
import { readVolumeHeader } from '../core/volume/read';
import type { ReadOptions } from '../core/volume/read';
import type { Rescale, RescaleChoice } from '../core/volume/rescale';
import { elementCount } from '../graph';
import { volumeSize } from '../networks';
import { usableMemory } from './memory';
import { entryBytes, VolumeCache } from './volumeCache';
import type { PreparedVolume, VolumeCacheSettings } from './volumeCache';
import type { LoadRequest } from './volumeJobs';
import { volumeThreads } from './volumeThreads';

export { copyVolume } from './volumeCache';
export type { PreparedVolume } from './volumeCache';

/** A volume that is needed, and the question that needs it (for messages). */
export interface NeededVolume {
  readonly path: string;
  readonly question: string;
}

export interface VolumeStoreOptions {
  /** Bytes that may be held in memory. */
  readonly memory?: number;
  /** Bytes that the cache may take on disk. */
  readonly disk?: number;
  /** Which slope and intercept make HU of the volumes; `csv` needs {@link VolumeStore.lookUpRescale}. */
  readonly rescale?: RescaleChoice;
}

/** How many unreadable files a message names. */
const namedFailures = 10;
/** Headers, and notes of the cache, looked at together: a network disk answers many at once. */
const headersTogether = 8;
/** What a thread needs beside the tensor it makes: slices, pieces of the file, JavaScript itself. */
const threadBytes = 128 * 2 ** 20;

/**
 * Preprocessed volumes, from memory, from disk, or made from the file: always rounded to 16 bits
 * (1/32767), so that a value does not depend on where it came from. On disk they lie in a
 * {@link VolumeCache} of limited size.
 */
export class VolumeStore {
  readonly fingerprint: string;
  private readonly cache: VolumeCache;
  private readonly settings: VolumeCacheSettings;
  /** Least recently used first. */
  private readonly memory = new Map<string, PreparedVolume>();
  private memoryBytes = 0;
  private readonly memoryLimit: number;
  /** Looked up once: files do not change under a run. */
  private readonly keys = new Map<string, string>();
  private readonly rescale: RescaleChoice;
  private tableRescales: TableRescales = new Map();

  constructor(
    folder: string,
    profile: PreprocessingProfile,
    { memory, disk, rescale = 'auto' }: VolumeStoreOptions = {},
  ) {
    this.rescale = rescale;
    this.settings = { folder, profile, rescale, limit: disk ?? diskLimit() };
    this.cache = new VolumeCache(this.settings);
    this.fingerprint = this.cache.fingerprint;
    this.memoryLimit = memory ?? Math.min(2 ** 31, usableMemory().total / 4);
  }

  /** Voxels of a prepared volume. */
  get voxels(): number {
    return elementCount(volumeSize(this.settings.profile));
  }

  /**
   * Reads slope and intercept of volumes from the metadata table, where the choice is `csv`.
   * @throws UserError as `tableRescales`
   */
  async lookUpRescale(
    paths: readonly string[],
    metadata: string | undefined,
    work: LongWork,
  ): Promise<void> {
    if (this.rescale === 'csv') {
      const found = await tableRescales(paths, metadata, work);
      this.tableRescales = new Map([...this.tableRescales, ...found]);
    }
  }

  /**
   * Makes sure that every volume can be had without reading its file again. Headers are checked
   * before any volume is read, so that a missing file is known at once and not after hours.
   * @throws UserError `volumes-unreadable` naming the files and questions: a data set with some
   *   volumes left out would be another data set; `cache-too-small`
   */
  async prepare(volumes: readonly NeededVolume[], work: LongWork): Promise<void> {
    const missing = await this.withoutEntry(volumes, work);
    if (missing.length > 0) {
      this.refuseTooMany(volumes.length);
      await forAll('Checking volumes', missing, headersTogether, work, ({ path }) =>
        readVolumeHeader(path),
      );
      await forAll('Preparing volumes', missing, this.preparedTogether(), work, ({ path }) =>
        this.prepareOne(path, work.signal),
      );
    }
    await this.cache.trim(new Set(this.keys.values()));
  }

  /** The volume of a file; UserError as `readVolume`. */
  async read(path: string, work: LongWork = {}): Promise<PreparedVolume> {
    const key = await this.key(path, work);
    const held = this.memory.get(key);
    if (held !== undefined) {
      this.memory.delete(key);
      this.memory.set(key, held);
      return held;
    }
    const volume = await this.cache.loadOrMake(path, key, this.reading(path, work));
    this.hold(key, volume);
    return volume;
  }

  /** What a thread needs to load a volume: see {@link VolumeJobs}. */
  async loadRequest(
    path: string,
  ): Promise<Pick<LoadRequest, 'cache' | 'path' | 'rescale' | 'key' | 'held'>> {
    const key = await this.key(path);
    const held = this.memory.get(key);
    const isShared = held?.data.buffer instanceof SharedArrayBuffer;
    const rescale = this.rescaleOf(path);
    return { cache: this.settings, path, rescale, key, ...(isShared && { held }) };
  }

  /** Those volumes that have no entry on disk and are not held. */
  private async withoutEntry(
    volumes: readonly NeededVolume[],
    work: LongWork,
  ): Promise<NeededVolume[]> {
    const found = new Set<string>();
    await inTurns(volumes, headersTogether, async ({ path }) => {
      throwIfCancelled(work.signal);
      const note = await this.cache.notedKey(path, this.rescaleOf(path));
      if (note !== undefined && (this.memory.has(note) || (await this.cache.has(note)))) {
        this.keys.set(path, note);
        found.add(path);
      }
    });
    return volumes.filter(({ path }) => !found.has(path));
  }

  private async prepareOne(path: string, signal: AbortSignal | undefined): Promise<void> {
    const request = { cache: this.settings, path, rescale: this.rescaleOf(path) };
    const { key, volume } = await volumeThreads.run('prepare', request, signal);
    this.keys.set(path, key);
    if (volume !== undefined) {
      this.hold(key, volume);
    }
  }

  private preparedTogether(): number {
    const needed = entryBytes(this.voxels) + threadBytes;
    const affordable = Math.floor(usableMemory().available / 2 / needed);
    return Math.max(1, Math.min(volumeThreads.size, affordable));
  }

  private refuseTooMany(volumes: number): void {
    const needed = volumes * entryBytes(this.voxels);
    const { limit } = this.settings;
    if (needed > limit) {
      throw new UserError(
        'cache-too-small',
        `${volumes} prepared volumes take ${gigabytes(needed)} GB on disk; the cache may take ${gigabytes(limit)} GB.`,
        `Set the environment variable ${limitVariable} to more gigabytes, or take a preset of smaller volumes.`,
      );
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

  private async key(path: string, work: LongWork = {}): Promise<string> {
    let key = this.keys.get(path);
    if (key === undefined) {
      // Says what is wrong where there is no such file.
      await inspectFile(volumePaths(path).header);
      key = await this.cache.key(path, this.reading(path, work));
      this.keys.set(path, key);
    }
    return key;
  }

  private reading(path: string, work: LongWork): ReadOptions {
    return { ...work, rescale: this.rescaleOf(path) };
  }

  private rescaleOf(path: string): Rescale {
    return this.rescale === 'csv' ? tableRescale(this.tableRescales, path) : { kind: this.rescale };
  }
}

/** Gigabytes that prepared volumes may take on disk. */
const limitVariable = 'CT_MCQA_CACHE_GB';
const defaultLimitGigabytes = 50;

function diskLimit(): number {
  const given = process.env[limitVariable]?.trim() ?? '';
  const wanted = given === '' ? defaultLimitGigabytes : Number(given);
  if (!(wanted >= 0)) {
    throw new UserError(
      'cache-limit-invalid',
      `The environment variable ${limitVariable} is "${given}".`,
      'Set it to a number of gigabytes, such as 50, or unset it.',
    );
  }
  return wanted * 1e9;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** Does `task` for each volume, `together` at once; UserError naming all that failed. */
async function forAll(
  stage: string,
  volumes: readonly NeededVolume[],
  together: number,
  work: LongWork,
  task: (volume: NeededVolume) => Promise<unknown>,
): Promise<void> {
  const failures: string[] = [];
  let done = 0;
  await inTurns(volumes, together, async (volume) => {
    throwIfCancelled(work.signal);
    try {
      await task(volume);
    } catch (error) {
      if (!isAboutTheFile(error)) {
        throw error;
      }
      failures.push(`question ${volume.question}: ${volume.path}: ${messageOf(error)}`);
    }
    work.onProgress?.({ stage, done: ++done, total: volumes.length });
  });
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

/**
 * Does `task` for each item, `together` at once, in their order. The first failure ends it, once
 * the tasks that had begun are over: a caller who is told of it may remove what they write to.
 */
async function inTurns<T>(
  items: readonly T[],
  together: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const takeTurns = async (): Promise<void> => {
    while (next < items.length) {
      try {
        await task(items[next++]);
      } catch (error) {
        // The others must not go on for a caller who has been told of the failure.
        next = items.length;
        throw error;
      }
    }
  };
  const turns = await Promise.allSettled(Array.from({ length: together }, takeTurns));
  const failed = turns.find(({ status }) => status === 'rejected') as
    PromiseRejectedResult | undefined;
  if (failed !== undefined) {
    throw failed.reason;
  }
}

function isAboutTheFile(error: unknown): boolean {
  return error instanceof UserError && error.code.startsWith('volume-');
}
