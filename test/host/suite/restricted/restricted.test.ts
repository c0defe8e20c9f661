import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  activeExtension,
  diagnosticsOf,
  loadedLibraries,
  modelsFolder,
  openWorkspaceFile,
} from '../../inside/extension';
import { webview, window } from '../../inside/window';

describe('In a workspace that is not trusted', () => {
  it('question files are checked', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const { document } = await openWorkspaceFile('broken.mcqa.jsonl');
    assert.notEqual((await diagnosticsOf(document.uri)).length, 0);
  });

  it('questions are shown on the card', async () => {
    await openWorkspaceFile('broken.mcqa.jsonl');
    await vscode.commands.executeCommand('ctMcqa.showQuestionCard');
    await webview('Question Card').waitFor('.pictures .warning');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('a model command refuses, says why, and starts no worker', async () => {
    const { services } = await activeExtension();
    const ended = vscode.commands.executeCommand('ctMcqa.train');
    await window.waitFor('.notifications-toasts :text("not trusted")');
    await window.screenshot('restricted workspace');
    await vscode.commands.executeCommand('notifications.clearAll');
    await ended;
    assert.deepEqual(services.workers.pids(), {});
    assert.ok(!loadedLibraries().some((path) => path.startsWith(modelsFolder())));
  });
});
