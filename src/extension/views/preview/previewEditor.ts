import { basename } from 'node:path';
import type * as vscode from 'vscode';
import type { Services } from '../../services';
import { PreviewPanel } from './previewPanel';

/** The document of a preview: a file on disk, never changed here. */
class VolumeDocument implements vscode.CustomDocument {
  constructor(readonly uri: vscode.Uri) {}

  dispose(): void {
    // The file's voxels belong to the editors, which let them go themselves.
  }
}

/** Shows `.nii` and `.nii.gz` files. */
export class PreviewEditorProvider implements vscode.CustomReadonlyEditorProvider<VolumeDocument> {
  constructor(private readonly services: Services) {}

  openCustomDocument(uri: vscode.Uri): VolumeDocument {
    return new VolumeDocument(uri);
  }

  resolveCustomEditor({ uri }: VolumeDocument, panel: vscode.WebviewPanel): void {
    const place = this.services.places.take(uri);
    new PreviewPanel(this.services, panel, {
      title: basename(uri.path),
      files: [uri],
      ...(place && { place }),
    });
  }
}
