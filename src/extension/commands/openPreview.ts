import * as vscode from 'vscode';
import type { Services } from '../services';
import { chooseVolume } from './choose';

/** Opens a volume in the CT preview. */
export async function openPreview({ places }: Services, given?: unknown): Promise<void> {
  // A command link passes the file's URI as plain data.
  const candidate = isUriData(given) ? vscode.Uri.from(given) : given;
  const volume = await chooseVolume(candidate, vscode.l10n.t('Preview which volume?'));
  // Mostly from a question: its volume is compared with the one that was looked at.
  await places.openPreview(volume);
}

function isUriData(given: unknown): given is { scheme: string; path: string } {
  return (
    typeof given === 'object' &&
    given !== null &&
    !(given instanceof vscode.Uri) &&
    'scheme' in given &&
    typeof given.scheme === 'string' &&
    'path' in given &&
    typeof given.path === 'string'
  );
}
