import type { BuildOptions } from '../../../core/dataset/build';
import { buildArguments } from '../../../core/dataset/buildArguments';
import type { BuildForm, FieldName } from '../../../protocol/build';
import type { FolderPaths } from '../../tasks/folderPaths';

const singlePaths = [
  'reports',
  'images',
  'metadata',
  'labels',
  'embeddings',
  'out',
] as const satisfies readonly FieldName[];

/** The form with each of its paths written in another way. */
function withPaths(form: BuildForm, write: (path: string) => string): BuildForm {
  const paths = Object.fromEntries(
    singlePaths.flatMap((field) => {
      const path = form[field];
      return path === undefined ? [] : [[field, write(path)]];
    }),
  );
  return { ...form, ...paths, ...(form.exclude && { exclude: form.exclude.map(write) }) };
}

/**
 * The form as the builder takes it, with absolute paths. What it lacks the builder says.
 *
 * @param requireTrust called for a build that would run a model of the workspace
 */
export function optionsOf(
  form: BuildForm,
  paths: FolderPaths,
  requireTrust: () => void,
): BuildOptions {
  if (form.embeddings !== undefined) {
    requireTrust();
  }
  return withDefaults(withPaths(form, (path) => paths.absolute(path)));
}

/** The arguments of `ct-mcqa` in a folder, with the paths of a form that was filled in for `paths`. */
export function argumentsIn(folder: FolderPaths, form: BuildForm, paths: FolderPaths): string[] {
  return buildArguments(
    withDefaults(withPaths(form, (path) => folder.shown(paths.absolute(path)))),
  );
}

function withDefaults(form: BuildForm): BuildOptions {
  return { reports: '', images: '', out: '', ...form };
}
