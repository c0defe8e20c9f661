import * as vscode from 'vscode';
import type { PatientPlace } from '../../../protocol/preview';
import { viewTypes } from '../../ids';

/** Puts the crosshair of a preview somewhere. */
type GoTo = (place: PatientPlace) => void;

/** Where the crosshair of the preview that was looked at last stands. */
let lastPlace: PatientPlace | undefined;
/** Where the crosshair shall stand in volumes that are about to be opened, by their URI. */
const wanted = new Map<string, PatientPlace>();
/** The previews that are open, by the URI of their volume. */
const open = new Map<string, Set<GoTo>>();

export function noteLastPlace(place: PatientPlace): void {
  lastPlace = place;
}

/** Has the previews of a volume, or else the next one, show the place that was looked at last. */
function keepPlaceFor(uri: vscode.Uri): void {
  const previews = open.get(uri.toString());
  const place = lastPlace;
  if (place === undefined) {
    return;
  }
  if (previews === undefined) {
    wanted.set(uri.toString(), place);
  } else {
    previews.forEach((goTo) => {
      goTo(place);
    });
  }
}

/** Opens the preview of a volume at the place that was looked at last. */
export async function openPreviewAt(
  uri: vscode.Uri,
  column = vscode.ViewColumn.Active,
): Promise<void> {
  keepPlaceFor(uri);
  await vscode.commands.executeCommand('vscode.openWith', uri, viewTypes.preview, column);
}

/** The place that was noted for a volume that is opened, once. */
export function takePlace(uri: vscode.Uri): PatientPlace | undefined {
  const place = wanted.get(uri.toString());
  wanted.delete(uri.toString());
  return place;
}

/** Has an open preview of a volume follow {@link keepPlaceFor}. */
export function followPlaces(uri: vscode.Uri, goTo: GoTo): vscode.Disposable {
  const key = uri.toString();
  const previews = open.get(key) ?? new Set();
  open.set(key, previews.add(goTo));
  return new vscode.Disposable(() => {
    previews.delete(goTo);
    if (previews.size === 0) {
      open.delete(key);
    }
  });
}
