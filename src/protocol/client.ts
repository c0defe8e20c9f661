import type { ChildProcess } from 'node:child_process';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { CancelledError, throwIfCancelled, UserError } from '../core/errors';
import type { LongWork } from '../core/progress';
import { sentence } from '../core/sentence';
import { reviveError } from './errors';
import type {
  EventOf,
  ParamsOf,
  ResultOf,
  WorkerErrorData,
  WorkerMethod,
  WorkerNotifications,
  WorkerRequestMessage,
} from './messages';

/** How a caller follows and stops a request. */
export interface RequestWork<M extends WorkerMethod> extends LongWork {
  readonly onEvent?: (event: EventOf<M>) => void;
}

/** How a worker process ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How long after its channel a process may end and still say how it ended. */
const exitDelayMs = 500;

interface PendingWork {
  onProgress?: LongWork['onProgress'];
  onEvent?: (event: never) => void;
}

/**
 * The host's side of a worker process (forked with `serialization: 'advanced'`, so that typed arrays
 * cross as they are). A request ends with its result, the worker's own error (revived, see
 * errors.ts), CancelledError, or UserError `worker-ended` when the process ends before it answered:
 * no request stays pending for ever.
 */
export class WorkerClient {
  private readonly connection: MessageConnection;
  private readonly pending = new Map<number, PendingWork>();
  private lastWork = 0;
  private end: WorkerEnd | undefined;
  /** Resolves once the process has ended. */
  readonly ended: Promise<WorkerEnd>;

  constructor(private readonly process: ChildProcess) {
    this.connection = createMessageConnection(
      new IPCMessageReader(process),
      new IPCMessageWriter(process),
    );
    this.listen('work/progress', ({ work, progress }) => {
      this.pending.get(work)?.onProgress?.(progress);
    });
    this.listen('work/event', ({ work, event }) => {
      this.pending.get(work)?.onEvent?.(event as never);
    });
    this.connection.listen();
    this.ended = new Promise((resolve) => {
      const close = (end: WorkerEnd): void => {
        this.end ??= end;
        this.connection.dispose();
        resolve(this.end);
      };
      process.once('exit', (code, signal) => {
        close({ code, signal });
      });
      process.on('error', () => {
        // It may run on, but nobody would hear of it any more.
        this.kill();
        close({ code: null, signal: null });
      });
      process.once('disconnect', () => {
        // `exit` follows within milliseconds and says how; this is for a channel closed alone.
        setTimeout(() => {
          close({ code: process.exitCode, signal: process.signalCode });
        }, exitDelayMs);
      });
    });
  }

  /** False once the process has ended. */
  get alive(): boolean {
    return this.end === undefined;
  }

  async request<M extends WorkerMethod>(
    method: M,
    params: ParamsOf<M>,
    work: RequestWork<M> = {},
  ): Promise<ResultOf<M>> {
    throwIfCancelled(work.signal);
    if (!this.alive) {
      throw this.endedError();
    }
    const id = ++this.lastWork;
    this.pending.set(id, { onProgress: work.onProgress, onEvent: work.onEvent });
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => {
      cancellation.cancel();
    };
    work.signal?.addEventListener('abort', cancel);
    try {
      const message: WorkerRequestMessage = { work: id, params };
      return await this.connection.sendRequest<ResultOf<M>>(method, message, cancellation.token);
    } catch (error) {
      throw this.translate(error, work.signal);
    } finally {
      work.signal?.removeEventListener('abort', cancel);
      cancellation.dispose();
      this.pending.delete(id);
    }
  }

  /** Ends the process at once; pending requests are rejected. */
  kill(): void {
    this.process.kill('SIGKILL');
  }

  private listen<N extends keyof WorkerNotifications>(
    method: N,
    handle: (params: WorkerNotifications[N]) => void,
  ): void {
    this.connection.onNotification(method, handle);
  }

  private translate(error: unknown, signal: AbortSignal | undefined): unknown {
    if (error instanceof ResponseError && isErrorData(error.data)) {
      return reviveError(error.data);
    }
    if (!this.alive || !this.process.connected) {
      return signal?.aborted ? new CancelledError() : this.endedError();
    }
    return error;
  }

  private endedError(): UserError {
    const { code, signal } = this.end ?? {
      code: this.process.exitCode,
      signal: this.process.signalCode,
    };
    const how =
      signal !== null
        ? sentence` (${signal})`
        : code !== null
          ? sentence` (exit code ${code})`
          : '';
    return new UserError(
      'worker-ended',
      sentence`The worker process ended before it answered${how}.`,
      'Run the command again: a new worker starts by itself. If it ends again, try the device "cpu" and a smaller batch.',
    );
  }
}

function isErrorData(data: unknown): data is WorkerErrorData {
  return typeof data === 'object' && data !== null && 'kind' in data;
}
