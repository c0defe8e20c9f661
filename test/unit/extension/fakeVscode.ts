/**
 * As much of VS Code as the language features ask for, for tests of what they do when. Import it
 * before what imports `vscode`. How they look in the real editor is tested in test/host.
 */
import Module from 'node:module';
import type * as vscode from 'vscode';

export class EventEmitter<T> {
  private readonly listeners = new Set<(event: T) => unknown>();
  readonly event = (listener: (event: T) => unknown): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  get count(): number {
    return this.listeners.size;
  }
  fire(event: T): void {
    [...this.listeners].forEach((listener) => listener(event));
  }
  dispose(): void {
    this.listeners.clear();
  }
}

class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(startLine: number, startCharacter: number, endLine: number, endCharacter: number) {
    this.start = new Position(startLine, startCharacter);
    this.end = new Position(endLine, endCharacter);
  }
  isEqual(other: Range): boolean {
    return JSON.stringify(this) === JSON.stringify(other);
  }
}

class Uri {
  readonly scheme = 'file';
  private constructor(
    readonly path: string,
    readonly fragment = '',
  ) {}
  static file(path: string): Uri {
    return new Uri(path);
  }
  static parse(text: string): Uri {
    return new Uri(decodeURI(text.replace('file://', '')));
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(
      parts.reduce((path, part) => new URL(part, `file://${path}/`).pathname, base.path),
    );
  }
  get fsPath(): string {
    return this.path;
  }
  with({ fragment = '' }: { fragment?: string }): Uri {
    return new Uri(this.path, fragment);
  }
  toString(): string {
    return `file://${encodeURI(this.path)}`;
  }
}

class WorkspaceEdit {
  readonly edits: { range: Range; text: string }[] = [];
  replace(_uri: Uri, range: Range, text: string): void {
    this.edits.push({ range, text });
  }
}

/** A class whose constructor keeps its arguments under these names. */
const holding = (...names: string[]) =>
  function hold(this: object, ...given: unknown[]): void {
    Object.assign(this, Object.fromEntries(names.map((name, i) => [name, given[i]])));
  };

/** One watcher of files, and what tells it of changes. */
class Watcher {
  private readonly emitters = [0, 1, 2].map(() => new EventEmitter<Uri>());
  readonly onDidCreate = this.emitters[0].event;
  readonly onDidChange = this.emitters[1].event;
  readonly onDidDelete = this.emitters[2].event;
  isDisposed = false;
  constructor(readonly pattern: unknown) {}
  create = (uri: Uri): void => {
    this.emitters[0].fire(uri);
  };
  change = (uri: Uri): void => {
    this.emitters[1].fire(uri);
  };
  delete = (uri: Uri): void => {
    this.emitters[2].fire(uri);
  };
  dispose(): void {
    this.isDisposed = true;
  }
}

const events = {
  onDidOpenTextDocument: new EventEmitter<vscode.TextDocument>(),
  onDidCloseTextDocument: new EventEmitter<vscode.TextDocument>(),
  onDidChangeTextDocument: new EventEmitter<vscode.TextDocumentChangeEvent>(),
  onDidSaveTextDocument: new EventEmitter<vscode.TextDocument>(),
  onDidChangeConfiguration: new EventEmitter<vscode.ConfigurationChangeEvent>(),
  onDidDeleteFiles: new EventEmitter<vscode.FileDeleteEvent>(),
};

const noFiles: (pattern: string) => string[] = () => [];

/** The window of a test: what it holds, what was said in it. */
export const editor = {
  events,
  documents: [] as vscode.TextDocument[],
  watchers: [] as Watcher[],
  diagnostics: new Map<string, readonly vscode.Diagnostic[]>(),
  messages: [] as string[],
  settings: {} as Record<string, unknown>,
  /** Answers `findFiles` for a pattern. */
  findFiles: noFiles,
  progress: [] as string[],
  reset(): void {
    Object.values(events).forEach((emitter) => {
      emitter.dispose();
    });
    editor.documents = [];
    editor.watchers = [];
    editor.diagnostics.clear();
    editor.messages = [];
    editor.settings = { imageRoots: [], 'lint.rules': {} };
    editor.findFiles = noFiles;
    editor.progress = [];
  },
};

const say = (message: string): Promise<undefined> => {
  editor.messages.push(message);
  return Promise.resolve(undefined);
};

