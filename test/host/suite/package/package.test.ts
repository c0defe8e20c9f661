import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as vscode from 'vscode';
import {
  activeExtension,
  diagnosticsOf,
  extension,
  modelsFolder,
  openWorkspaceFile,
} from '../../inside/extension';
import { runnerOptions, window } from '../../inside/window';

/** Everything a package may hold, by its path in it. */
const allowed = [
  /^(package(\.nls(\.zh-cn)?)?\.json|readme\.md|changelog\.md|LICENSE\.txt|THIRD-PARTY-NOTICES\.md)$/,
  /^(l10n|media|models|syntaxes)\//,
  /^docs\/rules\.md$/,
  /^dist\/(extension|worker|volumeThread)\.js$/,
  /^dist\/webview\/(build|overview|preview|questionCard|rendering|run|scores)\.(js|css)$/,
  /^dist\/node_modules\/onnxruntime-(node|common)\/package\.json$/,
  /^dist\/node_modules\/onnxruntime-(node|common)\/dist\/[\w/-]+\.(js|json)$/,
  // The editor writes this one.
  /^\.vsixmanifest$/,
];
const nativeFolder = `dist/node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/`;
const largestPackage = 30e6;

describe('The packed extension, installed', () => {
  it('holds what it needs and nothing else', () => {
    const files = filesUnder(extension().extensionPath);
    const native = files.filter((path) => path.startsWith(nativeFolder));
    assert.deepEqual(native.map((path) => path.slice(nativeFolder.length)).sort(), [
      'libonnxruntime.so.1',
      'onnxruntime_binding.node',
    ]);
    const superfluous = files.filter(
      (path) => !native.includes(path) && !allowed.some((pattern) => pattern.test(path)),
    );
    assert.deepEqual(superfluous, []);
    assert.ok(statSync(runnerOptions.vsix!).size < largestPackage);
  });

  it('names the licence of every package in it', () => {
    const { extensionPath } = extension();
    const notices = readFileSync(join(extensionPath, 'THIRD-PARTY-NOTICES.md'), 'utf8');
    for (const name of [
      'onnxruntime-node',
      'onnxruntime-common',
      'nifti-reader-js',
      'protobufjs',
    ]) {
      assert.match(notices, new RegExp(`^## ${name} \\d`, 'm'));
    }
  });

  it('runs from where it is installed, and its worker finds the native library', async () => {
    const { services } = await activeExtension();
    assert.ok(relative(runnerOptions.vsix!, extension().extensionPath).startsWith('..'));
    const report = await services.workers.request('doctor', { modelsFolder: modelsFolder() });
    const cpu = report.providers.find(({ provider }) => provider === 'cpu');
    assert.equal(cpu?.works, true, JSON.stringify(report));
    assert.notEqual(report.presets.length, 0);
  });

  it('checks a question file', async () => {
    const { document } = await openWorkspaceFile('broken.mcqa.jsonl');
    assert.equal(document.languageId, 'ct-mcqa');
    assert.notEqual((await diagnosticsOf(document.uri)).length, 0);
    await vscode.commands.executeCommand('workbench.actions.view.problems');
    await window.screenshot('packed extension');
  });
});

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
