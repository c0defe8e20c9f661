import * as vscode from 'vscode';
import { writeFileAtomically } from '../../../core/storage/atomicFile';

/** Asks where a picture of `volume` shall go, and writes it there. */
export async function savePicture(
  volume: vscode.Uri,
  name: string,
  png: Uint8Array,
): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the picture'),
    defaultUri: vscode.Uri.joinPath(volume, '..', name),
    filters: { PNG: ['png'] },
  });
  if (target?.scheme === 'file') {
    await writeFileAtomically(target.fsPath, png);
  } else if (target !== undefined) {
    await vscode.workspace.fs.writeFile(target, png);
  }
}
