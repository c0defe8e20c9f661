import { parseVolumeName, volumeStem } from './volumeName';
import { slashed } from './writtenPaths';

interface Entry<T> {
  readonly name: string;
  readonly written: string;
  readonly value: T;
}

/**
 * What is known of volumes, to be asked for by the name or the path that somebody else uses: tables,
 * folders and question files write the same volume with other folders before it.
 *
 * Names (see `volumeNames`) say how many folders it takes to tell a volume from the others of its
 * table; at least those must agree, so that `a/ct` is never taken for `b/ct`. CT-RATE's names need none.
 */
export class VolumeIndex<T> {
  private readonly byStem = new Map<string, Entry<T>[]>();

  /** Of equally good entries the one added first is found. */
  add(name: string, written: string, value: T): void {
    const stem = volumeStem(name);
    const alike = this.byStem.get(stem);
    if (alike === undefined) {
      this.byStem.set(stem, [{ name, written, value }]);
    } else {
      alike.push({ name, written, value });
    }
  }

  /**
   * @param name of the volume in the asker's own table; a path where it is in none
   * @param written its path there, which decides where several entries would do
   */
  find(name: string, written = name): T | undefined {
    const alike = this.byStem.get(volumeStem(name)) ?? [];
    if (alike.length === 1 && !isInFolder(alike[0].name) && !isInFolder(name)) {
      return alike[0].value;
    }
    const isKnownByName = parseVolumeName(name) !== undefined;
    const wanted = stepsOf(written);
    const ownLeast = isKnownByName ? 1 : stepsOf(name).length;
    let best: Entry<T> | undefined;
    let most = 0;
    for (const entry of alike) {
      const shared = sharedSteps(stepsOf(entry.written), wanted);
      const least = isKnownByName ? 1 : Math.max(ownLeast, stepsOf(entry.name).length);
      if (shared >= least && shared > most) {
        most = shared;
        best = entry;
      }
    }
    return best?.value;
  }
}

/** An index of the rows of a table. */
export function indexRows<T extends { readonly volume: string; readonly imagePath?: string }>(
  rows: Iterable<T>,
): VolumeIndex<T> {
  const index = new VolumeIndex<T>();
  for (const row of rows) {
    index.add(row.volume, row.imagePath ?? row.volume, row);
  }
  return index;
}

function isInFolder(name: string): boolean {
  return /[/\\]/.test(name);
}

/** The name without extension and the folders, innermost first. */
export function stepsOf(path: string): string[] {
  const folders = slashed(path).split('/').slice(0, -1);
  return [volumeStem(path), ...folders.filter((step) => step !== '' && step !== '.').reverse()];
}

/** How many of the innermost steps are the same. */
export function sharedSteps(some: readonly string[], others: readonly string[]): number {
  const differing = some.findIndex((step, index) => step !== others[index]);
  return differing === -1 ? some.length : differing;
}
