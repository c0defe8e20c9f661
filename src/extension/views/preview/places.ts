import * as vscode from 'vscode';
import type { PatientPlace } from '../../../protocol/preview';
import { viewTypes } from '../../ids';

/** Puts the crosshair of a preview somewhere. */
type GoTo = (place: PatientPlace) => void;

/** Where the crosshair of the preview that was looked at last stands, for other previews. */
export class PreviewPlaces {
  private last: PatientPlace | undefined;
  /** Where the crosshair shall stand in volumes that are about to be opened, by their URI. */
  private readonly wanted = new Map<string, PatientPlace>();
  /** The previews that are open, by the URI of their volume. */
  private readonly open = new Map<string, Set<GoTo>>();

  /** The crosshair of a preview came to rest here. */
  note(place: PatientPlace): void {
    this.last = place;
  }

  /** Opens the preview of a volume, or shows the one that is open, at the place noted last. */
  async openPreview(uri: vscode.Uri, column = vscode.ViewColumn.Active): Promise<void> {
    const key = uri.toString();
    const { last } = this;
    const previews = this.open.get(key);
    if (last !== undefined && previews === undefined) {
      this.wanted.set(key, last);
    } else if (last !== undefined) {
      previews?.forEach((goTo) => {
        goTo(last);
      });
    }
    try {
      await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.preview, column);
    } catch (error) {
      this.wanted.delete(key);
      throw error;
    }
  }

  /** The place that was noted for a volume that is opened, once. */
  take(uri: vscode.Uri): PatientPlace | undefined {
    const place = this.wanted.get(uri.toString());
    this.wanted.delete(uri.toString());
    return place;
  }

  /** Has an open preview of a volume go where {@link openPreview} wants it. */
  follow(uri: vscode.Uri, goTo: GoTo): vscode.Disposable {
    const key = uri.toString();
    const previews = this.open.get(key) ?? new Set();
    this.open.set(key, previews.add(goTo));
    return new vscode.Disposable(() => {
      previews.delete(goTo);
      if (previews.size === 0) {
        this.open.delete(key);
      }
    });
  }
}
