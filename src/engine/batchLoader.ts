import { CancelledError, messageOf, UserError } from '../core/errors';
import type { AugmentationSettings } from '../core/preset';
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
  /** [B, 1, D, H, W] */
  readonly volumes: Float32Array<SharedArrayBuffer>;
  readonly loaded: Promise<void>;
}

/**
 * Loads the volumes of coming batches in threads while the step of the present one runs: a running
 * step blocks this thread. What a batch holds depends on the seed, the epoch and its questions, not
 * on when it was loaded.
 */
export class BatchLoader {
  /** Seconds that `next` has waited for volumes since the loader was made. */
  waitedSeconds = 0;
  private queue: readonly (readonly LoadedQuestion[])[] = [];
  private epoch = 0;
  private begun = 0;
  private readonly underWay: Batch[] = [];
  /** Memory of batches that were taken. */
  private readonly spare: Float32Array<SharedArrayBuffer>[] = [];

  constructor(private readonly options: BatchLoaderOptions) {}

  /** Begins to load the batches of an epoch, in the order in which `next` will give them. */
  start(epoch: number, batches: readonly (readonly LoadedQuestion[])[]): void {
    this.underWay.length = 0;
    this.spare.length = 0;
    this.queue = batches;
    this.epoch = epoch;
    this.begun = 0;
    this.loadAhead();
  }

  /**
   * Writes the volumes of the next batch into `target`, [B, 1, D, H, W].
   * @throws UserError `volume-lost` naming the question whose volume cannot be had any more;
   *   CancelledError
   */
  async next(target: Float32Array): Promise<void> {
    const batch = this.underWay.shift();
    if (batch === undefined) {
      throw new RangeError('all batches have been loaded');
    }
    const begun = performance.now();
    await batch.loaded;
    this.waitedSeconds += (performance.now() - begun) / 1000;
    target.set(batch.volumes);
    this.spare.push(batch.volumes);
    this.loadAhead();
  }

  private loadAhead(): void {
    while (this.begun < this.queue.length) {
      const questions = this.queue[this.begun];
      const bytes = questions.length * this.options.store.voxels * Float32Array.BYTES_PER_ELEMENT;
      if (
        this.underWay.length >= Math.min(mostAhead, Math.max(1, Math.floor(aheadBytes / bytes)))
      ) {
        return;
      }
      this.begun++;
      const spare = this.spare.pop();
      const volumes =
        spare?.byteLength === bytes ? spare : new Float32Array(new SharedArrayBuffer(bytes));
      const loaded = this.load(questions, volumes);
      // Whoever takes the batch hears of it; until then it is nobody's unhandled failure.
      loaded.catch(() => undefined);
      this.underWay.push({ volumes, loaded });
    }
  }

  private async load(
    questions: readonly LoadedQuestion[],
    volumes: Float32Array<SharedArrayBuffer>,
  ): Promise<void> {
    const voxels = volumes.length / questions.length;
    await Promise.all(
      questions.map((question, i) =>
        this.loadOne(question, volumes.subarray(i * voxels, (i + 1) * voxels)),
      ),
    );
  }

  private async loadOne(
    { id, imagePath, texts }: LoadedQuestion,
    target: Float32Array<SharedArrayBuffer>,
  ): Promise<void> {
    const { store, augmentation: settings, seed, signal } = this.options;
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
