import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { LintFinding } from '../../core/dataset/lint';
import { UserError } from '../../core/errors';
import type { LongWork } from '../../core/progress';
import { DisposableList } from '../disposables';
import { isCancellation } from '../failures';
import { questionFileSuffix } from '../ids';
import { setting } from '../settings';
import type { WorkerPool } from '../workers';
import { DocumentCheck } from './documentCheck';
import { toDiagnostic } from './findingDiagnostics';
import type { OpenQuestionFile, OpenQuestionFiles } from './openQuestionFiles';
import { isLongDocument } from './questionFiles';
import { ShownFindings, type TextChange } from './shownFindings';
import { imageRootsOf } from './surroundings';
import { WholeFileChecks } from './wholeFileChecks';

/** Image files whose coming and going changes findings. */
const imageGlob = '**/*.{nii,nii.gz,png,jpg,jpeg}';

interface LintServiceOptions {
  readonly log: vscode.LogOutputChannel;
  readonly workers: WorkerPool;
  readonly documents: OpenQuestionFiles;
  /** The page that explains the rules, a heading each. */
  readonly rulesPage: vscode.Uri;
}

/** Keeps the Problems view in step with the question files. */
export class LintService {
  private readonly held = new DisposableList();
  private readonly diagnostics = this.held.add(
    vscode.languages.createDiagnosticCollection('ct-mcqa'),
  );
  private readonly checks = new Map<string, DocumentCheck>();
  /** What is shown now, by file. */
  private readonly shown = new Map<string, ShownFindings>();
  private readonly wholeChecks = this.held.add(
    new WholeFileChecks((file, findings) => {
      this.shownOf(file).setWhole(findings);
      this.publish(file);
    }),
  );

  constructor(private readonly options: LintServiceOptions) {
    this.followDocuments();
    this.followFiles();
  }

  /**
   * Checks a file as it is on disk, of any size, in the worker, and publishes what it finds.
   * Rejects with UserError (`lint-unsaved` where the file is open with changes that are not saved:
   * what the disk holds tells nothing of them) or CancelledError.
   */
  async checkFile(uri: vscode.Uri, work: LongWork = {}): Promise<readonly LintFinding[]> {
    if (openDocument(uri)?.isDirty === true) {
      throw new UserError(
        'lint-unsaved',
        vscode.l10n.t(
          '{0} has changes that are not saved, and only what is saved can be checked.',
          basename(uri.fsPath),
        ),
        vscode.l10n.t('Save the file, then check it again.'),
      );
    }
    const findings = await this.checkWhole(uri, true, work);
    await this.checks.get(uri.toString())?.checkNow();
    return findings;
  }

  /** Resolves once an open document is checked as it stands, images included. */
  async whenChecked(document: vscode.TextDocument): Promise<readonly vscode.Diagnostic[]> {
    const key = document.uri.toString();
    await this.checks.get(key)?.checkNow();
    await this.wholeChecks.of(key);
    return this.diagnostics.get(document.uri) ?? [];
  }

  /** The findings of a file that are shown now. */
  findingsOf(uri: vscode.Uri): readonly LintFinding[] {
    return this.shown.get(uri.toString())?.all ?? [];
  }

  /** Takes back what is shown of files that are neither open nor there any more. */
  async forgetDeleted(): Promise<void> {
    const files = [...this.shown.keys()].map((key) => vscode.Uri.parse(key));
    await Promise.all(files.map((uri) => this.forgetIfDeleted(uri)));
  }

  dispose(): void {
    for (const check of this.checks.values()) {
      check.dispose();
    }
    this.held.dispose();
  }

  private followDocuments(): void {
    const { documents } = this.options;
    for (const subscription of [
      documents.onDidOpen((file) => {
        this.open(file);
      }),
      documents.onDidClose((file) => {
        this.close(file);
      }),
      documents.onDidChangeSurroundings((file) => {
        this.checks.get(keyOf(file))?.forgetSurroundings();
        this.scheduleCheck(file);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const file = documents.get(document);
        if (file !== undefined && contentChanges.length > 0) {
          this.edited(file, contentChanges);
        }
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        const file = documents.get(document);
        if (file !== undefined) {
          this.saved(file);
        }
      }),
    ]) {
      this.held.add(subscription);
    }
  }

