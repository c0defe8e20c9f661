import * as vscode from 'vscode';
import { JsonLine } from '../../core/dataset/jsonl';
import { fieldAtPosition } from './fieldAtPosition';

/** Gives a question another id, which no other question of the file may have. */
export class QuestionRename implements vscode.RenameProvider {
  prepareRename(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): { range: vscode.Range; placeholder: string } {
    const at = fieldAtPosition(document, position);
    if (at?.text === undefined || at.path.length !== 1 || at.path[0] !== 'id') {
      throw new Error(vscode.l10n.t('Only the id of a question can be renamed.'));
    }
    return { range: at.range, placeholder: at.text };
  }

  provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    newName: string,
  ): vscode.WorkspaceEdit {
    const { range, placeholder } = this.prepareRename(document, position);
    if (newName.trim() === '') {
      throw new Error(vscode.l10n.t('An id cannot be empty.'));
    }
    const other = newName === placeholder ? undefined : lineWithId(document, newName);
    if (other !== undefined) {
      throw new Error(vscode.l10n.t('Line {0} has this id already.', other + 1));
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, JSON.stringify(newName));
    return edit;
  }
}

function lineWithId(document: vscode.TextDocument, id: string): number | undefined {
  const written = JSON.stringify(id);
  for (let line = 0; line < document.lineCount; line++) {
    const { text } = document.lineAt(line);
    if (text.includes(written) && new JsonLine(text).record?.id === id) {
      return line;
    }
  }
  return undefined;
}
