import { basename } from 'node:path';
import type * as vscode from 'vscode';
import { messageOf } from '../../../core/errors';
import type { PreviewHost, PreviewPage } from '../../../protocol/preview';
import type { Handlers } from '../../../protocol/webview';
import { DisposableList } from '../../disposables';
import { isCancellation } from '../../failures';
import { stageName } from '../../longWork';
import type { Services } from '../../services';
import { onFileChange } from '../../watchFile';
import { connectPage } from '../webviewPage';
import { previewStrings } from './previewStrings';
import { VolumeSession } from './volumeSession';

/** The document of a preview: a file on disk, never changed here. */
class VolumeDocument implements vscode.CustomDocument {
  constructor(readonly uri: vscode.Uri) {}

  dispose(): void {
    // The file's voxels belong to the editors, which let them go themselves.
  }
}

/** Shows `.nii` and `.nii.gz` files; every editor reads through the worker of its own. */
export class PreviewEditorProvider implements vscode.CustomReadonlyEditorProvider<VolumeDocument> {
  constructor(private readonly services: Services) {}

  openCustomDocument(uri: vscode.Uri): VolumeDocument {
    return new VolumeDocument(uri);
  }

  resolveCustomEditor(document: VolumeDocument, panel: vscode.WebviewPanel): void {
    const { log, extensionUri, workers } = this.services;
    const open = new DisposableList();
    const session = open.add(
      new VolumeSession(workers, document.uri, ({ stage, ...amount }) => {
        channel.notify('progress', { ...amount, stage: stageName(stage) });
      }),
    );
    // Started before the page is there to ask: reading the file takes the longest.
    session.open(false).catch(() => undefined);

    const logged = async <T>(work: Promise<T>): Promise<T> => {
      try {
        return await work;
      } catch (error) {
        if (!isCancellation(error)) {
          log.error(`${document.uri.fsPath}: ${messageOf(error)}`);
        }
        throw error;
      }
    };
    const handlers: Handlers<PreviewHost> = {
      calls: {
        open: ({ again }) => logged(session.open(again)),
        slice: (address, signal) => logged(session.slice(address, signal)),
        showLog: () => {
          log.show();
          return null;
        },
      },
      notices: {},
    };
    const { channel, subscription } = connectPage<PreviewHost, PreviewPage>(
      panel.webview,
      extensionUri,
      'preview',
      { title: basename(document.uri.path), strings: previewStrings() },
      handlers,
    );
    open.add(subscription);
    open.add(
      onFileChange(document.uri, () => {
        channel.notify('changed', null);
      }),
    );
    panel.onDidDispose(() => {
      channel.close();
      open.dispose();
    });
  }
}
