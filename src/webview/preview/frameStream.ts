/** Bytes that are taken from the connection at a time. */
const readBytes = 2 ** 20;

/**
 * The bytes at `address`; null where the page may not fetch them, or something else is there, as
 * where a proxy asks for a password. Only of the page's own origin, which its policy allows.
 */
export async function fetchFrames(
  address: string | null,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  if (address === null || new URL(address).origin !== location.origin) {
    return null;
  }
  try {
    const { body, headers } = await fetch(address, { signal, cache: 'no-store' });
    const isOurs = headers.get('Content-Type') === 'application/x-ct-mcqa-voxels';
    return isOurs && body ? bytesOf(body) : null;
  } catch {
    return null;
  }
}

/** One buffer takes all the bytes, in turn: a new one a read is more work for the page than reading. */
async function* bytesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader({ mode: 'byob' });
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
