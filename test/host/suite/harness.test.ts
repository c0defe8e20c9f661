import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { webview, window } from '../inside/window';

describe('The real window', () => {
  it('is seen, with blanks and Chinese characters in the workspace path', async () => {
    const picture = await window.screenshot('workbench');
    assert.deepEqual([picture.width, picture.height], [1440, 900]);
    const folder = vscode.workspace.workspaceFolders![0].uri.fsPath;
    assert.match(folder, / .*工作区$/);
    await window.waitFor('role=treeitem[name=/broken.mcqa.jsonl/]');
  });

  it('lets a test work a webview and look at its pixels', async () => {
    const panel = vscode.window.createWebviewPanel('harness', '面板', vscode.ViewColumn.One, {
      enableScripts: true,
    });
    panel.webview.html = `<!doctype html><title>面板 1</title><button>0</button>
      <div style="background: rgb(10, 200, 30); width: 50px; height: 40px"></div>
      <script>document.querySelector('button').onclick = (event) => event.target.textContent++;</script>`;
    const view = webview('面板');
    await view.click('button');
    assert.equal(await view.text('button'), '1');
    assert.equal(await view.evaluate((suffix: string) => document.title + suffix, '!'), '面板 1!');
    const picture = await view.screenshot('webview', 'div');
    assert.deepEqual([picture.width, picture.height], [50, 40]);
    assert.deepEqual(picture.at(25, 20), [10, 200, 30]);
    panel.dispose();
  });
});
