import { readdir, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { commandIds } from '../ids';
import { choose, chooseFolder } from './choose';

const folderName = 'ct-mcqa-sample';
const sizes = [16, 64, 256];

/** Writes a sample corpus into a new folder. */
export async function createSample(services: Services, given?: unknown): Promise<void> {
  const parent =
    given instanceof vscode.Uri
      ? given
      : await chooseFolder(
          vscode.l10n.t('Create the sample corpus in which folder?'),
          vscode.l10n.t('Create Here'),
        );
  const folder = vscode.Uri.joinPath(parent, folderName);
  await requireUnused(folder);
  const items = sizes.map((volumes) => ({
    label: vscode.l10n.t('{0} volumes', volumes),
    ...(volumes === 64 && { description: vscode.l10n.t('enough to train on') }),
    volumes,
  }));
  const { volumes } = await choose(vscode.l10n.t('How many volumes?'), items);
  try {
    await withProgress(vscode.l10n.t('Creating the sample corpus'), (work) =>
      services.workers.request(
        'sample/write',
        { folder: folder.fsPath, options: { volumes } },
        work,
      ),
    );
  } catch (error) {
    // The folder is ours alone: it was not there, or empty, before.
    await rm(folder.fsPath, { recursive: true, force: true });
    throw error;
  }
  void offerNextStep(folder);
}

async function requireUnused(folder: vscode.Uri): Promise<void> {
  const entries = await readdir(folder.fsPath).catch(() => []);
  if (entries.length > 0) {
    throw new UserError(
      'sample-exists',
      vscode.l10n.t('{0} holds files already.', folder.fsPath),
      vscode.l10n.t('Choose another folder, or delete this one first.'),
    );
  }
}

async function offerNextStep(folder: vscode.Uri): Promise<void> {
  const build = vscode.l10n.t('Build Questions');
  const open = vscode.l10n.t('Open Folder');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The sample corpus is in {0}.', folder.fsPath),
    build,
    open,
  );
  if (chosen === build) {
    const reports = vscode.Uri.joinPath(folder, 'reports.csv');
    await vscode.commands.executeCommand(commandIds.buildDataset, reports);
  } else if (chosen === open) {
    await vscode.commands.executeCommand('vscode.openFolder', folder);
  }
}
