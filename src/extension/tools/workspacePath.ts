import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../../core/errors';

/**
 * The file that a language model means, which must exist below one of the workspace folders, links
 * followed: what a model asks for may come from a text that somebody else wrote.
 *
 * @param given absolute, or relative to any of `folders`.
 * @param endings what the name must end in, such as `.nii`.
 * @throws UserError `path-missing`, `path-outside-workspace`, `path-kind`, in words for the model.
 */
export function resolveInWorkspace(
  given: unknown,
  folders: readonly string[],
  endings: readonly string[],
): string {
  if (typeof given !== 'string' || given.trim() === '') {
    throw new UserError('path-missing', 'No path was given.', 'Pass the path of a file.');
  }
  const candidates = isAbsolute(given) ? [resolve(given)] : folders.map((f) => resolve(f, given));
  const inside = candidates.filter((path) => folders.some((folder) => isBelow(path, folder)));
  if (inside.length === 0) {
    throw outside(given, folders);
  }
  if (!endings.some((ending) => given.toLowerCase().endsWith(ending))) {
    throw new UserError(
      'path-kind',
      `${given} is not a file that this tool reads.`,
      `Pass a file that ends in ${endings.join(' or ')}.`,
    );
  }
  const found = inside.find((path) => realPath(path) !== undefined);
  if (found === undefined) {
    throw new UserError(
      'path-missing',
      `There is no file ${given}.`,
      'Search the workspace for the right path.',
    );
  }
  const real = realPath(found) ?? found;
  if (!folders.some((folder) => isBelow(real, realPath(folder) ?? folder))) {
    throw outside(given, folders);
  }
  return found;
}

function outside(given: string, folders: readonly string[]): UserError {
  return new UserError(
    'path-outside-workspace',
    `${given} is not in the open workspace.`,
    folders.length === 0
      ? 'Ask the user to open a folder first.'
      : `Pass a path below ${folders.join(' or ')}.`,
  );
}

/** Where the path leads, all links followed; undefined where nothing is. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
