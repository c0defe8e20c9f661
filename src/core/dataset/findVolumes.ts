import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled } from '../errors';
import type { LongWork } from '../progress';
import { VolumeIndex } from './volumeIndex';
import { volumeStem } from './volumeName';

/** The files of every volume below a folder, links followed; none where the folder is not there. */
export async function findVolumes(
  folder: string,
  work: LongWork = {},
): Promise<VolumeIndex<string>> {
  const found: string[] = [];
  await walk(folder, new Set(), found, work);
  const index = new VolumeIndex<string>();
  for (const path of found) {
    index.add(volumeStem(path), path, path);
  }
  return index;
}

async function walk(
  folder: string,
  visited: Set<string>,
  found: string[],
  work: LongWork,
): Promise<void> {
  throwIfCancelled(work.signal);
  for (const entry of await entriesOf(folder, visited)) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() ? await linkKind(path) : entry;
    if (kind?.isDirectory()) {
      await walk(path, visited, found, work);
    } else if (kind?.isFile() && /\.nii(\.gz)?$/i.test(entry.name)) {
      found.push(path);
      work.onProgress?.({ stage: 'Looking for volumes', done: found.length });
    }
  }
}

/** The entries of a folder by name; none where it cannot be read or was visited already (links in a circle). */
async function entriesOf(folder: string, visited: Set<string>): Promise<Dirent[]> {
  try {
    const real = await realpath(folder);
    if (visited.has(real)) {
      return [];
    }
    visited.add(real);
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

async function linkKind(path: string) {
  try {
    return await stat(path);
  } catch {
    return undefined; // a link that leads nowhere
  }
}
