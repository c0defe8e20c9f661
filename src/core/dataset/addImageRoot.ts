import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../storage/atomicFile';
import type { DatasetSideFile } from './record';
import { readSideFile, sideFilePath } from './sideFile';
import { pathBeside } from './writtenPaths';

/**
 * Names a folder in the side file of a question file, which is made where there is none: images whose
 * paths lead nowhere, those of another machine too, are then found below it by the end of their path.
 *
 * @returns the path of the side file
 * @throws UserError `side-file-invalid`, those of a file that cannot be written
 */
export async function addImageRoot(datasetPath: string, folder: string): Promise<string> {
  const path = sideFilePath(datasetPath);
  const present: DatasetSideFile = (await readSideFile(datasetPath)) ?? { version: 1 };
  const roots = present.image_roots ?? [];
  const root = pathBeside(datasetPath, folder);
  if (!roots.includes(root)) {
    const content = { ...present, image_roots: [...roots, root] };
    await writeFileAtomically(
      path,
      `${JSON.stringify(content, undefined, await indentOf(path))}\n`,
    );
  }
  return path;
}

/** As the file has it: two spaces where it is new or on one line. */
async function indentOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^[{[]\r?\n([ \t]+)/.exec(text)?.[1] ?? '  ';
}
