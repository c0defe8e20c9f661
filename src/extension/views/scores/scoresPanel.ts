import { basename } from 'node:path';
import * as vscode from 'vscode';
import { UserError, messageOf } from '../../../core/errors';
import type { ScoresContent, ScoresHost, ScoresPanel, TextPlace } from '../../../protocol/scores';
import { DisposableList } from '../../disposables';
import { viewTypes } from '../../ids';
import type { Services } from '../../services';
import { showRunFolder } from '../run/runPage';
import { answerNull } from '../answerNull';
import { connectPage, pageIcon } from '../webviewPage';
import { scoresStrings } from './scoresStrings';

/** The panel of one volume's scores. */
export interface ScoresPanelHandle {
  /** Shows something else in the same panel: what is being done, the scores, or why there are none. */
  show(content: ScoresContent): void;
  /** Shows an error in the panel. */
  fail(thrown: unknown): void;
}

interface OpenPanel extends ScoresPanelHandle {
  reveal(): void;
}

/** One panel a volume, by path. */
const openPanels = new Map<string, OpenPanel>();

/**
 * Shows scores of `volumePath` beside the active editor (its preview, as a rule), in the panel that
 * the volume already has, if any.
 */
export function showScores(
  services: Services,
  volumePath: string,
  content: ScoresContent,
): ScoresPanelHandle {
  const shown = openPanels.get(volumePath);
  if (shown !== undefined) {
    shown.show(content);
    shown.reveal();
    return shown;
  }
  return createPanel(services, volumePath, content);
}

function createPanel(
  services: Services,
  volumePath: string,
  first: ScoresContent,
): ScoresPanelHandle {
  let current = first;
  const volume = basename(volumePath);
  const panel = vscode.window.createWebviewPanel(
    viewTypes.scores,
    vscode.l10n.t('Scores: {0}', volume),
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableFindWidget: true },
  );
  panel.iconPath = pageIcon(services.extensionUri, 'scores');
  const { channel, subscription } = connectPage<ScoresHost, ScoresPanel>(
    panel.webview,
    services.extensionUri,
    'scores',
    { title: panel.title, strings: scoresStrings() },
    {
      calls: {
        content: () => current,
        reveal: answerNull(services, revealPlace),
        copy: answerNull(services, ({ text }: { text: string }) =>
          vscode.env.clipboard.writeText(text),
        ),
        openVolume: answerNull(services, () =>
          services.places.openPreview(vscode.Uri.file(volumePath), vscode.ViewColumn.One),
        ),
        openRun: answerNull(services, async () => {
          const folder = current.state === 'ready' ? current.view.runFolder : undefined;
          if (folder !== undefined) {
            await showRunFolder(services, folder);
          }
        }),
      },
      notices: {},
    },
  );
  const held = new DisposableList();
  held.add(subscription);
  const handle: OpenPanel = {
    show: (content) => {
      current = content;
      channel.notify('content', content);
    },
    fail: (thrown) => {
      handle.show({
        state: 'failed',
        volume,
        message: messageOf(thrown),
        ...(thrown instanceof UserError ? { remedy: thrown.remedy } : {}),
      });
    },
    reveal: () => {
      panel.reveal(undefined, true);
    },
  };
  openPanels.set(volumePath, handle);
  panel.onDidDispose(() => {
    openPanels.delete(volumePath);
    channel.close();
    held.dispose();
  });
  return handle;
}

/** Opens a text file at a line, in the column of the other text editors. */
async function revealPlace({ path, line }: TextPlace): Promise<void> {
  const start = new vscode.Position(Math.max(0, line - 1), 0);
  const document = await vscode.workspace.openTextDocument(path);
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(start, start),
  });
}
