import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { DatasetSideFile } from '../../core/dataset/record';
import type { ReportTable } from '../../core/dataset/reportTable';
import { besideSideFile, readSideFile, sideFilePath } from '../../core/dataset/sideFile';
import { UserError } from '../../core/errors';
import { setting } from '../settings';
import type { SharedReportTables } from './reportTables';

/** What stands around a question file and decides what its records mean. */
export interface Surroundings {
  readonly sideFile?: DatasetSideFile;
  readonly reports?: ReportTable;
  /** Why the side file or its tables cannot be used. */
  readonly problem?: string;
  /** Image roots of the settings, absolute. */
  readonly imageRoots: readonly string[];
}

/**
 * Reads side file and tables; a defect in them is part of the answer.
 *
 * @param uses is told of each file before it is read, so that no change of it goes unseen.
 */
export async function readSurroundings(
  dataset: vscode.Uri,
  tables: SharedReportTables,
  uses: (file: string) => void,
): Promise<Surroundings> {
  const path = dataset.fsPath;
  const imageRoots = imageRootsOf(dataset);
  let sideFile: DatasetSideFile | undefined;
  try {
    uses(sideFilePath(path));
    sideFile = await readSideFile(path);
    for (const table of [sideFile?.reports, sideFile?.labels]) {
      if (table !== undefined) {
        uses(besideSideFile(path, table));
      }
    }
    const reports = await tables.of(path, sideFile);
    return { ...(sideFile && { sideFile }), ...(reports && { reports }), imageRoots };
  } catch (error) {
    if (error instanceof UserError) {
      return { ...(sideFile && { sideFile }), problem: error.message, imageRoots };
    }
    throw error;
  }
}

/** The image roots of the settings, relative ones taken from the file's workspace folder. */
export function imageRootsOf(dataset: vscode.Uri): string[] {
  const folder =
    vscode.workspace.getWorkspaceFolder(dataset)?.uri.fsPath ?? dirname(dataset.fsPath);
  return setting('imageRoots', dataset).map((root) => resolve(folder, root));
}
