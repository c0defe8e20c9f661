import * as vscode from 'vscode';
import { besideSideFile } from '../../core/dataset/sideFile';
import type { Services } from '../services';
import { fieldAtPosition } from './fieldAtPosition';
import { imageOf } from './imageOf';

/** Goes from an image path to the volume, and from a reference to its row of the reports table. */
export class QuestionDefinitions implements vscode.DefinitionProvider {
  constructor(private readonly services: Services) {}

  async provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.DefinitionLink[] | undefined> {
    const at = fieldAtPosition(document, position);
    const name = at?.path.at(-1);
    if (at?.text === undefined) {
      return undefined;
    }
    const target =
      name === 'image_path'
        ? await this.image(document, at.text)
        : name === 'ref' || name === 'source'
          ? await this.row(document, at.text)
          : undefined;
    return target && [{ ...target, originSelectionRange: at.range }];
  }

  private async image(
    document: vscode.TextDocument,
    imagePath: string,
  ): Promise<vscode.DefinitionLink | undefined> {
    const path = await imageOf(this.services, document, imagePath);
    return path === undefined
      ? undefined
      : { targetUri: vscode.Uri.file(path), targetRange: new vscode.Range(0, 0, 0, 0) };
  }

  private async row(
    document: vscode.TextDocument,
    volume: string,
  ): Promise<vscode.DefinitionLink | undefined> {
    const surroundings = await this.services.documents.get(document)?.surroundings();
    const reports = surroundings?.sideFile?.reports;
    if (reports === undefined) {
      return undefined;
    }
    const table = besideSideFile(document.uri.fsPath, reports);
    const { lineOfVolume } = await import('../../core/dataset/tables');
    const line = await lineOfVolume(table, volume);
    return line === undefined
      ? undefined
      : {
          targetUri: vscode.Uri.file(table),
          targetRange: new vscode.Range(line, 0, line + 1, 0),
          targetSelectionRange: new vscode.Range(line, 0, line, 0),
        };
  }
}
