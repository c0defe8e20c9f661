import type * as vscode from 'vscode';
import { isObject } from '../../../core/jsonShape';
import type { PreviewSettings } from '../../../protocol/preview';

/** Where the workspace keeps what the user set in previews. */
export const previewMemory = 'preview';

/** What was kept; the page takes what fits of it. */
export function readMemento(memory: vscode.Memento): PreviewSettings {
  const kept = memory.get<unknown>(previewMemory);
  return isObject(kept) ? kept : {};
}
