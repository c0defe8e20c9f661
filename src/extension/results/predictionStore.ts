import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { predictionsPath } from '../../core/dataset/predictions';
import { DisposableList } from '../disposables';
import type { OpenQuestionFile, OpenQuestionFiles } from '../language/openQuestionFiles';
import { onFileChange } from '../watchFile';
import { Answers } from './outcome';

interface Entry {
  answers: Promise<Answers | undefined> | undefined;
  readonly watcher: vscode.Disposable;
}

/** The answers that stand beside the open question files, kept in step with the disk. */
export class PredictionStore {
  private readonly entries = new Map<OpenQuestionFile, Entry>();
  private readonly held = new DisposableList();
  private readonly changed = this.held.add(new vscode.EventEmitter<OpenQuestionFile>());

  /** Predictions of a file came, changed or went. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly documents: OpenQuestionFiles,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.held.add(
      documents.onDidOpen((file) => {
        this.open(file);
      }),
    );
    this.held.add(
      documents.onDidClose((file) => {
        this.entries.get(file)?.watcher.dispose();
        this.entries.delete(file);
      }),
    );
  }

  /** The answers to an open document's questions; undefined where nobody answered them. */
  async answersFor(document: vscode.TextDocument): Promise<Answers | undefined> {
    const file = this.documents.get(document);
    const entry = file && this.entries.get(file);
    if (file === undefined || entry === undefined) {
      return undefined;
    }
    entry.answers ??= this.read(file);
    return entry.answers;
  }

  /** A predictions file was written by us: shown at once, whether or not the disk tells of it. */
  noteWritten(path: string): void {
    for (const [file, entry] of this.entries) {
      if (predictionsPath(file.document.uri.fsPath) === path) {
        entry.answers = undefined;
        this.changed.fire(file);
      }
    }
  }

  dispose(): void {
    for (const { watcher } of this.entries.values()) {
      watcher.dispose();
    }
    this.held.dispose();
  }

  private open(file: OpenQuestionFile): void {
    const path = predictionsPath(file.document.uri.fsPath);
    const watcher = onFileChange(vscode.Uri.file(path), () => {
      const entry = this.entries.get(file);
      if (entry !== undefined) {
        entry.answers = undefined;
        this.changed.fire(file);
      }
    });
    this.entries.set(file, { answers: undefined, watcher });
    this.changed.fire(file);
  }

  private async read(file: OpenQuestionFile): Promise<Answers | undefined> {
    const path = predictionsPath(file.document.uri.fsPath);
    try {
      await access(path);
    } catch {
      return undefined;
    }
    try {
      const { readPredictions } = await import('../../core/dataset/predictions');
      return new Answers(await readPredictions(path));
    } catch (error) {
      this.log.warn(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }
}
