import * as vscode from 'vscode';
import { viewTypes } from '../../ids';
import type { Services } from '../../services';
import { PreviewEditorProvider } from './previewEditor';

/** Registers the CT preview for `.nii` and `.nii.gz`. */
export function registerPreview(services: Services): void {
  services.disposables.add(
    vscode.window.registerCustomEditorProvider(
      viewTypes.preview,
      new PreviewEditorProvider(services),
      {
        supportsMultipleEditorsPerDocument: true,
        // Going back to a volume must not read it again; HeldPages bounds what this costs.
        webviewOptions: { retainContextWhenHidden: true },
      },
    ),
  );
}
