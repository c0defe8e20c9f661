import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { DatasetSideFile } from '../../core/dataset/record';
import type { ReportTable } from '../../core/dataset/reportTable';
import { readSideFile, sideFilePath } from '../../core/dataset/sideFile';
import { UserError } from '../../core/errors';
import { setting } from '../settings';

/** What stands around a question file and decides what its records mean. */
export interface Surroundings {
  readonly sideFile?: DatasetSideFile;
  readonly reports?: ReportTable;
  /** Why the side file or its tables cannot be used. */
  readonly problem?: string;
  /** Image roots of the settings, absolute. */
  readonly imageRoots: readonly string[];
  /** Files whose change makes this out of date. */
  readonly files: readonly string[];
}

/** Reads side file and tables; a defect in them is part of the answer. */
export async function readSurroundings(dataset: vscode.Uri): Promise<Surroundings> {
  const path = dataset.fsPath;
  const imageRoots = imageRootsOf(dataset);
  let sideFile: DatasetSideFile | undefined;
  const files = (): string[] => [
    sideFilePath(path),
    ...[sideFile?.reports, sideFile?.labels].flatMap((table) =>
      table === undefined ? [] : [resolve(dirname(path), table.replaceAll('\\', '/'))],
    ),
  ];
  try {
    sideFile = await readSideFile(path);
    // The CSV reader is needed only where there is a table.
    const reports =
      sideFile?.reports === undefined
        ? undefined
        : await (await import('../../core/dataset/reportTable')).readReportTable(path, sideFile);
    return {
      ...(sideFile && { sideFile }),
      ...(reports && { reports }),
      imageRoots,
      files: files(),
    };
  } catch (error) {
    if (error instanceof UserError) {
      return {
        ...(sideFile && { sideFile }),
        problem: error.message,
        imageRoots,
        files: files(),
      };
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
