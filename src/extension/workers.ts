import { fork, type ChildProcess } from 'node:child_process';
import { UserError } from '../core/errors';
import { savingStage, trainingStage } from '../core/progress';
import type { Progress } from '../core/progress';
import { WorkerClient, type RequestWork, type WorkerEnd } from '../protocol/client';
import type { ParamsOf, ResultOf, WorkerMethod } from '../protocol/messages';

/**
 * Requests of different roles run in processes of their own, so that a slice comes at once while a
 * model trains, and stopping one job by force stops no other kind of job.
 */
export type WorkerRole = 'volumes' | 'data' | 'previews' | 'models' | 'training';

const roleOf: Readonly<Record<WorkerMethod, WorkerRole>> = {
  'volume/info': 'volumes',
  'volume/open': 'volumes',
  'volume/openModelView': 'volumes',
  'volume/piece': 'volumes',
  'volume/stream': 'volumes',
  'volume/slice': 'volumes',
  'volume/header': 'volumes',
  'volume/close': 'volumes',
  'volume/middle': 'volumes',
  'volume/context': 'data',
  'volume/questions': 'data',
  'dataset/lint': 'data',
  'dataset/overview': 'data',
  'dataset/build': 'data',
  // Apart from the builds: the preview of a form that changed is stopped all the time.
  'dataset/previewBuild': 'previews',
  'dataset/suggest': 'data',
  'sample/write': 'data',
  // Beside the volumes: every preview asks for it, and need not start a process for it.
  'presets/list': 'volumes',
  'runs/list': 'models',
  evaluate: 'models',
  score: 'models',
  explain: 'models',
  doctor: 'models',
  train: 'training',
};

/** A process without work ends after this long, ms; those that hold a user's volumes or model stay. */
const idleLimit: Readonly<Partial<Record<WorkerRole, number>>> = {
  data: 30_000,
  previews: 30_000,
  training: 10_000,
};

/** How long a worker may take to honour a cancellation before it is killed, ms. */
const cancellationGrace = 1000;
/**
 * The same where others would lose more than there is to gain: previews that are open stand in the
 * process that reads a file from a drive which does not answer.
 */
const roleGrace: Readonly<Partial<Record<WorkerRole, number>>> = { volumes: 10_000 };
/** The same in stages that cannot be broken off without a loss, ms: hours may have been learnt. */
const stageGrace: Readonly<Partial<Record<string, number>>> = {
  [trainingStage]: 10_000,
  [savingStage]: 10_000,
};

interface PoolLog {
  info(message: string): void;
  error(message: string): void;
}

export interface WorkerPoolOptions {
  /** The bundle to fork: dist/worker.js. */
  readonly workerPath: string;
  readonly log: PoolLog;
  /** Called once for each process that ended without being told to. */
  readonly onUnexpectedEnd: (role: WorkerRole, end: WorkerEnd) => void;
}

/** One running process. */
interface Worker {
  readonly client: WorkerClient;
  readonly process: ChildProcess;
  /** Requests under way. */
  active: number;
  /** Set before we end it ourselves. */
  isStopping: boolean;
  idleTimer?: NodeJS.Timeout;
}

/** Forks one worker a role at its first request, and again after its end. */
export class WorkerPool {
  private readonly workers = new Map<WorkerRole, Worker>();
  private isDisposed = false;

  constructor(private readonly options: WorkerPoolOptions) {}

  /**
   * Asks the worker that serves `method`. Rejects with the worker's UserError, with CancelledError at
   * most about a second after `work.signal` aborts (a worker that does not stop by then is killed;
   * a training has ten to end its step, and ten to save its checkpoint), or with UserError `worker-ended` or `worker-stopped`.
   */
  async request<M extends WorkerMethod>(
    method: M,
    params: ParamsOf<M>,
    work: RequestWork<M> = {},
  ): Promise<ResultOf<M>> {
    const role = roleOf[method];
    const running = this.workers.get(role);
    const worker = running?.client.alive === true ? running : this.start(role);
    clearTimeout(worker.idleTimer);
    worker.active++;
    const guard = this.killWhenCancelIsIgnored(worker, method, work.signal);
    const onProgress = (progress: Progress): void => {
      guard.note(progress);
      work.onProgress?.(progress);
    };
    try {
      return await worker.client.request(method, params, { ...work, onProgress });
    } catch (error) {
      throw worker.isStopping && isWorkerEnded(error) ? stoppedError() : error;
    } finally {
      guard.end();
      worker.active--;
      this.endWhenIdle(role, worker);
    }
  }

