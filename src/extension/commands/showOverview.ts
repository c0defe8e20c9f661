import * as vscode from 'vscode';
import { isQuestionFile } from '../language/questionFiles';
import type { Services } from '../services';
import { openOverview } from '../views';
import { chooseQuestionFile } from './choose';

/** Shows what the question files hold that are chosen in the explorer, or one that is asked for. */
export async function showOverview(
  services: Services,
  file?: unknown,
  selected?: unknown,
): Promise<void> {
  const chosen = Array.isArray(selected)
    ? selected.filter(
        (each): each is vscode.Uri => each instanceof vscode.Uri && isQuestionFile(each),
      )
    : [];
  const files =
    chosen.length > 1
      ? chosen
      : [await chooseQuestionFile(file, vscode.l10n.t('Overview of which question file?'))];
  openOverview(services, files);
}
