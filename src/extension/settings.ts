import * as vscode from 'vscode';
import { configurationSection } from './ids';
import type { SettingValues } from './settingsTable';

/**
 * The value of one setting, as it applies to `scope` (a file or its folder): a plain copy, for the
 * proxy that VS Code hands out cannot be sent to a worker.
 */
export function setting<K extends keyof SettingValues>(
  key: K,
  scope?: vscode.Uri,
): SettingValues[K] {
  const value = vscode.workspace
    .getConfiguration(configurationSection, scope ?? null)
    .get<SettingValues[K]>(key);
  if (value === undefined) {
    throw new Error(`package.json contributes no setting ${configurationSection}.${key}`);
  }
  return JSON.parse(JSON.stringify(value)) as SettingValues[K];
}

/** Runs `action` whenever one of `keys` changes. */
export function onSettingChange(
  keys: readonly (keyof SettingValues)[],
  action: () => void,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (keys.some((key) => event.affectsConfiguration(`${configurationSection}.${key}`))) {
      action();
    }
  });
}
