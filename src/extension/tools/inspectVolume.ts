import * as vscode from 'vscode';
import { rescaleRequestOf } from '../rescale';
import { Tool } from './tool';

interface InspectInput {
  readonly path: string;
}

/** `inspect_ct_volume`: the facts of one volume, as `ct-mcqa info` gives them. */
export class InspectVolumeTool extends Tool<InspectInput> {
  protected question({ path }: InspectInput): { title: string; message: string } {
    return {
      title: vscode.l10n.t('Inspect CT volume'),
      message: vscode.l10n.t('Read the header and the value range of {0}?', path),
    };
  }

  protected async answer({ path }: InspectInput, signal: AbortSignal): Promise<string> {
    const volume = this.file(path, ['.nii', '.nii.gz']);
    const info = await this.services.workers.request(
      'volume/info',
      { path: volume.fsPath, rescale: await rescaleRequestOf(volume) },
      { signal },
    );
    return JSON.stringify({ path: vscode.workspace.asRelativePath(volume), ...info });
  }
}
