import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { PatientPlace } from '../../../protocol/preview';
import { viewTypes } from '../../ids';
import type { Services } from '../../services';
import { pageIcon } from '../webviewPage';
import { PreviewPanel } from './previewPanel';

/** Shows two volumes side by side: one crosshair, one window. */
export function showComparison(
  services: Services,
  files: readonly [vscode.Uri, vscode.Uri],
  place?: PatientPlace,
): void {
  const title = files.map(({ path }) => basename(path)).join(' ↔ ');
  const panel = vscode.window.createWebviewPanel(
    viewTypes.compare,
    title,
    vscode.ViewColumn.Active,
    { retainContextWhenHidden: true },
  );
  panel.iconPath = pageIcon(services.extensionUri, 'compare');
  new PreviewPanel(services, panel, { title, files, ...(place && { place }) });
}
