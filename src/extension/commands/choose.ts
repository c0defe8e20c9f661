import { extname } from 'node:path';
import * as vscode from 'vscode';
import { tableExtensions } from '../../core/dataset/tables';
import { CancelledError } from '../../core/errors';
import { volumeFilePattern } from '../ids';
import { isQuestionFile } from '../language/questionFiles';

/** More files than this are found by browsing, not in a list. */
const mostListed = 500;

/** What a question to the user is about. */
interface FileQuestion {
  readonly title: string;
  /** The glob of files to list, and the test that a file passes. */
  readonly glob: string;
  readonly accepts: (uri: vscode.Uri) => boolean;
  /** Endings for the dialogue that browses. */
  readonly filters: Readonly<Record<string, string[]>>;
}

/** The answer, or CancelledError where the user closed the question. */
export function answered<T>(answer: T | undefined): T {
  if (answer === undefined) {
    throw new CancelledError();
  }
  return answer;
}

/** One of a few things; the word "Choose" and the title say what for. */
export async function choose<T extends vscode.QuickPickItem>(
  title: string,
  items: readonly T[] | Promise<readonly T[]>,
  placeHolder?: string,
): Promise<T> {
  return answered(
    await vscode.window.showQuickPick(items, {
      title,
      matchOnDescription: true,
      ignoreFocusOut: true,
      ...(placeHolder !== undefined && { placeHolder }),
    }),
  );
}

/** The question file that a command is for: its argument, the active editor's, or one that is asked for. */
export async function chooseQuestionFile(given: unknown, title: string): Promise<vscode.Uri> {
  const active = vscode.window.activeTextEditor?.document.uri;
  return chooseFile(given ?? active, {
    title,
    glob: '**/*.mcqa.jsonl',
    accepts: isQuestionFile,
    filters: { [vscode.l10n.t('Question files')]: ['jsonl'] },
  });
}

/** The volume that a command is for: its argument, the active preview's, or one that is asked for. */
export async function chooseVolume(given: unknown, title: string): Promise<vscode.Uri> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const active = input instanceof vscode.TabInputCustom ? input.uri : undefined;
  return chooseFile(given ?? active, volumeQuestion(title));
}

/** A volume that is asked for, whatever is open. */
export async function askForVolume(title: string): Promise<vscode.Uri> {
  return chooseFile(undefined, volumeQuestion(title));
}

function volumeQuestion(title: string): FileQuestion {
  return {
    title,
    glob: '**/*.{nii,nii.gz}',
    accepts: (uri) => uri.scheme === 'file' && volumeFilePattern.test(uri.path),
    filters: { [vscode.l10n.t('CT volumes')]: ['nii', 'gz'] },
  };
}

/** A table of any form that can be read; question files have the extension of one, but are none. */
export async function chooseTable(given: unknown, title: string): Promise<vscode.Uri> {
  const extension = (uri: vscode.Uri): string => extname(uri.path).slice(1).toLowerCase();
  return chooseFile(given, {
    title,
    glob: `**/*.{${tableExtensions.join(',')}}`,
    accepts: (uri) =>
      uri.scheme === 'file' && tableExtensions.includes(extension(uri)) && !isQuestionFile(uri),
    filters: { [vscode.l10n.t('Tables')]: [...tableExtensions] },
  });
}

async function chooseFile(candidate: unknown, question: FileQuestion): Promise<vscode.Uri> {
  if (candidate instanceof vscode.Uri && question.accepts(candidate)) {
    return candidate;
  }
  const files = (await vscode.workspace.findFiles(question.glob, undefined, mostListed))
    .filter(question.accepts)
    .sort((a, b) => a.path.localeCompare(b.path, undefined, { numeric: true }));
  if (files.length === 0) {
    return browse(question);
  }
  const items = [
    ...files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
    { label: vscode.l10n.t('Browse…'), uri: undefined },
  ];
  const { uri } = await choose(question.title, items);
  return uri ?? browse(question);
}

async function browse({ title, filters }: FileQuestion): Promise<vscode.Uri> {
  const chosen = await vscode.window.showOpenDialog({ title, filters });
  return answered(chosen)[0];
}

/** A folder. */
export async function chooseFolder(title: string, openLabel: string): Promise<vscode.Uri> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel,
    canSelectFiles: false,
    canSelectFolders: true,
    ...(vscode.workspace.workspaceFolders && {
      defaultUri: vscode.workspace.workspaceFolders[0].uri,
    }),
  });
  return answered(chosen)[0];
}