const fake = {
  EventEmitter,
  Position,
  Range,
  Uri,
  WorkspaceEdit,
  Disposable: class {
    constructor(readonly dispose: () => void) {}
  },
  RelativePattern: holding('base', 'pattern'),
  Diagnostic: holding('range', 'message', 'severity'),
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2 },
  CodeAction: holding('title', 'kind'),
  CodeActionKind: { QuickFix: 'quickfix' },
  CompletionItem: holding('label', 'kind'),
  CompletionItemKind: { Value: 11, Field: 4, Snippet: 14 },
  CompletionList: holding('items', 'isIncomplete'),
  SnippetString: holding('value'),
  FoldingRange: holding('start', 'end'),
  CancellationError: class extends Error {},
  ProgressLocation: { Notification: 15 },
  l10n: {
    t: (text: string, ...values: unknown[]): string =>
      text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
        const given = (typeof values[0] === 'object' ? values[0] : values) as Record<
          string,
          string
        >;
        return given[name] ?? whole;
      }),
  },
  workspace: {
    ...Object.fromEntries(Object.entries(events).map(([name, { event }]) => [name, event])),
    get textDocuments(): vscode.TextDocument[] {
      return editor.documents;
    },
    createFileSystemWatcher: (pattern: unknown): Watcher => {
      const watcher = new Watcher(pattern);
      editor.watchers.push(watcher);
      return watcher;
    },
    getConfiguration: () => ({ get: (key: string) => editor.settings[key] }),
    getWorkspaceFolder: () => undefined,
    findFiles: (pattern: string, _not: unknown, most = Infinity): Promise<Uri[]> =>
      Promise.resolve(
        editor
          .findFiles(pattern)
          .slice(0, most)
          .map((path) => Uri.file(path)),
      ),
  },
  languages: {
    createDiagnosticCollection: () => ({
      set: (uri: Uri, all: readonly vscode.Diagnostic[]) =>
        editor.diagnostics.set(uri.toString(), all),
      delete: (uri: Uri) => editor.diagnostics.delete(uri.toString()),
      get: (uri: Uri) => editor.diagnostics.get(uri.toString()),
      dispose: () => undefined,
    }),
  },
  window: {
    showInformationMessage: say,
    showWarningMessage: say,
    showErrorMessage: say,
    withProgress: (
      _options: unknown,
      action: (bar: unknown, token: unknown) => Promise<unknown>,
    ): Promise<unknown> =>
      action(
        { report: ({ message }: { message: string }) => editor.progress.push(message) },
        noCancellation,
      ),
  },
  commands: { executeCommand: () => Promise.resolve(undefined) },
  ViewColumn: { Active: -1, Beside: -2, One: 1 },
};

/** A token that nobody cancels. */
export const noCancellation = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
} as unknown as vscode.CancellationToken;

const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load;
loader._load = (request, ...rest) =>
  request === 'vscode' ? fake : load.call(loader, request, ...rest);

/** A question file in the editor, saved, with what a person does to it. */
export class FakeDocument {
  readonly languageId = 'ct-mcqa';
  readonly uri: Uri;
  version = 1;
  isDirty = false;
  isClosed = false;
  canSave = true;

  constructor(
    path: string,
    private content: string,
  ) {
    this.uri = Uri.file(path);
  }

  get document(): vscode.TextDocument {
    return this as unknown as vscode.TextDocument;
  }
  get lineCount(): number {
    return this.lines.length;
  }
  private get lines(): string[] {
    return this.content.split('\n');
  }
  lineAt(line: number): { text: string; range: Range } {
    const text = this.lines[line];
    return { text, range: new Range(line, 0, line, text.length) };
  }
  offsetAt({ line, character }: Position): number {
    return this.lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, character);
  }
  getText(range?: Range): string {
    return range === undefined
      ? this.content
      : this.content.slice(this.offsetAt(range.start), this.offsetAt(range.end));
  }
  open(): this {
    editor.documents.push(this.document);
    events.onDidOpenTextDocument.fire(this.document);
    return this;
  }
  /** Puts `text` in place of `length` characters. */
  type(line: number, character: number, length: number, text: string): void {
    const start = this.offsetAt(new Position(line, character));
    const before = this.content.slice(start, start + length).split('\n');
    const endLine = line + before.length - 1;
    const endCharacter = (before.length === 1 ? character : 0) + before[before.length - 1].length;
    const range = new Range(line, character, endLine, endCharacter);
    this.content = this.content.slice(0, start) + text + this.content.slice(start + length);
    this.version++;
    this.isDirty = true;
    const contentChanges = [{ range, rangeOffset: start, rangeLength: length, text }];
    const { document } = this;
    events.onDidChangeTextDocument.fire({
      document,
      contentChanges,
    } as unknown as vscode.TextDocumentChangeEvent);
  }
  save(): Promise<boolean> {
    if (this.canSave) {
      this.isDirty = false;
      events.onDidSaveTextDocument.fire(this.document);
    }
    return Promise.resolve(this.canSave);
  }
  close(): void {
    editor.documents = editor.documents.filter((each) => each !== this.document);
    this.isClosed = true;
    events.onDidCloseTextDocument.fire(this.document);
  }
}
