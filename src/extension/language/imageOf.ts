import type * as vscode from 'vscode';
import { resolveImagePath } from '../../core/dataset/imagePaths';
import type { Services } from '../services';

/** Where the image of one question is; undefined where it is nowhere. */
export async function imageOf(
  { documents }: Pick<Services, 'documents'>,
  document: vscode.TextDocument,
  imagePath: string,
): Promise<string | undefined> {
  const { sideFile, imageRoots } = (await documents.get(document)?.surroundings()) ?? {};
  return resolveImagePath(imagePath, document.uri.fsPath, sideFile, imageRoots);
}
