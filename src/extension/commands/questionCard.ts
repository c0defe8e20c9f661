import * as vscode from 'vscode';
import { messageOf, UserError } from '../../core/errors';
import type { CardMove } from '../../protocol/questionCard';
import { activePlace, moveToQuestion, showQuestionCard } from '../views';
import type { Services } from '../services';
import { chooseQuestionFile } from './choose';
import type { CommandRun } from './table';

/**
 * Shows the question under the cursor on the card beside the editor; code lenses and links name the
 * file and the line (0-based) instead.
 */
export async function showQuestionCardCommand(
  services: Services,
  file?: unknown,
  line?: unknown,
): Promise<void> {
  const place = activePlace();
  const isElsewhere =
    file instanceof vscode.Uri && file.toString() !== place?.document.uri.toString();
  if (place === undefined || isElsewhere) {
    const uri = await chooseQuestionFile(file, vscode.l10n.t('Show the questions of which file?'));
    const document = await openQuestions(uri);
    showQuestionCard(services, { document, line: typeof line === 'number' ? line : 0 });
  } else {
    showQuestionCard(services, typeof line === 'number' ? { ...place, line } : place);
  }
}

/** Shows a question file in an editor; one of over 50 MB the editor keeps to itself. */
async function openQuestions(uri: vscode.Uri): Promise<vscode.TextDocument> {
  try {
    return (await vscode.window.showTextDocument(uri)).document;
  } catch (error) {
    throw new UserError(
      'questions-not-open',
      vscode.l10n.t('{0} cannot be shown question by question: {1}', uri.fsPath, messageOf(error)),
      vscode.l10n.t(
        'Files over 50 MB are not handed to extensions: build them with options by reference, or split them.',
      ),
      error,
    );
  }
}

/** The command that goes on to another question. */
export function moveTo(move: CardMove): CommandRun {
  return (services) => moveToQuestion(services, move);
}
