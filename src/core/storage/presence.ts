import { stat } from 'node:fs/promises';

/** Whether a file of the name can be seen; links are followed. */
export async function isFile(path: string): Promise<boolean> {
  return (await statsOf(path))?.isFile() === true;
}

/** Whether a folder of the name can be seen; links are followed. */
export async function isFolder(path: string): Promise<boolean> {
  return (await statsOf(path))?.isDirectory() === true;
}

function statsOf(path: string) {
  return stat(path).catch(() => undefined);
}

/** A file that is there and may not be read, or cannot just now, is none that is absent. */
export function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code));
}
