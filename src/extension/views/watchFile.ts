import * as vscode from 'vscode';

/**
 * When to tell of changes: `settled` once the last one is this long ago (a file that is copied
 * changes many times before it is whole), `paced` at most once in this time (a file that grows).
 */
const settleMs = 400;
const paceMs = 500;

/** Calls `changed` when a file was written, replaced or removed. */
export function onFileChange(
  file: vscode.Uri,
  when: 'settled' | 'paced',
  changed: () => void,
): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.joinPath(file, '..'), patternOf(file)),
  );
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    changed();
  };
  const note = (): void => {
    if (when === 'settled') {
      clearTimeout(timer);
      timer = setTimeout(tell, settleMs);
    } else {
      timer ??= setTimeout(tell, paceMs);
    }
  };
  watcher.onDidChange(note);
  watcher.onDidCreate(note);
  watcher.onDidDelete(note);
  return new vscode.Disposable(() => {
    clearTimeout(timer);
    watcher.dispose();
  });
}

/** The file's name as a pattern for itself alone: `a[1].nii` holds characters that globs know. */
function patternOf(file: vscode.Uri): string {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  return name.replaceAll(/[[\]{}*?]/g, (character) => `[${character}]`);
}
