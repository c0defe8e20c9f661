/** What the scripts of a page hold. */
import type { CDPSession, Page } from 'playwright-core';

export interface PageHeap {
  /** Objects of scripts, bytes. */
  readonly objects: number;
  /** What array buffers hold, bytes. */
  readonly buffers: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize?: number;
}

/** After a collection. Frames of the same site share the heap of the page. */
export async function heapOf(page: Page): Promise<PageHeap> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('HeapProfiler.collectGarbage');
    return await heapUsage(session);
  } finally {
    await session.detach();
  }
}

async function heapUsage(session: CDPSession): Promise<PageHeap> {
  const usage: HeapUsage = await session.send('Runtime.getHeapUsage');
  return { objects: usage.usedSize, buffers: usage.backingStorageSize ?? 0 };
}
