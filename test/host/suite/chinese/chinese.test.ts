import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  activeExtension,
  diagnosticsOf,
  extension,
  openWorkspaceFile,
} from '../../inside/extension';
import { window } from '../../inside/window';

const chinese = /\p{Script=Han}/u;

describe('In a Chinese VS Code', () => {
  it('every command has a Chinese title', async () => {
    await activeExtension();
    assert.equal(vscode.env.language, 'zh-cn');
    const { contributes } = extension().packageJSON as {
      // VS Code keeps the English title beside a translated one.
      contributes: { commands: readonly { title: string | { value: string } }[] };
    };
    const titles = contributes.commands.map(({ title }) =>
      typeof title === 'string' ? title : title.value,
    );
    assert.deepEqual(
      titles.filter((title) => !chinese.test(title)),
      [],
    );
  });

  it('problems are told in Chinese', async () => {
    const { document } = await openWorkspaceFile('broken.mcqa.jsonl');
    const messages = (await diagnosticsOf(document.uri)).map(({ message }) => message);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    await window.screenshot('broken question file in Chinese');
    assert.deepEqual(
      messages.filter((message) => !chinese.test(message)),
      [],
    );
  });
});
