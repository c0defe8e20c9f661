import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { longestEditable } from '../../../core/dataset/editorLimit';
import { resolveImagePath } from '../../../core/dataset/imagePaths';
import { readSideFile } from '../../../core/dataset/sideFile';
import type { ContextSource, VolumeContext } from '../../../core/dataset/volumeContext';
import type { VolumeQuestion } from '../../../core/dataset/volumeQuestions';
import { volumeStem } from '../../../core/dataset/volumeName';
import { UserError } from '../../../core/errors';
import type { LongWork } from '../../../core/progress';
import type {
  ContextPart,
  PanelQuestion,
  PanelQuestions,
  QuestionAddress,
  ReadingProgress,
  ReportPanelCalls,
} from '../../../protocol/volumeContext';
import type { Handlers } from '../../../protocol/webview';
import { chooseTable } from '../../commands/choose';
import { DisposableList, type DisposableLike } from '../../disposables';
import { showFailure } from '../../failures';
import { questionFileSuffix } from '../../ids';
import { imageRootsOf } from '../../language/surroundings';
import { stageName } from '../../longWork';
import type { Services } from '../../services';
import { onSettingChange } from '../../settings';
import { onFileChange } from '../../watchFile';
import { answerNull } from '../answerNull';
import { cardOption } from '../questionCard/cardOption';
import { showQuestionCard } from '../questionCard/cardPanel';
import {
  knownTables,
  questionFilesHere,
  rememberTables,
  tablesHere,
  tellingTables,
} from './contextFiles';

/** Files are copied and built one after the other: what changed is told after this much quiet, ms. */
const settleMs = 400;

/** What the page is told, and where its questions lead. */
export interface ContextNews {
  /** What a part was read from has changed. */
  readonly changed: (part: ContextPart) => void;
  readonly progress: (part: ContextPart, progress: ReadingProgress) => void;
  /** Shows another volume at the place that is looked at. */
  readonly jumpTo: (imagePath: string) => void | Promise<void>;
}

/**
 * What the workspace knows of one volume, for the page that shows it: what tables say, and the
 * questions on it. Reads only; works in a workspace that is not trusted.
 */
export class VolumeContextFeed implements DisposableLike {
  private readonly held = new DisposableList();
  private readonly closing = new AbortController();
  private readonly timers = new Map<ContextPart, NodeJS.Timeout>();
  private tableWatchers = new DisposableList();
  private context: VolumeContext | undefined;
  private questions: readonly VolumeQuestion[] = [];

  constructor(
    private readonly services: Services,
    private readonly volume: vscode.Uri,
    private readonly news: ContextNews,
  ) {
    this.watch(`**/*{${questionFileSuffix},.predictions.jsonl}`, ['questions']);
    this.watch('**/*.mcqa.json', ['questions', 'tables']);
    const tables = this.held.add(
      vscode.workspace.createFileSystemWatcher(tellingTables, false, true, true),
    );
    tables.onDidCreate(() => {
      this.noteChange('tables');
    });
    this.held.add(
      onSettingChange(['imageRoots'], () => {
        this.noteChange('questions');
      }),
    );
  }

  dispose(): void {
    this.closing.abort();
    this.timers.forEach((timer) => {
      clearTimeout(timer);
    });
    this.tableWatchers.dispose();
    this.held.dispose();
  }

