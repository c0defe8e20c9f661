import * as vscode from 'vscode';
import { patientRuns } from '../../core/dataset/language/patientRuns';
import { quotedFieldIn } from '../../core/dataset/language/quotedText';
import { patientOf } from '../../core/dataset/volumeName';
import { isLongDocument } from './questionFiles';

/** Folds the questions about one patient into the first of them. */
export class PatientFolding implements vscode.FoldingRangeProvider {
  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    if (isLongDocument(document)) {
      return [];
    }
    const patients = Array.from({ length: document.lineCount }, (_, line) => {
      // The path alone, without parsing the line: folding is asked for after every change.
      const path = quotedFieldIn(document.lineAt(line).text, 'image_path');
      return path === undefined ? undefined : patientOf(path);
    });
    return patientRuns(patients).map(({ first, last }) => new vscode.FoldingRange(first, last));
  }
}
