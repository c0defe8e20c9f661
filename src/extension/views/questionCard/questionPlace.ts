import * as vscode from 'vscode';
import { isQuestionDocument } from '../../language/questionFiles';

/** A line of a question file that is open; `line` is 0-based. */
export interface QuestionPlace {
  readonly document: vscode.TextDocument;
  readonly line: number;
}

/** Where the cursor is, if it is in a question file. */
export function activePlace(): QuestionPlace | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor !== undefined && isQuestionDocument(editor.document) ? placeOf(editor) : undefined;
}

/** Where the cursor of an editor is. */
export function placeOf({ document, selection }: vscode.TextEditor): QuestionPlace {
  return { document, line: selection.active.line };
}

/** Puts the cursor on a question, in an editor that shows its file or in a new one. */
export async function putCursor(
  { document, line }: QuestionPlace,
  preserveFocus: boolean,
): Promise<void> {
  const start = new vscode.Position(Math.min(line, document.lineCount - 1), 0);
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    preserveFocus,
  });
  editor.selection = new vscode.Selection(start, start);
  editor.revealRange(
    new vscode.Range(start, start),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
