import { freemem, totalmem } from 'node:os';

/** Memory this process may use, bytes: what the machine has, or a container's limit below that. */
export function usableMemory(): { readonly total: number; readonly available: number } {
  // 0 or beyond every machine where there is no limit.
  const limit = process.constrainedMemory() || Infinity;
  const total = Math.min(totalmem(), limit);
  const used = limit < totalmem() ? process.memoryUsage.rss() : 0;
  // On Linux and Windows what caches would give back counts as free; macOS does not tell.
  return { total, available: Math.min(freemem(), total - used) };
}

/** Thrown before a computation that cannot fit: Linux would end the process without a word. */
export class NotEnoughMemoryError extends Error {
  override readonly name = 'NotEnoughMemoryError';
}

/** @throws NotEnoughMemoryError where the machine cannot have so many bytes free */
export function requireMemory(bytes: number): void {
  const { total, available } = usableMemory();
  // macOS keeps nearly all memory busy with caches and counts none of that as free.
  if (bytes > (process.platform === 'darwin' ? total : available)) {
    throw new NotEnoughMemoryError(`${(bytes / 2 ** 30).toFixed(1)} GB of memory are needed`);
  }
}
