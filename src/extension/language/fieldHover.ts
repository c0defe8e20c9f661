import * as vscode from 'vscode';
import { fieldAt } from '../../core/dataset/language/fields';
import { fieldAtPosition } from './fieldAtPosition';

/** Says over the name of a field what it is for. Values are left to those who know more of them. */
export class FieldHover implements vscode.HoverProvider {
  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const at = fieldAtPosition(document, position);
    const field = at?.isName === true ? fieldAt(at.path) : undefined;
    return field && new vscode.Hover(vscode.l10n.t(field.explain), at?.range);
  }
}
