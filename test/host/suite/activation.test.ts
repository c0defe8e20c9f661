import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  activeExtension,
  diagnosticsOf,
  extension,
  loadedLibraries,
  modelsFolder,
  openWorkspaceFile,
} from '../inside/extension';
import { window } from '../inside/window';

const nativeRuntime = /onnxruntime/i;

describe('The extension in a window', () => {
  it('is active once a question file is open, and shows what is wrong in it', async () => {
    const editor = await openWorkspaceFile('broken.mcqa.jsonl');
    assert.equal(editor.document.languageId, 'ct-mcqa');
    const diagnostics = await diagnosticsOf(editor.document.uri);
    assert.equal(extension().isActive, true);
    assert.ok(diagnostics.every(({ source }) => source === 'ct-mcqa'));
    await window.screenshot('broken question file');
  });

  it('offers every command that package.json contributes', async () => {
    await activeExtension();
    const manifest = extension().packageJSON as {
      contributes: { commands: readonly { command: string }[] };
    };
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('keeps onnxruntime out of the extension host while a worker uses it', async () => {
    const { services } = await activeExtension();
    const report = await services.workers.request('doctor', { modelsFolder: modelsFolder() });
    assert.ok(report.providers.some(({ provider, works }) => provider === 'cpu' && works));
    const libraries = loadedLibraries();
    assert.ok(
      libraries.some((path) => /lib(c|System)\b/.test(path)),
      'libraries are listed',
    );
    assert.deepEqual(
      libraries.filter((path) => nativeRuntime.test(path)),
      [],
    );
  });
});
