/** The extension under test and its workspace. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/extension';
import { until } from './window';

/** The extension, active or not. */
export function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>('ct-mcqa.ct-mcqa');
  if (found === undefined) {
    throw new Error('VS Code has not loaded the extension.');
  }
  return found;
}

/** Activates it and gives what it exports for tests. */
export async function activeExtension(): Promise<ExtensionApi> {
  return extension().activate();
}

/** The presets that the extension ships. */
export function modelsFolder(): string {
  return join(extension().extensionPath, 'models');
}

/** Absolute path of a file in the workspace of this run, a copy that tests may change. */
export function workspacePath(...parts: readonly string[]): string {
  return join(vscode.workspace.workspaceFolders![0].uri.fsPath, ...parts);
}

/** Shows a text file of the workspace in an editor. */
export async function openWorkspaceFile(...parts: readonly string[]): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(vscode.Uri.file(workspacePath(...parts)));
}

/** The problems shown for a file, once there are any. */
export async function diagnosticsOf(uri: vscode.Uri): Promise<readonly vscode.Diagnostic[]> {
  return until(() => {
    const found = vscode.languages.getDiagnostics(uri);
    return found.length > 0 && found;
  }, `problems are shown for ${uri.fsPath}`);
}

/** Paths of the native libraries that this process, the extension host, has loaded. */
export function loadedLibraries(): readonly string[] {
  const report = process.report.getReport() as { sharedObjects: readonly string[] };
  return report.sharedObjects;
}