  /** Process ids of the workers that run now. */
  pids(): Partial<Record<WorkerRole, number>> {
    return Object.fromEntries(
      [...this.workers].map(([role, worker]) => [role, worker.process.pid]),
    );
  }

  dispose(): void {
    this.isDisposed = true;
    for (const worker of this.workers.values()) {
      this.stop(worker);
    }
  }

  private start(role: WorkerRole): Worker {
    if (this.isDisposed) {
      throw stoppedError();
    }
    const child = forkWorker(this.options.workerPath, role);
    const worker: Worker = {
      client: new WorkerClient(child),
      process: child,
      active: 0,
      isStopping: false,
    };
    this.workers.set(role, worker);
    this.options.log.info(`worker "${role}" started, pid ${child.pid ?? 'none'}`);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.options.log.info(`[${role}] ${text.trimEnd()}`);
      });
    }
    void worker.client.ended.then((end) => {
      this.afterEnd(role, worker, end);
    });
    return worker;
  }

  private afterEnd(role: WorkerRole, worker: Worker, end: WorkerEnd): void {
    clearTimeout(worker.idleTimer);
    if (this.workers.get(role) === worker) {
      this.workers.delete(role);
    }
    const how = `code ${end.code ?? '-'}, signal ${end.signal ?? '-'}`;
    if (worker.isStopping) {
      this.options.log.info(`worker "${role}" stopped (${how})`);
    } else {
      this.options.log.error(`worker "${role}" ended unexpectedly (${how})`);
      this.options.onUnexpectedEnd(role, end);
    }
  }

  private killWhenCancelIsIgnored(
    worker: Worker,
    method: WorkerMethod,
    signal: AbortSignal | undefined,
  ): { note(progress: Progress): void; end(): void } {
    let timer: NodeJS.Timeout | undefined;
    let currentStage = '';
    const allow = (grace: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        this.options.log.info(`"${method}" did not stop within ${grace} ms: killed`);
        this.stop(worker);
      }, grace);
    };
    const onAbort = (): void => {
      allow(stageGrace[currentStage] ?? roleGrace[roleOf[method]] ?? cancellationGrace);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return {
      note: ({ stage }) => {
        const grace = stageGrace[stage];
        // Only a new stage: a worker that goes on as if nothing had been said is not waited for.
        if (timer !== undefined && stage !== currentStage && grace !== undefined) {
          allow(grace);
        }
        currentStage = stage;
      },
      end: () => {
        signal?.removeEventListener('abort', onAbort);
        clearTimeout(timer);
      },
    };
  }

  private endWhenIdle(role: WorkerRole, worker: Worker): void {
    const limit = idleLimit[role];
    if (worker.active === 0 && limit !== undefined && worker.client.alive) {
      worker.idleTimer = setTimeout(() => {
        this.stop(worker);
      }, limit);
    }
  }

  private stop(worker: Worker): void {
    worker.isStopping = true;
    for (const [role, current] of this.workers) {
      if (current === worker) {
        // The next request must not meet a process that is about to end.
        this.workers.delete(role);
      }
    }
    worker.client.kill();
  }
}

/** Of who reads volumes: what it frees goes back to the system; glibc would keep it (mallopt(3)). */
const roleEnvironment: Readonly<Partial<Record<WorkerRole, NodeJS.ProcessEnv>>> = {
  volumes: { MALLOC_MMAP_THRESHOLD_: '131072' },
};

function forkWorker(workerPath: string, role: WorkerRole): ChildProcess {
  return fork(workerPath, [], {
    serialization: 'advanced',
    // The host's own flags (a debugger port among them) are not for its children.
    execArgv: [],
    silent: true,
    env: {
      ...roleEnvironment[role],
      ...process.env,
      ...(process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: '1' }),
    },
  });
}

function isWorkerEnded(error: unknown): boolean {
  return error instanceof UserError && error.code === 'worker-ended';
}

function stoppedError(): UserError {
  return new UserError(
    'worker-stopped',
    'The worker was stopped together with other work that was cancelled.',
    'Run the command again: a new worker starts by itself.',
  );
}
