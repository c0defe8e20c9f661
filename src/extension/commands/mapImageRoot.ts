import * as vscode from 'vscode';
import { addImageRoot } from '../../core/dataset/addImageRoot';
import type { Services } from '../services';
import { chooseFolder, chooseQuestionFile } from './choose';

/**
 * Names the folder of the volumes in the side file of a question file, for paths that lead nowhere
 * here. Both are asked for where they are not given.
 */
export async function mapImageRoot(
  _services: Services,
  file?: unknown,
  folder?: unknown,
): Promise<void> {
  const title = vscode.l10n.t('Map the images of which file?');
  const dataset = await chooseQuestionFile(file, title);
  const chosen =
    folder instanceof vscode.Uri
      ? folder
      : await chooseFolder(
          vscode.l10n.t('In which folder are the volumes?'),
          vscode.l10n.t('Map Folder'),
        );
  await addImageRoot(dataset.fsPath, chosen.fsPath);
}
