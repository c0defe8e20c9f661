import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CancelledError } from '../core/errors';
import { receivedError } from './volumeJobs';
import type { FromThread, ToThread, VolumeJobKind, VolumeJobs } from './volumeJobs';

/** More would wait for the disk, and each takes the memory of a tensor. */
const mostThreads = 4;
/** A thread that nobody asked anything for so long gives its memory back. */
const idleMs = 10_000;

interface Job {
  readonly id: number;
  readonly message: ToThread;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * A few threads that work on volumes while this one computes. They start when first needed, never
 * keep the process alive by themselves and end when idle.
 */
export class VolumeThreads {
  private readonly waiting: Job[] = [];
  private readonly threads = new Set<Thread>();
  private nextId = 0;

  constructor(
    readonly size = Math.min(mostThreads, availableParallelism()),
    private readonly endsAfter = idleMs,
  ) {}

  /** Does a job in a thread. @throws what the job throws; CancelledError */
  run<K extends VolumeJobKind>(
    kind: K,
    request: VolumeJobs[K]['request'],
    signal?: AbortSignal,
  ): Promise<VolumeJobs[K]['answer']> {
    return new Promise<unknown>((resolve, reject) => {
      const id = this.nextId++;
      this.waiting.push({ id, message: { id, kind, request }, resolve, reject, signal });
      this.assign();
    }) as Promise<VolumeJobs[K]['answer']>;
  }

  private assign(): void {
    for (let job = this.waiting.at(0); job !== undefined; job = this.waiting.at(0)) {
      if (job.signal?.aborted) {
        job.reject(new CancelledError());
      } else {
        const free = [...this.threads].find(({ isFree }) => isFree) ?? this.start();
        if (free === undefined) {
          return;
        }
        free.perform(job);
      }
      this.waiting.shift();
    }
  }

  private start(): Thread | undefined {
    if (this.threads.size >= this.size) {
      return undefined;
    }
    const thread: Thread = new Thread(
      this.endsAfter,
      () => {
        this.assign();
      },
      () => {
        this.threads.delete(thread);
        this.assign();
      },
    );
    this.threads.add(thread);
    return thread;
  }
}

/** One thread, which does one job at a time. */
class Thread {
  private readonly worker = newWorker();
  private job: Job | undefined;
  private idle: NodeJS.Timeout | undefined;

  /** `onEnd` comes before the thread can fail a job that it was given while it ends. */
  constructor(
    private readonly endsAfter: number,
    private readonly onFree: () => void,
    private readonly onEnd: () => void,
  ) {
    this.worker.unref();
    this.worker.on('message', (reply: FromThread) => {
      this.finish((job) => {
        if ('error' in reply) {
          job.reject(receivedError(reply.error));
        } else {
          job.resolve(reply.answer);
        }
      });
      this.onFree();
    });
    this.worker.on('error', (error: Error) => {
      this.onEnd();
      this.finish((job) => {
        job.reject(error);
      });
    });
    this.worker.on('exit', () => {
      clearTimeout(this.idle);
      this.finish((job) => {
        job.reject(new Error('The thread that read a volume ended.'));
      });
      this.onEnd();
    });
  }

  get isFree(): boolean {
    return this.job === undefined;
  }

  perform(job: Job): void {
    clearTimeout(this.idle);
    this.job = job;
    this.worker.ref();
    job.signal?.addEventListener('abort', this.cancel);
    this.worker.postMessage(job.message);
  }

  private readonly cancel = (): void => {
    if (this.job !== undefined) {
      this.worker.postMessage({ id: this.job.id, kind: 'cancel' } satisfies ToThread);
    }
  };

  private finish(settle: (job: Job) => void): void {
    const { job } = this;
    if (job === undefined) {
      return;
    }
    this.job = undefined;
    job.signal?.removeEventListener('abort', this.cancel);
    this.worker.unref();
    this.idle = setTimeout(this.end, this.endsAfter).unref();
    settle(job);
  }

  private readonly end = (): void => {
    this.onEnd();
    void this.worker.terminate();
  };
}

/** The bundle beside this one; where there is none, the source runs as it is (tests). */
function newWorker(): Worker {
  const bundle = join(__dirname, 'volumeThread.js');
  if (existsSync(bundle)) {
    return new Worker(bundle);
  }
  const source = JSON.stringify(join(__dirname, 'volumeThread.ts'));
  return new Worker(`require('tsx/cjs'); require(${source});`, { eval: true });
}

/** The threads of this process. */
export const volumeThreads = new VolumeThreads();
