import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CancelledError, throwIfCancelled } from '../errors';
import { takeSteps, unlessCancelled } from '../progress';
import type { LongWork, Progress } from '../progress';
import { buildSettings, comparison, recordOf } from './build';
import type { BuildOptions } from './build';
import { planQuestions } from './planQuestions';
import type { PlannedQuestion } from './planQuestions';
import type { McqRecord } from './record';
import type { ReportEmbedding } from './reportEmbedding';
import { readSources } from './sources';
import type { FoundSources, SourceFiles } from './sources';

/** What a build would give, before anything is written. */
export interface BuildPreview {
  /** Some questions as they would stand in the file, from over the whole of those planned. */
  readonly questions: readonly McqRecord[];
  /** Volumes that questions are made of. */
  readonly volumes: number;
  readonly patients: number;
  readonly imagesFound: number;
  readonly withMetadata: number;
  readonly withLabels: number;
  /** Questions of each file; `split` is absent where there is one file only. */
  readonly parts: readonly { readonly split?: string; readonly questions: number }[];
  /** True where the questions were planned for some of the volumes only, and their numbers are estimates. */
  readonly isEstimate: boolean;
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
}

/** Questions shown. */
const shownQuestions = 5;
/** More volumes than this are not planned for a preview: it follows the user's typing. */
const plannedVolumes = 600;

/** Folders of volumes that are looked at for what came or went since the last reading. */
const watchedFolders = 2000;
/** How long a reading stands for a folder of volumes that has more folders than that, ms. */
const unwatchedAge = 60_000;
/** How long a reading goes on that nobody waits for, ms: the next change of a form mostly asks for the same files. */
const patience = 1000;

interface Reading {
  readonly identity: Identity;
  readonly found: Promise<FoundSources>;
  readonly stop: AbortController;
  readonly waiting: Set<LongWork>;
  /** When it began, ms. */
  readonly begun: number;
  isDone: boolean;
}

/** What a reading was made from. */
interface Identity {
  readonly key: string;
  /** False where files may have come or gone without changing the key. */
  readonly isWhole: boolean;
}

/** What tests do in another way. */
export interface PreviewerOptions {
  readonly read?: typeof readSources;
  /** How long a reading goes on that nobody waits for, ms. */
  readonly patienceMs?: number;
  readonly now?: () => number;
  readonly watchedFolders?: number;
}

/** Previews builds; remembers the tables and volumes that were read last, so that a change of settings is quick. */
export class BuildPreviewer {
  private last: Reading | undefined;
  private turn = 0;
  /** Callers that look at the files or wait for their reading. */
  private asking = 0;
  private readonly options: Required<PreviewerOptions>;

  constructor(options: PreviewerOptions = {}) {
    this.options = {
      read: readSources,
      patienceMs: patience,
      now: Date.now,
      watchedFolders,
      ...options,
    };
  }

  /**
   * Plans the questions that {@link buildDataset} would write.
   *
   * @throws UserError of `buildDataset`; CancelledError.
   */
  async preview(
    options: BuildOptions,
    work: LongWork = {},
    embedding?: ReportEmbedding,
  ): Promise<BuildPreview> {
    const settings = buildSettings(options);
    const { sources, imagesFound, skipped } = await this.sourcesOf(settings, work);
    // From over the whole table, so that every split and every kind of scan is among them.
    const stride = Math.ceil(sources.length / plannedVolumes);
    const planned = sources.filter((_, index) => index % stride === 0);
    const compare = await comparison(planned, settings, embedding, work);
    const plan = await takeSteps(
      planQuestions(planned, { ...settings, ...compare }, skipped),
      work,
    );
    const scale = sources.length / Math.max(1, planned.length);
    const isEstimate = scale > 1;
    return {
      questions: someOf(plan.parts.flatMap(({ questions }) => questions)).map((question) =>
        recordOf(question, settings, 'inline'),
      ),
      volumes: sources.length,
      patients: new Set(sources.map(({ patient }) => patient)).size,
      imagesFound,
      withMetadata: sources.filter(({ metadata }) => metadata !== undefined).length,
      withLabels: sources.filter(({ labels }) => labels !== undefined).length,
      parts: plan.parts.map(({ split, questions }) => ({
        ...(split !== undefined && { split }),
        questions: Math.round(questions.length * scale),
      })),
      isEstimate,
      skipped: isEstimate ? skipped : plan.skipped,
    };
  }