  private followFiles(): void {
    const { workspace } = vscode;
    const images = this.held.add(workspace.createFileSystemWatcher(imageGlob, false, true, false));
    const questionFiles = this.held.add(
      workspace.createFileSystemWatcher(`**/*${questionFileSuffix}`, true, true, false),
    );
    const imagesChanged = (): void => {
      this.imagesChanged();
    };
    const deleted = (): void => {
      void this.forgetDeleted();
    };
    for (const subscription of [
      images.onDidCreate(imagesChanged),
      images.onDidDelete(imagesChanged),
      questionFiles.onDidDelete(deleted),
      // Of a folder that goes with all that is in it the watcher may name the folder alone.
      workspace.onDidDeleteFiles(deleted),
    ]) {
      this.held.add(subscription);
    }
  }

  private open(file: OpenQuestionFile): void {
    const key = keyOf(file);
    const check = new DocumentCheck(
      file,
      (findings) => {
        this.shownOf(key).setLive(findings);
        this.publish(key);
      },
      (error) => {
        this.logFailure(error);
      },
    );
    this.checks.set(key, check);
    this.scheduleCheck(file);
  }

  private close(file: OpenQuestionFile): void {
    const key = keyOf(file);
    this.checks.get(key)?.dispose();
    this.checks.delete(key);
    this.wholeChecks.close(key);
    this.forget(file.document.uri);
  }

  private edited(file: OpenQuestionFile, changes: readonly TextChange[]): void {
    const key = keyOf(file);
    this.wholeChecks.edit(key, changes);
    const shown = this.shown.get(key);
    const hasMoved = shown?.edit(changes) === true;
    if (!isLong(file)) {
      this.scheduleCheck(file);
      return;
    }
    shown?.endLive();
    if (hasMoved) {
      this.publish(key);
    }
  }

  /** What only a check of the whole file finds, or is finding, is of the file as it was before. */
  private saved(file: OpenQuestionFile): void {
    const key = keyOf(file);
    const isChecked =
      this.shown.get(key)?.hasWhole === true || this.wholeChecks.of(key) !== undefined;
    if (isLong(file) || isChecked) {
      this.checkInBackground(file);
    }
  }

  private scheduleCheck(file: OpenQuestionFile): void {
    if (isLong(file)) {
      this.checkInBackground(file);
    } else {
      this.checks.get(keyOf(file))?.schedule();
    }
  }

  /** Checks the whole file for the editor alone; what is not saved is checked when it is. */
  private checkInBackground({ document }: OpenQuestionFile): void {
    if (!document.isDirty) {
      this.checkWhole(document.uri, false).catch((error: unknown) => {
        this.logFailure(error);
      });
    }
  }

  private checkWhole(
    uri: vscode.Uri,
    asked: boolean,
    work: LongWork = {},
  ): Promise<readonly LintFinding[]> {
    const params = {
      path: uri.fsPath,
      imageRoots: imageRootsOf(uri),
      levels: setting('lint.rules', uri),
    };
    return this.wholeChecks.run(uri.toString(), asked, work, (own) =>
      this.options.workers.request('dataset/lint', params, own),
    );
  }

  private imagesChanged(): void {
    for (const file of this.options.documents.all()) {
      const check = this.checks.get(keyOf(file));
      check?.forgetImages();
      // A long document is checked when it is saved, not once for each of a thousand images.
      if (!isLong(file)) {
        check?.schedule();
      }
    }
  }

  private async forgetIfDeleted(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const isThere = await stat(uri.fsPath).then(
      () => true,
      () => false,
    );
    if (!isThere && !this.checks.has(key)) {
      this.wholeChecks.end(key);
      this.forget(uri);
    }
  }

  private forget(uri: vscode.Uri): void {
    this.shown.delete(uri.toString());
    this.diagnostics.delete(uri);
  }

  private shownOf(key: string): ShownFindings {
    const shown = this.shown.get(key) ?? new ShownFindings();
    this.shown.set(key, shown);
    return shown;
  }

  private publish(key: string): void {
    this.diagnostics.set(
      vscode.Uri.parse(key),
      this.shownOf(key).all.map((finding) => toDiagnostic(finding, this.options.rulesPage)),
    );
  }

  private logFailure(error: unknown): void {
    if (!isCancellation(error)) {
      this.options.log.error(error instanceof Error ? error : String(error));
    }
  }
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
}

function keyOf(file: OpenQuestionFile): string {
  return file.document.uri.toString();
}

/** Too long to be checked while it is edited: the worker does it when it is opened and saved. */
function isLong({ document }: OpenQuestionFile): boolean {
  return isLongDocument(document);
}
