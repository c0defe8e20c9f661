import * as vscode from 'vscode';
import { DisposableList } from '../disposables';
import { onSettingChange } from '../settings';
import { onFileChange } from '../watchFile';
import { isQuestionDocument } from './questionFiles';
import { SharedReportTables } from './reportTables';
import { readSurroundings, type Surroundings } from './surroundings';

/** A question file that is open in the editor, with what stands around it. */
export class OpenQuestionFile {
  private current: Promise<Surroundings> | undefined;
  private watchers = new DisposableList();
  private isDisposed = false;

  constructor(
    readonly document: vscode.TextDocument,
    private readonly tables: SharedReportTables,
    private readonly onChange: () => void,
  ) {}

  /** Side file and tables, read at the first call and again after a change or a failure. */
  surroundings(): Promise<Surroundings> {
    this.current ??= this.read();
    return this.current;
  }

  /** Everything around the file is read again. */
  forget(): void {
    this.current = undefined;
    this.onChange();
  }

  dispose(): void {
    this.isDisposed = true;
    this.watchers.dispose();
  }

  private read(): Promise<Surroundings> {
    const watchers = this.watchAnew();
    const reading = readSurroundings(this.document.uri, this.tables, (file) => {
      watchers.add(
        onFileChange(vscode.Uri.file(file), () => {
          this.forget();
        }),
      );
    });
    reading.catch(() => {
      if (this.current === reading) {
        this.current = undefined;
      }
    });
    return reading;
  }

  /** Watchers for one reading; they take the place of those before, and end with the file. */
  private watchAnew(): DisposableList {
    this.watchers.dispose();
    this.watchers = new DisposableList();
    if (this.isDisposed) {
      this.watchers.dispose();
    }
    return this.watchers;
  }
}

/** All question files that are open, and word of their coming, changing and going. */
export class OpenQuestionFiles {
  private readonly files = new Map<string, OpenQuestionFile>();
  private readonly tables = new SharedReportTables();
  private readonly held = new DisposableList();
  private readonly opened = this.held.add(new vscode.EventEmitter<OpenQuestionFile>());
  private readonly changed = this.held.add(new vscode.EventEmitter<OpenQuestionFile>());
  private readonly closed = this.held.add(new vscode.EventEmitter<OpenQuestionFile>());

  readonly onDidOpen = this.opened.event;
  /** Side file, tables or settings changed (not the text). */
  readonly onDidChangeSurroundings = this.changed.event;
  readonly onDidClose = this.closed.event;

  constructor() {
    this.held.add(
      vscode.workspace.onDidOpenTextDocument((document) => {
        this.open(document);
      }),
    );
    this.held.add(
      vscode.workspace.onDidCloseTextDocument((document) => {
        this.close(document);
      }),
    );
    this.held.add(
      onSettingChange(['imageRoots', 'lint.rules'], () => {
        this.all().forEach((file) => {
          file.forget();
        });
      }),
    );
  }

  /** Takes in what is open already; call once the listeners are in place. */
  start(): void {
    vscode.workspace.textDocuments.forEach((document) => {
      this.open(document);
    });
  }

  get(document: vscode.TextDocument): OpenQuestionFile | undefined {
    return this.files.get(document.uri.toString());
  }

  all(): OpenQuestionFile[] {
    return [...this.files.values()];
  }

  dispose(): void {
    this.all().forEach((file) => {
      file.dispose();
    });
    this.held.dispose();
  }

  private open(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    if (!isQuestionDocument(document) || this.files.has(key)) {
      return;
    }
    const file = new OpenQuestionFile(document, this.tables, () => {
      this.changed.fire(file);
    });
    this.files.set(key, file);
    this.opened.fire(file);
  }

  private close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const file = this.files.get(key);
    if (file !== undefined) {
      this.files.delete(key);
      file.dispose();
      this.closed.fire(file);
    }
  }
}