  private async sourcesOf(files: SourceFiles, work: LongWork): Promise<FoundSources> {
    this.asking++;
    try {
      return await this.waitFor(await this.readingOf(files, work), work);
    } finally {
      this.asking--;
      this.stopUnlessWanted();
    }
  }

  private async readingOf(files: SourceFiles, { signal }: LongWork): Promise<Reading> {
    const turn = ++this.turn;
    const identity = await identityOf(files, this.options.watchedFolders);
    throwIfCancelled(signal); // nothing is begun for nobody
    if (turn !== this.turn) {
      throw new CancelledError(); // another form was filled in meanwhile
    }
    if (this.last === undefined || !this.isCurrent(this.last, identity)) {
      this.last?.stop.abort(); // nobody waits for other files any more
      this.last = this.begin(identity, files);
    }
    return this.last;
  }

  private isCurrent({ identity, begun }: Reading, { key, isWhole }: Identity): boolean {
    return identity.key === key && (isWhole || this.options.now() - begun < unwatchedAge);
  }

  /** Not with a caller's signal: whoever asks for the same files next waits for the same reading. */
  private begin(identity: Identity, files: SourceFiles): Reading {
    const stop = new AbortController();
    const waiting = new Set<LongWork>();
    const onProgress = (progress: Progress): void => {
      for (const work of waiting) {
        work.onProgress?.(progress);
      }
    };
    const found = this.options.read(files, { signal: stop.signal, onProgress });
    const begun = this.options.now();
    const reading: Reading = { identity, found, stop, waiting, begun, isDone: false };
    stop.signal.addEventListener('abort', () => {
      this.forget(reading);
    });
    found.then(
      () => {
        reading.isDone = true;
      },
      () => {
        this.forget(reading);
      },
    );
    return reading;
  }

  /** The sources, or CancelledError as soon as the caller no longer wants them. */
  private async waitFor(reading: Reading, work: LongWork): Promise<FoundSources> {
    const { found, waiting } = reading;
    waiting.add(work);
    try {
      return await unlessCancelled(found, work.signal);
    } finally {
      waiting.delete(work);
    }
  }

  private stopUnlessWanted(): void {
    const reading = this.last;
    const isUnwanted = (): boolean => this.asking === 0 && reading?.isDone === false;
    if (isUnwanted()) {
      setTimeout(() => {
        if (isUnwanted()) {
          reading?.stop.abort();
        }
      }, this.options.patienceMs);
    }
  }

  private forget(reading: Reading): void {
    if (this.last === reading) {
      this.last = undefined;
    }
  }
}

/** Changes when another file is named, one that is named is written anew, or volumes come or go. */
async function identityOf(files: SourceFiles, most: number): Promise<Identity> {
  const { reports, metadata, labels, images, exclude = [], out } = files;
  const times = await Promise.all(
    [reports, metadata, labels, images, ...exclude].map(async (path) =>
      path === undefined ? undefined : timeOf(path),
    ),
  );
  const below = await folderTimes(images, most);
  return {
    key: JSON.stringify([reports, metadata, labels, images, exclude, out, times, below.times]),
    isWhole: below.isWhole,
  };
}

async function timeOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.mtimeMs}:${found.size}`;
}

/**
 * The times of the folders below a folder, level by level: those change with what is in them. A level
 * that makes it more than `most` folders is left out, and all below it.
 */
async function folderTimes(
  folder: string,
  most: number,
): Promise<{ readonly times: readonly unknown[]; readonly isWhole: boolean }> {
  const times: unknown[] = [];
  let level = await foldersIn(folder);
  while (level.length > 0) {
    if (times.length + level.length > most) {
      return { times, isWhole: false };
    }
    times.push(...(await Promise.all(level.map(async (path) => [path, await timeOf(path)]))));
    level = (await Promise.all(level.map(foldersIn))).flat();
  }
  return { times, isWhole: true };
}

/** Folders, and links that may lead to one; none where the folder cannot be read. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(
      (entry) =>
        entry.isDirectory() || (entry.isSymbolicLink() && !/\.nii(\.gz)?$/i.test(entry.name)),
    )
    .map(({ name }) => join(folder, name))
    .sort();
}

/** Questions from over the whole list: neighbours are often alike. */
function someOf(questions: readonly PlannedQuestion[]): PlannedQuestion[] {
  const count = Math.min(shownQuestions, questions.length);
  return Array.from(
    { length: count },
    (_, index) => questions[Math.floor((index * questions.length) / count)],
  );
}
