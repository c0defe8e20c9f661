import * as vscode from 'vscode';
import type { Services } from '../services';
import { showComparison } from '../views/preview/comparison';
import { askForVolume, chooseVolume } from './choose';

/** Shows two volumes side by side: the two that are selected in the explorer, or those asked for. */
export async function compareVolumes(
  services: Services,
  given?: unknown,
  selected?: unknown,
): Promise<void> {
  const pair: unknown[] = Array.isArray(selected) && selected.length === 2 ? selected : [given];
  const first = await chooseVolume(pair[0], vscode.l10n.t('Compare which volume?'));
  const second =
    pair.length === 2
      ? await chooseVolume(pair[1], vscode.l10n.t('Compare with which volume?'))
      : await askForVolume(vscode.l10n.t('Compare with which volume?'));
  showComparison(services, [first, second]);
}