  private watch(glob: string, parts: readonly ContextPart[]): void {
    const watcher = this.held.add(vscode.workspace.createFileSystemWatcher(glob));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      event(() => {
        parts.forEach((part) => {
          this.noteChange(part);
        });
      });
    }
  }

  private noteChange(part: ContextPart): void {
    clearTimeout(this.timers.get(part));
    const tell = (): void => {
      this.news.changed(part);
    };
    this.timers.set(part, setTimeout(tell, settleMs));
  }

  private work(part: ContextPart, signal: AbortSignal): LongWork {
    return {
      signal: AbortSignal.any([signal, this.closing.signal]),
      onProgress: ({ stage, done, total }) => {
        this.news.progress(part, {
          stage: stageName(stage),
          done,
          ...(total !== undefined && { total }),
        });
      },
    };
  }

  /** What tables say; the answer to `contextTables`. Rejects as the worker's `volume/context`. */
  async readTables(signal: AbortSignal): Promise<VolumeContext> {
    const { workers, memory } = this.services;
    const path = this.volume.fsPath;
    const tables = await tablesHere(path, knownTables(memory));
    const work = this.work('tables', signal);
    const context = await workers.request('volume/context', { path, tables }, work);
    this.context = context;
    const answered = sourcesOf(context).map((source) => source.path);
    this.watchTables([...answered, ...knownTables(memory).chosen]);
    await rememberTables(memory, 'answered', answered);
    return context;
  }

  private watchTables(paths: readonly string[]): void {
    this.tableWatchers.dispose();
    this.tableWatchers = new DisposableList();
    if (this.closing.signal.aborted) {
      return;
    }
    for (const path of new Set(paths)) {
      this.tableWatchers.add(
        onFileChange(vscode.Uri.file(path), () => {
          this.noteChange('tables');
        }),
      );
    }
  }

  /** The questions on the volume; the answer to `contextQuestions`. */
  async readQuestions(signal: AbortSignal): Promise<PanelQuestions> {
    const files = await questionFilesHere();
    const { questions, more, searched, problems } = await this.services.workers.request(
      'volume/questions',
      { path: this.volume.fsPath, files },
      this.work('questions', signal),
    );
    this.questions = questions;
    const sizes = await sizesOf(questions.map(({ file }) => file));
    return {
      questions: questions.map((question) =>
        panelQuestion(question, (sizes.get(question.file) ?? 0) <= longestEditable),
      ),
      more,
      searched,
      problems: problems.map(({ message }) => message),
    };
  }

  /** Whether the user chose one; the page then asks for the tables again. */
  async chooseTable(): Promise<boolean> {
    try {
      const table = await chooseTable(
        undefined,
        vscode.l10n.t('Which table has the report of {0}?', volumeStem(this.volume.path)),
      );
      await rememberTables(this.services.memory, 'chosen', [table.fsPath]);
      return true;
    } catch (error) {
      showFailure(this.services.log, error);
      return false;
    }
  }

  /** The page may ask for what it was told, and for no other file. */
  async showSource({ path, line }: ContextSource): Promise<void> {
    const known = this.context === undefined ? [] : sourcesOf(this.context);
    if (known.some((source) => source.path === path)) {
      await showLine(path, line);
    }
  }

  async showQuestion(address: QuestionAddress, on: 'card' | 'line'): Promise<void> {
    const question = this.questionAt(address);
    if (question === undefined) {
      return;
    }
    if (on === 'line') {
      await showLine(question.file, question.line);
    } else {
      await this.showOnCard(question);
    }
  }

  /** The file comes beside the preview, and the card before it: two columns, not three. */
  private async showOnCard({ file, line: oneBased }: VolumeQuestion): Promise<void> {
    const document = await vscode.workspace.openTextDocument(file);
    const line = Math.min(oneBased - 1, document.lineCount - 1);
    const shown = vscode.window.visibleTextEditors.find((each) => each.document === document);
    await vscode.window.showTextDocument(document, {
      viewColumn: shown?.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
      selection: new vscode.Range(line, 0, line, 0),
    });
    showQuestionCard(this.services, { document, line });
  }

  async showOptionVolume(address: QuestionAddress, index: number): Promise<void> {
    const question = this.questionAt(address);
    const option = question?.record.options.at(index);
    const volume = option?.source ?? option?.ref;
    if (question === undefined || volume === undefined) {
      return;
    }
    const path = await imageOfVolume(volume, question.file);
    if (path === undefined) {
      throw new UserError(
        'volume-not-found',
        vscode.l10n.t('The volume {0} is not here.', volume),
        vscode.l10n.t(
          'Name its folder under "image_roots" in the side file or in the setting ctMcqa.imageRoots.',
        ),
      );
    }
    await this.news.jumpTo(path);
  }

  private questionAt({ path, line }: QuestionAddress): VolumeQuestion | undefined {
    return this.questions.find((each) => each.file === path && each.line === line);
  }
}

/** The host's answers to the report panel of a page; `feedOf` gives the feed of a file of the page. */
export function contextCalls(
  services: Pick<Services, 'log'>,
  feedOf: (file: number) => VolumeContextFeed,
): Handlers<{ calls: ReportPanelCalls; notices: never }>['calls'] {
  return {
    contextTables: ({ file }, signal) => feedOf(file).readTables(signal),
    contextQuestions: ({ file }, signal) => feedOf(file).readQuestions(signal),
    chooseTable: ({ file }) => feedOf(file).chooseTable(),
    showSource: answerNull(services, ({ file, ...source }) => feedOf(file).showSource(source)),
    showQuestion: answerNull(services, ({ file, on, ...address }) =>
      feedOf(file).showQuestion(address, on),
    ),
    showOptionVolume: answerNull(services, ({ file, option, ...address }) =>
      feedOf(file).showOptionVolume(address, option),
    ),
  };
}

/** Where all that is said of a volume stands. */
function sourcesOf({ report, labels, scan, leftOutBy }: VolumeContext): ContextSource[] {
  const said = [report, labels, scan].flatMap((each) => (each === undefined ? [] : [each.source]));
  return [...said, ...leftOutBy];
}

function panelQuestion(question: VolumeQuestion, fitsCard: boolean): PanelQuestion {
  const { file, line, id, record, texts, answer } = question;
  return {
    path: file,
    file: basename(file),
    line,
    id,
    ...(record.mode && { mode: record.mode }),
    options: record.options.map((option, index) =>
      cardOption(option, index, texts.at(index), answer?.prediction),
    ),
    ...(answer && { outcome: { kind: answer.outcome, run: answer.run } }),
    fitsCard,
  };
}

async function sizesOf(paths: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sizes = [...new Set(paths)].map(async (path) => {
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    );
    return [path, size] as const;
  });
  return new Map(await Promise.all(sizes));
}

/** Shows a line (1-based) beside the preview; a file without lines in the explorer. */
async function showLine(path: string, line: number | undefined): Promise<void> {
  const uri = vscode.Uri.file(path);
  if (line === undefined) {
    await vscode.commands.executeCommand('revealInExplorer', uri);
    return;
  }
  // The command, not showTextDocument: it opens files of over 50 MB too.
  await vscode.commands.executeCommand('vscode.open', uri, {
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(line - 1, 0, line - 1, 0),
  });
}

/** The file of a volume that a question file names, where its own images are; undefined where it is nowhere. */
async function imageOfVolume(volume: string, datasetPath: string): Promise<string | undefined> {
  const sideFile = await readSideFile(datasetPath).catch(() => undefined);
  const roots = imageRootsOf(vscode.Uri.file(datasetPath));
  const bare = volume.replace(/\.nii(\.gz)?$/i, '');
  for (const extension of ['.nii.gz', '.nii']) {
    const found = await resolveImagePath(bare + extension, datasetPath, sideFile, roots);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
