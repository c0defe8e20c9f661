/** What passes between the benchmark (which holds the browser) and its agent in the extension host. */

/** The processes on the side of the extension host. */
export interface HostProcesses {
  readonly host: number;
  /** Worker by role; a role that has not been needed has none. */
  readonly workers: Readonly<Partial<Record<string, number>>>;
}

export interface Transfer {
  /** Bytes of one message, and how many. */
  readonly bytes: number;
  readonly count: number;
}

/** command -> what it is given and what it gives back. */
export interface Commands {
  /** Opens a file in a custom editor; gives the time of the request, ms since 1970. */
  open: { given: { readonly path: string; readonly viewType: string }; result: number };
  closeAll: { given: null; result: null };
  processes: { given: null; result: HostProcesses };
  /** Bytes of the extension host's heap and array buffers after a collection. */
  hostHeap: { given: null; result: number };
  /** Bytes of the heap of the worker that reads volumes after a collection. */
  workerHeap: { given: null; result: number };
  /** ms that messages take to a webview, until the last is acknowledged. */
  toWebview: { given: Transfer; result: number };
  /** ms that messages take from a forked process. */
  fromChild: { given: Transfer; result: number };
  /** Ends the agent, and with it the run in this window. */
  end: { given: null; result: null };
}

export type CommandName = keyof Commands;

export interface Request {
  readonly id: number;
  readonly name: CommandName;
  readonly given: unknown;
}

export type Response =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** The socket that the agent connects to, in an environment variable of this name. */
export const socketVariable = 'CT_MCQA_BENCH_SOCKET';
