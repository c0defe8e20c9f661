import { CancelledError, messageOf, UserError } from '../core/errors';
import type { AugmentationSettings } from '../core/preset';
import { namesSide } from '../core/volume/augmentation';
import type { DatasetQuestion } from '../core/dataset/readDataset';
import type { VolumeStore } from './volumeStore';
import { volumeThreads } from './volumeThreads';

/** What is to be loaded of a question. */
export type LoadedQuestion = Pick<DatasetQuestion, 'id' | 'imagePath' | 'texts'>;

export interface BatchLoaderOptions {
  readonly store: VolumeStore;
  readonly seed: number;
  /** Volumes are loaded as they are where absent. */
  readonly augmentation?: AugmentationSettings;
  readonly signal?: AbortSignal;
}

/** Batches are loaded ahead as far as they fit into this, at least one and at most four. */
const aheadBytes = 2 ** 28;
const mostAhead = 4;

/** A batch on its way, in memory that the threads share. */
interface Batch {
  readonly name: string;
  /** [B, 1, D, H, W] */
  readonly volumes: Float32Array<SharedArrayBuffer>;
  readonly loaded: Promise<void>;
  readonly stopping: AbortController;
}

/**
 * Loads the volumes of coming batches in threads while the step of the present one runs: a running
 * step blocks this thread. What a batch holds depends on the seed, the epoch and its questions, not
 * on when it was loaded.
 */
export class BatchLoader {
  /** Seconds that `next` took, waiting for volumes and copying them, since the loader was made. */
  waitedSeconds = 0;
  private queue: readonly (readonly LoadedQuestion[])[] = [];
  private epoch = 0;
  private begun = 0;
  /** In the order in which they will be wanted. */
  private readonly underWay: Batch[] = [];
  /** Memory of batches that were taken. */
  private readonly spare: Float32Array<SharedArrayBuffer>[] = [];
  private readonly stopping = new AbortController();
  private readonly signal: AbortSignal;

  constructor(private readonly options: BatchLoaderOptions) {
    const { signal } = options;
    this.signal = AbortSignal.any([this.stopping.signal, ...(signal ? [signal] : [])]);
  }

  /** Ends what is still being loaded: nobody will ask for it any more. */
  stop(): void {
    this.stopping.abort();
    this.underWay.length = 0;
    this.spare.length = 0;
    this.queue = [];
  }

  /**
   * Begins to load the batches of an epoch, in the order in which they will be wanted. Of what was
   * begun before, the batches that are the same are kept, and all others are dropped.
   */
  start(epoch: number, batches: readonly (readonly LoadedQuestion[])[]): void {
    this.epoch = epoch;
    const other = this.underWay.findIndex(
      ({ name }, i) => i >= batches.length || name !== this.nameOf(batches[i]),
    );
    drop(other < 0 ? [] : this.underWay.splice(other));
    this.queue = batches;
    this.begun = this.underWay.length;
    this.loadAhead();
  }

  /**
   * Writes the volumes of the questions into `target`, [B, 1, D, H, W]. Batches that were to come
   * before are passed over; one that was not foreseen is loaded now.
   * @throws UserError `volume-lost` naming the question whose volume cannot be had any more;
   *   CancelledError
   */
  async next(questions: readonly LoadedQuestion[], target: Float32Array): Promise<void> {
    const begun = performance.now();
    const name = this.nameOf(questions);
    const place = this.underWay.findIndex((foreseen) => foreseen.name === name);
    const batch = place < 0 ? this.begin(questions) : this.underWay[place];
    drop(this.underWay.splice(0, place + 1).slice(0, -1));
    await batch.loaded;
    target.set(batch.volumes);
    this.spare.push(batch.volumes);
    this.loadAhead();
    this.waitedSeconds += (performance.now() - begun) / 1000;
  }

  private loadAhead(): void {
    while (this.begun < this.queue.length) {
      const questions = this.queue[this.begun];
      const most = Math.floor(aheadBytes / this.bytesOf(questions));
      if (this.underWay.length >= Math.max(1, Math.min(mostAhead, most))) {
        return;
      }
      this.begun++;
      this.underWay.push(this.begin(questions));
    }
  }

  private begin(questions: readonly LoadedQuestion[]): Batch {
    const bytes = this.bytesOf(questions);
    const spare = this.spare.pop();
    const volumes =
      spare?.byteLength === bytes ? spare : new Float32Array(new SharedArrayBuffer(bytes));
    const stopping = new AbortController();
    const signal = AbortSignal.any([this.signal, stopping.signal]);
    const loaded = this.load(questions, volumes, signal);
    // Whoever takes the batch hears of it; until then it is nobody's unhandled failure.
    loaded.catch(() => undefined);
    return { name: this.nameOf(questions), volumes, loaded, stopping };
  }

  private bytesOf(questions: readonly LoadedQuestion[]): number {
    return questions.length * this.options.store.voxels * Float32Array.BYTES_PER_ELEMENT;
  }

  /**
   * Equal for batches of equal volumes: those of another epoch are augmented in another way, and with
   * other distractors others may be mirrored.
   */
  private nameOf(questions: readonly LoadedQuestion[]): string {
    const mayFlip = (texts: readonly string[]): boolean =>
      this.options.augmentation?.flip !== undefined && !texts.some(namesSide);
    const each = questions.map(({ id, texts }) => [id, mayFlip(texts)]);
    return JSON.stringify([this.epoch, each]);
  }

  private async load(
    questions: readonly LoadedQuestion[],
    volumes: Float32Array<SharedArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void> {
    const voxels = volumes.length / questions.length;
    await Promise.all(
      questions.map((question, i) =>
        this.loadOne(question, volumes.subarray(i * voxels, (i + 1) * voxels), signal),
      ),
    );
  }

  private async loadOne(
    { id, imagePath, texts }: LoadedQuestion,
    target: Float32Array<SharedArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, augmentation: settings, seed } = this.options;
    const draw = { seed, epoch: this.epoch, question: id };
    const augmentation = settings && { settings, draw, texts };
    try {
      const request = await store.loadRequest(imagePath);
      await volumeThreads.run(
        'load',
        { ...request, ...(augmentation && { augmentation }), target },
        signal,
      );
    } catch (error) {
      throw error instanceof CancelledError ? error : volumeLost(id, imagePath, error);
    }
  }
}

/** Ends batches that nobody will ask for. */
function drop(batches: readonly Batch[]): void {
  for (const { stopping } of batches) {
    stopping.abort();
  }
}

function volumeLost(question: string, path: string, error: unknown): Error {
  if (!(error instanceof UserError)) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
  return new UserError(
    'volume-lost',
    `The volume of question ${question} was there and cannot be read any more: ${path}: ${error.message}`,
    'Bring the file back and resume the training (--resume).',
    error,
  );
}
