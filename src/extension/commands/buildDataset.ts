import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { BuildOptions, BuildResult } from '../../core/dataset/build';
import { questionFileSuffix } from '../ids';
import { withProgress } from '../longWork';
import type { Services } from '../services';
import { answered, choose, chooseFolder, chooseTable } from './choose';

/** Builds question files from a reports table and volumes, asking for each piece. */
export async function buildDatasetCommand(
  services: Services,
  given?: unknown,
): Promise<BuildResult> {
  const options = await chooseBuildOptions(given);
  const result = await withProgress(vscode.l10n.t('Building questions'), (work) =>
    services.workers.request('dataset/build', { options }, work),
  );
  void tellResult(result);
  return result;
}

async function chooseBuildOptions(given: unknown): Promise<BuildOptions> {
  const { l10n } = vscode;
  const reports = await chooseTable(given, l10n.t('Build questions from which reports table?'));
  const folder = dirname(reports.fsPath);
  const metadata = await chooseOptionalTable(
    l10n.t('Which table has the metadata (age, sex, scanner)?'),
    join(folder, 'metadata.csv'),
  );
  const labels = await chooseOptionalTable(
    l10n.t('Which table has the labels (for keywords)?'),
    join(folder, 'labels.csv'),
  );
  const images = await chooseImages(folder);
  const mode = await chooseMode();
  const metadataPrompt = metadata !== undefined && (await chooseMetadataPrompt());
  const split = await chooseSplit();
  const out = answered(
    await vscode.window.showSaveDialog({
      title: l10n.t('Save the questions as'),
      defaultUri: vscode.Uri.file(join(folder, 'questions.mcqa.jsonl')),
      filters: { [l10n.t('Question files')]: ['jsonl'] },
    }),
  );
  return {
    reports: reports.fsPath,
    images,
    out: out.fsPath.replace(/(\.mcqa)?(\.jsonl)?$/i, questionFileSuffix),
    mode,
    metadataPrompt,
    ...(metadata !== undefined && { metadata }),
    ...(labels !== undefined && { labels }),
    ...(split !== undefined && { split }),
  };
}

/** A table that may be left out; one of the usual name beside the reports comes first. */
async function chooseOptionalTable(title: string, usual: string): Promise<string | undefined> {
  const isThere = await exists(usual);
  const none = { label: vscode.l10n.t('None'), action: () => Promise.resolve(undefined) };
  const { action } = await choose<
    vscode.QuickPickItem & { action: () => Promise<string | undefined> }
  >(title, [
    ...(isThere
      ? [
          {
            label: vscode.workspace.asRelativePath(usual),
            action: () => Promise.resolve(usual),
          },
        ]
      : [none]),
    {
      label: vscode.l10n.t('Another table…'),
      action: async () => (await chooseTable(undefined, title)).fsPath,
    },
    ...(isThere ? [none] : []),
  ]);
  return action();
}

async function chooseImages(folder: string): Promise<string> {
  const title = vscode.l10n.t('Which folder holds the volumes?');
  const usual = join(folder, 'images');
  const browse = async (): Promise<string> =>
    (await chooseFolder(title, vscode.l10n.t('Use This Folder'))).fsPath;
  if (!(await exists(usual))) {
    return browse();
  }
  const { action } = await choose(title, [
    { label: vscode.workspace.asRelativePath(usual), action: () => Promise.resolve(usual) },
    { label: vscode.l10n.t('Browse…'), action: browse },
  ]);
  return action();
}

async function chooseMode(): Promise<NonNullable<BuildOptions['mode']>> {
  const { l10n } = vscode;
  const items = [
    { label: l10n.t('Impression'), mode: 'impression' as const },
    {
      label: l10n.t('Full report'),
      detail: l10n.t('Findings and impression'),
      mode: 'full_report' as const,
    },
    { label: l10n.t('Keywords'), mode: 'keywords' as const },
    {
      label: l10n.t('Mixed'),
      detail: l10n.t('Each question in one of the three forms'),
      mode: 'mixed' as const,
    },
  ];
  return (await choose(l10n.t('What do the options show of a report?'), items)).mode;
}

async function chooseMetadataPrompt(): Promise<boolean> {
  const items = [
    { label: vscode.l10n.t('Reports alone'), prompt: false },
    {
      label: vscode.l10n.t('With age and sex'),
      detail: 'Age: 67, Sex: M. Impression: …',
      prompt: true,
    },
  ];
  return (await choose(vscode.l10n.t('How does an option begin?'), items)).prompt;
}

async function chooseSplit(): Promise<BuildOptions['split']> {
  const items = [
    {
      label: vscode.l10n.t('Training and validation, 80 : 20'),
      detail: vscode.l10n.t('No patient is in both.'),
      split: { train: 0.8, valid: 0.2 },
    },
    { label: vscode.l10n.t('One file'), split: undefined },
  ];
  return (await choose(vscode.l10n.t('Into which files?'), items)).split;
}

async function tellResult({ files, questions, skipped, notes }: BuildResult): Promise<void> {
  const open = vscode.l10n.t('Show Questions');
  const left = skipped.reduce((sum, { count }) => sum + count, 0);
  const lines = [
    vscode.l10n.t('{0} questions in {1} files.', questions, files.length),
    ...(left > 0 ? [vscode.l10n.t('{0} volumes were left out.', left)] : []),
    ...notes,
  ];
  const chosen = await vscode.window.showInformationMessage(lines.join(' '), open);
  if (chosen === open && files.length > 0) {
    await vscode.window.showTextDocument(vscode.Uri.file(files[0].path));
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
