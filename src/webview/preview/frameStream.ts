import { framesType } from '../../core/volume/voxelFrames';

/** Bytes that are taken from the connection at a time. */
const readBytes = 2 ** 20;

/** What answers in place of the server of voxels where it was not reached: nothing was taken of it. */
const refusals = new Set([401, 403, 404]);

/** What is told of a stream. */
export interface StreamCalls {
  /** Where the page comes from. */
  readonly origin: string;
  /** Null where there is none. */
  address(): Promise<string | null>;
  /** Whether all was sent, once nothing more is; aborting `until` ends the stream. */
  sent(until: AbortSignal): Promise<boolean>;
}

/**
 * The bytes of frames; null where none were fetched, so that messages bring all of them. They end in
 * an error where the host tells that not all were sent, or is lost: proxies tell of neither.
 *
 * @throws where some were fetched, or may have been, and are lost
 */
export async function fetchedFrames(
  calls: StreamCalls,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  const address = await calls.address();
  if (address === null) {
    return null;
  }
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const broken = brokenBy(calls.sent(until));
  try {
    const frames = await fetchAt(address, calls.origin, AbortSignal.any([until, broken]));
    if (frames === null) {
      stop.abort();
    }
    return frames;
  } catch (error) {
    stop.abort();
    throw error;
  }
}

function brokenBy(sent: Promise<boolean>): AbortSignal {
  const broken = new AbortController();
  sent.then(
    (isAll) => {
      if (!isAll) {
        broken.abort(new Error('The connection broke.'));
      }
    },
    (error: unknown) => {
      broken.abort(error);
    },
  );
  return broken.signal;
}

/** Only of the page's own origin, which its policy allows. */
async function fetchAt(
  address: string,
  origin: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  if (!URL.canParse(address) || new URL(address).origin !== origin) {
    return null;
  }
  const { body, headers, status } = await fetch(address, { signal });
  if (body !== null && headers.get('Content-Type') === framesType) {
    return bytesOf(body);
  }
  await body?.cancel();
  if (refusals.has(status)) {
    return null;
  }
  throw new Error(`Something else is where the voxels were (status ${status}).`);
}

/** One buffer takes all the bytes, in turn: a new one a read is more work for the page than reading. */
async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = byobReaderOf(body);
  if (reader === undefined) {
    yield* chunksOf(body);
    return;
  }
  try {
    let room = new Uint8Array(readBytes);
    for (;;) {
      const { done, value } = await reader.read(room, { min: room.length });
      if (value !== undefined) {
        yield value;
        room = new Uint8Array(value.buffer);
      }
      if (done) {
        return;
      }
    }
  } finally {
    // Who leaves early wants no more; what has ended does not mind.
    reader.cancel().catch(() => undefined);
  }
}

/** Undefined in browsers that have none for what is fetched. */
function byobReaderOf(body: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield read.value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
