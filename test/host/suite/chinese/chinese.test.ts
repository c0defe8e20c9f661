import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { writeVolume } from '../../../../src/core/volume/write';
import {
  activeExtension,
  diagnosticsOf,
  extension,
  openWorkspaceFile,
  workspacePath,
} from '../../inside/extension';
import { phantomVolume } from '../../inside/phantom';
import { webview, window } from '../../inside/window';

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

  it('the question card and the overview speak Chinese', async () => {
    const name = 'question.mcqa.jsonl';
    const options = ['没有结节。', '左肺结节。'].map((text, i) => ({
      text,
      label: i,
      kind: 'hard',
    }));
    const question = { image_path: 'none.nii.gz', metadata: { age: 60, sex: 'M' }, options };
    await writeFile(workspacePath(name), JSON.stringify(question));
    await openWorkspaceFile(name);
    await vscode.commands.executeCommand('ctMcqa.showQuestionCard');
    const card = webview('题目卡片');
    await card.waitFor('.option');
    assert.equal(await card.text('.stem'), '哪段文本属于此扫描？');
    await window.screenshot('question card in Chinese');
    await vscode.commands.executeCommand(
      'ctMcqa.showOverview',
      vscode.Uri.file(workspacePath(name)),
    );
    const overview = webview('概览');
    await overview.waitFor('.plot-card');
    assert.match(await overview.text('.plots'), /困难[^]*男/);
    await window.screenshot('overview in Chinese');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('the preview says in Chinese what is wrong with a volume', async () => {
    const path = workspacePath('胸部.nii');
    const { voxels, ...volume } = phantomVolume();
    // A quarter is air; stored without the intercept.
    const raw = voxels.map((hu, at) => (at % 60 < 15 ? -1000 : hu) + 1024);
    await writeVolume(path, { ...volume, voxels: raw });
    await vscode.commands.executeCommand('ctMcqa.openPreview', vscode.Uri.file(path));
    const view = webview('胸部');
    await view.waitFor('.hu-banner');
    const said = await view.evaluate(() =>
      [...document.querySelectorAll('.hu-banner :is(strong, p, button)')].map(
        ({ textContent }) => textContent,
      ),
    );
    assert.ok(said.length >= 4);
    assert.deepEqual(
      said.filter((text) => !chinese.test(text)),
      [],
    );
    await window.screenshot('preview in Chinese');
    await writeFile(path, 'no volume');
    await view.waitFor('.card.problem');
    const [message, remedy] = [await view.text('.message'), await view.text('.remedy')];
    assert.match(message, /不是 NIfTI 体数据/);
    assert.match(remedy, chinese);
    await window.screenshot('problem of a volume in Chinese');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
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
