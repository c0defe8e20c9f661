import { sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** What Windows says while a reader, a virus scanner or an indexer has a file open. */
const heldCodes: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];

/** Waits between tries, milliseconds, on systems that refuse to replace a file that is open. */
const usualWaits: readonly number[] = sep === '\\' ? [10, 20, 50, 100, 200, 500, 1000] : [];

/** Does `task`, again after each wait while it fails because a file is held open. */
export async function onceLetGo<T>(task: () => Promise<T>, waits = usualWaits): Promise<T> {
  for (const wait of waits) {
    try {
      return await task();
    } catch (error) {
      if (!heldCodes.includes((error as NodeJS.ErrnoException).code)) {
        throw error;
      }
      await setTimeout(wait);
    }
  }
  return task();
}
