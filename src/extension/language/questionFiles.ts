import type * as vscode from 'vscode';
import { languageId, questionFileSuffix } from '../ids';

/** Whether a document is a question file on disk, by the language it has in the editor. */
export function isQuestionDocument(document: vscode.TextDocument): boolean {
  return document.languageId === languageId && document.uri.scheme === 'file';
}

/** Whether a file is a question file by its name. */
export function isQuestionFile(uri: vscode.Uri): boolean {
  return uri.scheme === 'file' && uri.path.toLowerCase().endsWith(questionFileSuffix);
}

/** About 800 questions with full reports, or 50,000 by reference. */
const longestLiveDocument = 8_000_000;

/** Whether a document is too long to be read anew while it is edited; asking costs no copy of it. */
export function isLongDocument(document: vscode.TextDocument): boolean {
  const end = document.lineAt(document.lineCount - 1).range.end;
  return document.offsetAt(end) > longestLiveDocument;
}
