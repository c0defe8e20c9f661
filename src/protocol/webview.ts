import { reviveError, serialiseError, type SerialisedError } from './errors';

/*
 * The border between the extension host and a webview. Each side of a view is described by two
 * unions: the calls it answers ({@link Call}) and the notices it listens to ({@link Notice}).
 */

/** A call that one side answers; `result` exists in the type only. */
export interface Call<Method extends string, Params, Result> {
  readonly method: Method;
  readonly params: Params;
  readonly result: Result;
}

/** News that nobody answers. */
export interface Notice<Name extends string, Data> {
  readonly name: Name;
  readonly data: Data;
}

/** What one side of a view understands. */
export interface Side {
  readonly calls: Call<string, unknown, unknown>;
  readonly notices: Notice<string, unknown>;
}

type Methods<S extends Side> = S['calls']['method'];
type Names<S extends Side> = S['notices']['name'];
export type CallOf<S extends Side, M extends Methods<S>> = Extract<S['calls'], { method: M }>;
export type DataOf<S extends Side, N extends Names<S>> = Extract<S['notices'], { name: N }>['data'];

/** One function for every call and every notice of a side. */
export interface Handlers<S extends Side> {
  readonly calls: {
    readonly [M in Methods<S>]: (
      params: CallOf<S, M>['params'],
      signal: AbortSignal,
    ) => CallOf<S, M>['result'] | Promise<CallOf<S, M>['result']>;
  };
  readonly notices: { readonly [N in Names<S>]: (data: DataOf<S, N>) => void };
}

/** What travels between the two sides. */
export type WireMessage =
  | {
      readonly kind: 'call';
      readonly id: string;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: 'result'; readonly id: string; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: string; readonly error: SerialisedError }
  | { readonly kind: 'cancel'; readonly id: string }
  | { readonly kind: 'notice'; readonly name: string; readonly data: unknown };

/** Sends a message; `false` (now or later) says that it did not arrive. */
export type Post = (message: WireMessage) => boolean | PromiseLike<boolean>;

/** Why a call has no answer: the other side is gone. */
export class ViewClosedError extends Error {
  override readonly name = 'ViewClosedError';

  constructor() {
    super('The view was closed.');
  }
}

interface PendingCall {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The handlers of a side as messages find them: by a name that may be anything. */
interface HandlersByName {
  readonly calls: Record<string, (params: unknown, signal: AbortSignal) => unknown>;
  readonly notices: Record<string, (data: unknown) => void>;
}

/**
 * One end of the border: answers the calls of `Own`, makes those of `Other`. No call stays pending
 * for ever: it is rejected when the handler throws (with the same {@link UserError}), when the method
 * is unknown, when the message cannot be delivered and when this end is closed.
 */
export class Channel<Own extends Side, Other extends Side> {
  private readonly handlers: HandlersByName;
  private readonly pending = new Map<string, PendingCall>();
  private readonly answering = new Map<string, AbortController>();
  private callCount = 0;
  private otherSession: string | undefined;
  private isClosed = false;

  /**
   * @param session sets this end's calls apart from those of a page that stood here before: a late
   *   answer to a page that was reloaded must not answer a call of the new one.
   */
  constructor(
    private readonly post: Post,
    handlers: Handlers<Own>,
    /** Puts an error that the other side is told into the words of people there. */
    private readonly tell: (thrown: unknown) => unknown = (thrown) => thrown,
    private readonly session = crypto.getRandomValues(new Uint32Array(2)).join('-'),
  ) {
    this.handlers = handlers;
  }

  /** Calls the other side; aborting `signal` rejects the call and aborts the handler's signal. */
  call<M extends Methods<Other>>(
    method: M,
    params: CallOf<Other, M>['params'],
    signal?: AbortSignal,
  ): Promise<CallOf<Other, M>['result']> {
    if (this.isClosed) {
      return Promise.reject(new ViewClosedError());
    }
    const id = `${this.session}.${++this.callCount}`;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
    });
    this.send({ kind: 'call', id, method, params }, () => {
      this.settle(id)?.reject(new ViewClosedError());
    });
    const cancel = (): void => {
      this.send({ kind: 'cancel', id });
      this.settle(id)?.reject(reviveError({ kind: 'cancelled' }));
    };
    if (signal?.aborted) {
      cancel();
    }
    signal?.addEventListener('abort', cancel, { once: true });
    return answer.finally(() => {
      signal?.removeEventListener('abort', cancel);
    });
  }

  /** Tells the other side something, if it is there to listen. */
  notify<N extends Names<Other>>(name: N, data: DataOf<Other, N>): void {
    if (!this.isClosed) {
      this.send({ kind: 'notice', name, data });
    }
  }

  /** Takes what the other side posted; what is no message of this border is ignored. */
  receive(message: unknown): void {
    if (this.isClosed || !isWireMessage(message)) {
      return;
    }
    switch (message.kind) {
      case 'call':
        this.meet(sessionOf(message.id));
        void this.answer(message.id, message.method, message.params);
        break;
      case 'result':
        this.settle(message.id)?.resolve(message.result);
        break;
      case 'failure':
        this.fail(message.id, message.error);
        break;
      case 'cancel':
        this.answering.get(message.id)?.abort();
        break;
      case 'notice':
        own(this.handlers.notices, message.name)?.(message.data);
        break;
    }
  }

  /** Rejects every pending call, which the other side then ends too, and aborts every handler at work. */
  close(): void {
    this.isClosed = true;
    for (const id of [...this.pending.keys()]) {
      this.send({ kind: 'cancel', id });
      this.settle(id)?.reject(new ViewClosedError());
    }
    this.abandon();
  }

  /** Aborts every handler at work: nobody is there any more to hear its answer. Calls may come again. */
  abandon(): void {
    for (const controller of this.answering.values()) {
      controller.abort();
    }
    this.answering.clear();
  }

  /** A page that was reloaded cannot say that it no longer waits for what it asked before. */
  private meet(session: string): void {
    if (session !== this.otherSession) {
      this.abandon();
      this.otherSession = session;
    }
  }

  private fail(id: string, sent: SerialisedError): void {
    // Before the call is settled: whatever was sent, it does not stay pending.
    const error = reviveError(sent);
    this.settle(id)?.reject(error);
  }

  private async answer(id: string, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.answering.set(id, controller);
    let answer: WireMessage;
    try {
      const handle = own(this.handlers.calls, method);
      if (handle === undefined) {
        throw new Error(`Nobody answers "${method}".`);
      }
      answer = { kind: 'result', id, result: await handle(params, controller.signal) };
    } catch (error) {
      answer = { kind: 'failure', id, error: serialiseError(this.tell(error)) };
    }
    if (this.answering.delete(id)) {
      this.send(answer);
    }
  }

  private send(message: WireMessage, onLost: () => void = () => undefined): void {
    Promise.resolve(this.post(message)).then((delivered) => {
      if (!delivered) {
        onLost();
      }
    }, onLost);
  }

  private settle(id: string): PendingCall | undefined {
    const call = this.pending.get(id);
    this.pending.delete(id);
    return call;
  }
}

/** The session in the id of a call. */
function sessionOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('.')));
}

/** What `table` itself holds under `name`: `toString` and its like are no handlers. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const messageKinds = new Set<unknown>(['call', 'result', 'failure', 'cancel', 'notice']);

function isWireMessage(message: unknown): message is WireMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    messageKinds.has(message.kind)
  );
}
