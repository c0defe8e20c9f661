import { open, type FileHandle } from 'node:fs/promises';

/** Does `work` while no file takes another byte. */
export async function withFullDisk(work: () => Promise<void>): Promise<void> {
  const handle = await open(__filename);
  const prototype = Object.getPrototypeOf(handle) as Pick<FileHandle, 'write'>;
  await handle.close();
  const { write } = prototype;
  prototype.write = () => Promise.reject(new Error('ENOSPC: no space left on device, write'));
  try {
    await work();
  } finally {
    prototype.write = write;
  }
}
