import * as vscode from 'vscode';
import { patientRuns } from '../../core/dataset/language/patientRuns';
import { patientOf } from '../../core/dataset/volumeName';
import { isLongDocument } from './questionFiles';

/** The path alone, without reading the whole line: folding is asked for after every change. */
const imagePath = /"image_path"\s*:\s*"((?:[^"\\]|\\.)*)"/;

/** Folds the questions about one patient into the first of them. */
export class PatientFolding implements vscode.FoldingRangeProvider {
  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    if (isLongDocument(document)) {
      return [];
    }
    const patients = Array.from({ length: document.lineCount }, (_, line) => {
      const path = imagePath.exec(document.lineAt(line).text)?.[1];
      return path === undefined ? undefined : patientOf(path);
    });
    return patientRuns(patients).map(({ first, last }) => new vscode.FoldingRange(first, last));
  }
}
