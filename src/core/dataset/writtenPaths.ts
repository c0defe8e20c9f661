import { dirname, isAbsolute, relative, resolve } from 'node:path';

/** A path as question files and side files write it: with slashes on every system. */
export function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/** A file or folder relative to the file that names it. */
export function pathBeside(file: string, target: string): string {
  const path = slashed(relative(dirname(file), resolve(target)));
  return path === '' ? '.' : path;
}

/**
 * The path of an image in a question file: relative to the file where the image is below its folder,
 * so that the pair can be moved together; else relative to the image root that the side file names;
 * absolute where it is in neither.
 */
export function imagePathIn(questionFile: string, image: string, imageRoot: string): string {
  const inside = [dirname(questionFile), imageRoot]
    .map((folder) => relative(folder, image))
    .find((path) => !path.startsWith('..') && !isAbsolute(path));
  return slashed(inside ?? image);
}
