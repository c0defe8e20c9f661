import { stat } from 'node:fs/promises';
import { besideSideFile, readSideFile, sideFilePath } from '../../../core/dataset/sideFile';

/** Changes when a question file, its side file or a table that the side file names is written anew. */
export async function filesIdentity(paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map(filesOf))).flat();
  return JSON.stringify(await Promise.all(files.map(async (path) => [path, await timeOf(path)])));
}

/** What the overview of a question file is made from. */
async function filesOf(path: string): Promise<string[]> {
  const sideFile = await readSideFile(path).catch(() => undefined);
  const tables = [sideFile?.reports, sideFile?.labels].filter((table) => table !== undefined);
  return [path, sideFilePath(path), ...tables.map((table) => besideSideFile(path, table))];
}

async function timeOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.mtimeMs}:${found.size}`;
}
