/**
 * What the extension costs a window: npm run test:host -- activation
 * Opens a question file in a fresh VS Code and prints VS Code's own figures.
 */
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { extension, openWorkspaceFile } from '../../test/host/inside/extension';
import { act, until } from '../../test/host/inside/window';

/** Columns of "Developer: Startup Performance" that add up to the time the host was busy. */
const columns = ['Load Code', 'Call Activate', 'Finish Activate'] as const;

describe('Cold activation', () => {
  it('is measured', async () => {
    const begun = performance.now();
    await openWorkspaceFile('broken.mcqa.jsonl');
    await until(() => extension().isActive, 'the extension is active');
    const seen = performance.now() - begun;
    const times = await startupTimes(extension().id);
    const total = times.slice(0, 2).reduce((sum, ms) => sum + ms, 0);
    const parts = columns.map((name, index) => `${name} ${times[index] ?? NaN} ms`).join(', ');
    await act('report', {
      line: `  ${parts}; loading and activate() ${total} ms; from opening the file ${seen.toFixed(0)} ms`,
    });
  });
});

/** The extension's row in the performance document: milliseconds in the order of `columns`. */
async function startupTimes(id: string): Promise<readonly number[]> {
  await vscode.commands.executeCommand('perfview.show');
  const cells = await until(() => rowOf(id), `a row for ${id} in the startup performance view`);
  return cells.slice(2).map(Number);
}

/** Cells: id, eager, then `columns`. */
function rowOf(id: string): readonly string[] | undefined {
  return vscode.workspace.textDocuments
    .filter(({ uri }) => uri.scheme === 'perf')
    .flatMap((document) => document.getText().split('\n'))
    .map((line) =>
      line
        .split('|')
        .slice(1, 6)
        .map((cell) => cell.trim()),
    )
    .find(([name]) => name === id);
}
