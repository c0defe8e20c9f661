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
