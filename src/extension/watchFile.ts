import { unwatchFile, watchFile } from 'node:fs';
import * as vscode from 'vscode';

/** A file that is copied changes many times before it is whole: it counts as changed after this. */
const settleMs = 400;
/** How often a growing file is looked at. */
const paceMs = 1000;

/** Calls `changed` when a file was written, replaced or removed, once it has settled. */
export function onFileChange(file: vscode.Uri, changed: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(file, '..'), patternOf(file)),
  );
  let timer: NodeJS.Timeout | undefined;
  const note = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
  };
  watcher.onDidChange(note);
  watcher.onDidCreate(note);
  watcher.onDidDelete(note);
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    watcher.dispose();
  });
}

/**
 * Calls `grown` when a file that another process writes has changed. Looks instead of listening:
 * the writer may be another machine, of which a network drive tells nothing.
 */
export function onFileGrowth(path: string, grown: () => void): vscode.Disposable {
  watchFile(path, { interval: paceMs }, grown);
  return new vscode.Disposable(() => {
    unwatchFile(path, grown);
  });
}

/** The file's name as a pattern for itself alone: `a[1].nii` holds characters that globs know. */
function patternOf(file: vscode.Uri): string {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return name.replaceAll(/[[\]{}*?]/g, (character) => `[${character}]`);
}
