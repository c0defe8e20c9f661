import * as vscode from 'vscode';
import type { LintFinding } from '../../core/dataset/lint';
import type { LongWork } from '../../core/progress';
import { DisposableList } from '../disposables';
import { isCancellation } from '../failures';
import { setting } from '../settings';
import type { WorkerPool } from '../workers';
import { DocumentCheck } from './documentCheck';
import { toDiagnostic } from './findingDiagnostics';
import type { OpenQuestionFile, OpenQuestionFiles } from './openQuestionFiles';
import { isLongDocument } from './questionFiles';
import { imageRootsOf } from './surroundings';

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
  /** What is shown now, by document. */
  private readonly published = new Map<string, readonly LintFinding[]>();

  constructor(private readonly options: LintServiceOptions) {
    const { documents } = options;
    const imageWatcher = this.held.add(
      vscode.workspace.createFileSystemWatcher(imageGlob, false, true, false),
    );
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
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const file = documents.get(document);
        if (file !== undefined && !isLong(file)) {
          this.scheduleCheck(file);
        }
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        const file = documents.get(document);
        if (file !== undefined && isLong(file)) {
          this.scheduleCheck(file);
        }
      }),
      imageWatcher.onDidCreate(() => {
        this.imagesChanged();
      }),
      imageWatcher.onDidDelete(() => {
        this.imagesChanged();
      }),
    ]) {
      this.held.add(subscription);
    }
  }

  /**
   * Checks a file as it is on disk, of any size, in the worker, and publishes what it finds.
   * Rejects with UserError or CancelledError.
   */
  async checkFile(uri: vscode.Uri, work?: LongWork): Promise<LintFinding[]> {
    const findings = await this.options.workers.request(
      'dataset/lint',
      {
        path: uri.fsPath,
        imageRoots: imageRootsOf(uri),
        levels: setting('lint.rules', uri),
      },
      work,
    );
    this.publish(uri, findings);
    return findings;
  }

  /** Resolves once an open document is checked as it stands, images included. */
  async whenChecked(document: vscode.TextDocument): Promise<readonly vscode.Diagnostic[]> {
    await this.checks.get(document.uri.toString())?.checkNow();
    return this.diagnostics.get(document.uri) ?? [];
  }

  /** The findings of a file that are shown now. */
  findingsOf(uri: vscode.Uri): readonly LintFinding[] {
    return this.published.get(uri.toString()) ?? [];
  }

  dispose(): void {
    for (const check of this.checks.values()) {
      check.dispose();
    }
    this.held.dispose();
  }

  private open(file: OpenQuestionFile): void {
    const check = new DocumentCheck(
      file,
      (findings) => {
        this.publish(file.document.uri, findings);
      },
      (error) => {
        this.options.log.error(error instanceof Error ? error : String(error));
      },
    );
    this.checks.set(keyOf(file), check);
    this.scheduleCheck(file);
  }

  private close(file: OpenQuestionFile): void {
    this.checks.get(keyOf(file))?.dispose();
    this.checks.delete(keyOf(file));
    this.published.delete(keyOf(file));
    this.diagnostics.delete(file.document.uri);
  }

  private scheduleCheck(file: OpenQuestionFile): void {
    if (!isLong(file)) {
      this.checks.get(keyOf(file))?.schedule();
      return;
    }
    this.checkFile(file.document.uri).catch((error: unknown) => {
      if (!isCancellation(error)) {
        this.options.log.error(error instanceof Error ? error : String(error));
      }
    });
  }

  private imagesChanged(): void {
    for (const check of this.checks.values()) {
      check.forgetImages();
      check.schedule();
    }
  }

  private publish(uri: vscode.Uri, findings: readonly LintFinding[]): void {
    this.published.set(uri.toString(), findings);
    this.diagnostics.set(
      uri,
      findings.map((finding) => toDiagnostic(finding, this.options.rulesPage)),
    );
  }
}

function keyOf(file: OpenQuestionFile): string {
  return file.document.uri.toString();
}

/** Too long to be checked while it is edited: the worker does it when it is opened and saved. */
function isLong({ document }: OpenQuestionFile): boolean {
  return isLongDocument(document);
}
