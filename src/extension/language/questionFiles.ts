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
