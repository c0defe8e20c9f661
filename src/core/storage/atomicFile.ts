import { randomBytes } from 'node:crypto';
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises';
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
  await writeFilesAtomically([{ path, write }]);
}

/** A file that is to be written. */
export interface FileToWrite {
  readonly path: string;
  readonly write: Content;
}

/**
 * The same for files that belong together: none takes its place before all are whole on disk. What
 * can fail for want of space or rights has then been done; the renames follow one after the other,
 * the last file first: a file can be written once those before it are known, and be there before them.
 */
export async function writeFilesAtomically(files: readonly FileToWrite[]): Promise<void> {
  const written: { readonly temporary: string; readonly path: string }[] = [];
  let current = '';
  try {
    for (const file of files) {
      current = file.path;
      const { path, mode } = await targetOf(file.path);
      const temporary = await temporaryBeside(path);
      const opened = await open(temporary, 'wx', mode);
      written.push({ temporary, path });
      await writeWhole(opened, file.write);
    }
    for (const { temporary, path } of written.reverse()) {
      current = path;
      await onceLetGo(() => rename(temporary, path));
      await syncFolder(dirname(path));
    }
  } catch (error) {
    for (const { temporary } of written) {
      await rm(temporary, { force: true });
    }
    throw explainStorageError(error, current);
  }
}

/** A file to write to; without the handle's `write`, which may write only a part of what it is given. */
type OpenFile = Pick<FileHandle, 'appendFile' | 'writeFile'>;

/** All the bytes, or what writes them. */
type Content = ((file: OpenFile) => Promise<void>) | string | Uint8Array;

async function temporaryBeside(path: string): Promise<string> {
  const folder = dirname(path);
  await makeFolder(folder);
  return join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
}

/**
 * The file that a path leads to, which may be a link, and the rights it has. Throws where a folder has
 * the name: seen before the first rename, it costs nobody a file.
 */
async function targetOf(
  path: string,
): Promise<{ readonly path: string; readonly mode: number | undefined }> {
  const real = await realpath(path).catch(() => path);
  const found = await stat(real).catch(() => undefined);
  if (found?.isDirectory() === true) {
    throw Object.assign(new Error(`EISDIR: ${path} is a folder`), { code: 'EISDIR' });
  }
  if (found !== undefined) {
    await access(real, constants.W_OK); // a rename would not ask
  }
  return { path: real, mode: found === undefined ? undefined : found.mode & 0o777 };
}

/** A rename is on disk once its folder is; where folders cannot be opened (Windows) it has to do without. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const opened = await open(folder, 'r');
    await opened.sync().finally(() => opened.close());
  } catch {
    // The content is on disk in any case.
  }
}

/** Writes all of it to disk, and closes the file whatever happens. */
async function writeWhole(file: FileHandle, write: Content): Promise<void> {
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
}
