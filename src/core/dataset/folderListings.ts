import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isFile } from '../storage/presence';

/** Folded names of what a folder holds; `unlistable` where it is there but cannot be read. */
type Names = ReadonlySet<string> | 'absent' | 'unlistable';

/** More listings than this are forgotten at once: a set may have a folder for every scan. */
const mostListings = 20_000;

/**
 * Which files are below the image roots, by listings of their folders: a hundred thousand paths that
 * lead nowhere are told apart in memory, where asking the disk for each would take a minute.
 */
export class FolderListings {
  private readonly listings = new Map<string, Names | Promise<Names>>();

  /**
   * The path of the file that `segments` from `start` on lead to below `folder`, or undefined: at
   * once where the listings in memory tell.
   */
  find(
    folder: string,
    segments: readonly string[],
    start = 0,
  ): string | undefined | Promise<string | undefined> {
    if (start === segments.length) {
      return isFile(folder).then((exists) => (exists ? folder : undefined));
    }
    const names = this.namesIn(folder);
    if (names instanceof Promise) {
      return names.then(() => this.find(folder, segments, start));
    }
    return mayHold(names, segments[start])
      ? this.find(join(folder, segments[start]), segments, start + 1)
      : undefined;
  }

  private namesIn(folder: string): Names | Promise<Names> {
    const known = this.listings.get(folder);
    if (known !== undefined) {
      return known;
    }
    if (this.listings.size >= mostListings) {
      this.listings.clear();
    }
    const asked = list(folder).then((names) => {
      this.listings.set(folder, names);
      return names;
    });
    this.listings.set(folder, asked);
    return asked;
  }
}

async function list(folder: string): Promise<Names> {
  try {
    return new Set((await readdir(folder)).map(folded));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'unlistable';
  }
}

/** False only where the file system has no such name; it alone knows whether case counts. */
function mayHold(names: Names, name: string): boolean {
  if (typeof names === 'string') {
    return names === 'unlistable';
  }
  return names.has(folded(name)) || shortName.test(name);
}

/** Windows' second name of a file, which no listing shows. */
const shortName = /~\d/;

/** Equal for names that some file system takes for the same. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
