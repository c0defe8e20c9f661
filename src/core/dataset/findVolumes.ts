import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled } from '../errors';
import type { LongWork } from '../progress';
import { volumeStem } from './volumeName';

/** The volumes below a folder, to be asked for by name or by the path that somebody else's table gives. */
export class FoundVolumes {
  private readonly byStem = new Map<
    string,
    { readonly path: string; readonly steps: string[] }[]
  >();

  /** @param paths absolute, in the order in which equally good ones are preferred. */
  constructor(paths: readonly string[]) {
    for (const path of paths) {
      const stem = volumeStem(path);
      const alike = this.byStem.get(stem) ?? [];
      alike.push({ path, steps: stepsOf(path) });
      this.byStem.set(stem, alike);
    }
  }

  /**
   * The file of a volume: the one whose path shares the most last steps with `written`. It shares at
   * least those of `volume`, so that `a/ct` is never taken for `b/ct`.
   */
  find(volume: string, written = volume): string | undefined {
    const wanted = stepsOf(written);
    const least = stepsOf(volume).length;
    let best: string | undefined;
    let most = least - 1;
    for (const { path, steps } of this.byStem.get(volumeStem(volume)) ?? []) {
      const shared = sharedSteps(steps, wanted);
      if (shared > most) {
        most = shared;
        best = path;
      }
    }
    return best;
  }
}

/** Folders and the name without extension, innermost first. */
function stepsOf(path: string): string[] {
  const folders = path.replaceAll('\\', '/').split('/').slice(0, -1);
  return [volumeStem(path), ...folders.filter((step) => step !== '' && step !== '.').reverse()];
}

function sharedSteps(some: readonly string[], others: readonly string[]): number {
  const differing = some.findIndex((step, index) => step !== others[index]);
  return differing === -1 ? some.length : differing;
}

/** Every volume below a folder, links followed; none where the folder is not there. */
export async function findVolumes(folder: string, work: LongWork = {}): Promise<FoundVolumes> {
  const found: string[] = [];
  await walk(folder, new Set(), found, work);
  return new FoundVolumes(found);
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
