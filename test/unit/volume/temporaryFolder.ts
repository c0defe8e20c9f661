import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the tests of the enclosing suite, removed after them. */
export function temporaryFolder(): {
  path: (name: string) => string;
  write: (name: string, bytes: Uint8Array) => Promise<string>;
} {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ct-mcqa-volume-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  return {
    path,
    write: async (name, bytes) => {
      await writeFile(path(name), bytes);
      return path(name);
    },
  };
}
