import { ResponseError } from 'vscode-jsonrpc/node';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { messageOf } from '../core/errors';
import { serialiseError } from '../protocol/errors';
import type { LongWork } from '../core/progress';
import type {
  EventOf,
  ParamsOf,
  ResultOf,
  WorkerErrorData,
  WorkerMethod,
  WorkerNotifications,
  WorkerRequestMessage,
} from '../protocol/messages';

/** What a handler works with: progress and cancellation, and a way to send its own events. */
export interface HandlerWork<M extends WorkerMethod> extends LongWork {
  readonly signal: AbortSignal;
  readonly onProgress: NonNullable<LongWork['onProgress']>;
  readonly onEvent: (event: EventOf<M>) => void;
}

export type Handler<M extends WorkerMethod> = (
  params: ParamsOf<M>,
  work: HandlerWork<M>,
) => Promise<ResultOf<M>>;

/** One handler a method. */
export type HandlerTable = { readonly [M in WorkerMethod]: Handler<M> };

/** Progress faster than this is not sent: a bar cannot show more. */
const progressIntervalMs = 50;

/** Any error of a handler travels as its serialised form under this code. */
const handlerErrorCode = -32000;

/** Answers the requests of `connection` with `handlers`. A handler's error never ends the process. */
export function serve(connection: MessageConnection, handlers: HandlerTable): void {
  for (const method of Object.keys(handlers) as WorkerMethod[]) {
    serveMethod(connection, method, handlers[method] as Handler<WorkerMethod>);
  }
  connection.listen();
}

function serveMethod<M extends WorkerMethod>(
  connection: MessageConnection,
  method: M,
  handler: Handler<M>,
): void {
  const notify = <N extends keyof WorkerNotifications>(
    name: N,
    params: WorkerNotifications[N],
  ): void => {
    // Only fails when the host is gone, and then the process ends by itself (see main.ts).
    connection.sendNotification(name, params).catch(() => undefined);
  };
  connection.onRequest(method, async (message: WorkerRequestMessage, token: CancellationToken) => {
    const { work, params } = message;
    const cancellation = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      cancellation.abort();
    });
    let lastStage = '';
    let lastSent = 0;
    try {
      return await handler(params as ParamsOf<M>, {
        signal: cancellation.signal,
        onProgress: (progress) => {
          const now = Date.now();
          const ends = progress.done === progress.total;
          if (progress.stage !== lastStage || ends || now - lastSent >= progressIntervalMs) {
            lastStage = progress.stage;
            lastSent = now;
            notify('work/progress', { work, progress });
          }
        },
        onEvent: (event) => {
          notify('work/event', { work, event });
        },
      });
    } catch (error) {
      const data = serialiseError(error);
      const message = messageOf(error);
      return new ResponseError<WorkerErrorData>(handlerErrorCode, message, data);
    } finally {
      subscription.dispose();
    }
  });
}
