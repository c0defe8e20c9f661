import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { explainStorageError } from './storageErrors';

/**
 * Makes a folder and those it stands in. Not by mkdir's own `recursive`, which in Node 20 never ends
 * where a file system lets nobody make folders (/proc).
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeLast(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) {
      throw error;
    }
    await makeFolder(dirname(path));
    // Not asked before whether it was missing: others may be making the same folders just now.
    await makeLast(path);
  }
}

/** Makes one folder, unless it is there. */
async function makeLast(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(path)).isDirectory()) {
      throw error;
    }
  }
}

/**
 * That a folder is there and can be written to, or could be made.
 * @throws UserError `no-such-place`, `not-writable`
 */
export async function requireRoomFor(folder: string): Promise<void> {
  try {
    let nearest = folder;
    while (!(await isThere(nearest)) && dirname(nearest) !== nearest) {
      nearest = dirname(nearest);
    }
    // With a separator at its end a path leads into a folder, or nowhere.
    await access(`${nearest}/`, constants.W_OK);
  } catch (error) {
    throw explainStorageError(error, folder);
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );
}
