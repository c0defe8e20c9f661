import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './folders';
import { onceLetGo } from './heldFiles';
import { explainStorageError } from './storageErrors';

/**
 * Writes a file so that readers see the old bytes or all the new ones, never a part: temporary file
 * in the same folder, fsync, rename. When `write` throws (cancelled, disk full) nothing is left behind.
 *
 * @throws UserError `disk-full`, `not-writable`, `no-such-place`; what `write` throws
 */
export async function writeFileAtomically(path: string, write: Content): Promise<void> {
  try {
    await writeAndRename(path, write);
  } catch (error) {
    throw explainStorageError(error, path);
  }
}

/** A file to write to; without the handle's `write`, which may write only a part of what it is given. */
type OpenFile = Pick<FileHandle, 'appendFile' | 'writeFile'>;

/** All the bytes, or what writes them. */
type Content = ((file: OpenFile) => Promise<void>) | string | Uint8Array;

async function writeAndRename(path: string, write: Content): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    try {
      if (typeof write === 'function') {
        await write(file);
      } else {
        await file.writeFile(write);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await onceLetGo(() => rename(temporary, path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
