import { parseVolumeName, volumeStem } from '../volumeName';
import { slashed } from '../writtenPaths';

/**
 * Short names for volumes that a table gives by path: the file's name without extension, and as many
 * of its folders as it takes to tell it from the others (`a/ct` and `b/ct`). Paths of the same
 * CT-RATE volume keep one name.
 */
export function volumeNames(written: readonly string[]): ReadonlyMap<string, string> {
  const byStem = new Map<string, string[]>();
  for (const path of written) {
    const stem = volumeStem(path);
    const alike = byStem.get(stem);
    if (alike === undefined) {
      byStem.set(stem, [path]);
    } else {
      alike.push(path);
    }
  }
  const names = new Map<string, string>();
  for (const [stem, paths] of byStem) {
    const folders = paths.map(foldersOf);
    const isOneVolume = paths.length === 1 || parseVolumeName(stem) !== undefined;
    const depth = isOneVolume ? 0 : depthThatDiffers(folders);
    paths.forEach((path, index) => {
      names.set(path, [...(depth === 0 ? [] : folders[index].slice(-depth)), stem].join('/'));
    });
  }
  return names;
}

/** The folders of a path, outermost first; without drive or root. */
function foldersOf(path: string): string[] {
  const steps = slashed(path).split('/').slice(0, -1);
  return steps.filter((step) => step !== '' && step !== '.' && !/^[a-z]:$/i.test(step));
}

/** How many of the innermost folders make all of them differ; all there are where none do. */
function depthThatDiffers(folders: readonly (readonly string[])[]): number {
  const deepest = folders.reduce((most, { length }) => Math.max(most, length), 0);
  for (let depth = 1; depth < deepest; depth++) {
    if (new Set(folders.map((each) => each.slice(-depth).join('/'))).size === folders.length) {
      return depth;
    }
  }
  return deepest;
}
