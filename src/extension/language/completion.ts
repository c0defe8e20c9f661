import * as vscode from 'vscode';
import type { LineRange } from '../../core/dataset/jsonl';
import { completionAt } from '../../core/dataset/language/completion';
import type { RecordField } from '../../core/dataset/language/fields';
import { fitting, volumeGlobs } from '../../core/dataset/language/narrowing';
import { imagePathIn } from '../../core/dataset/writtenPaths';
import type { Services } from '../services';

/** More images or reports than this are not listed: typing narrows the list. */
const mostListed = 500;

/** Fields, values, images, reports and whole questions while a question file is written by hand. */
export class QuestionCompletion implements vscode.CompletionItemProvider {
  static readonly triggers = ['"', ':', '{', ','];

  constructor(private readonly services: Services) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    { line, character }: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionList | undefined> {
    const { text } = document.lineAt(line);
    const found = completionAt(text, character);
    if (found === undefined) {
      return undefined;
    }
    const range = rangeAt(line, found.replaced);
    switch (found.kind) {
      case 'names':
        return new vscode.CompletionList(found.fields.map((field) => nameItem(field, text, range)));
      case 'question':
        return new vscode.CompletionList(questionItems(range));
      case 'values': {
        const { field, replaced } = found;
        const typed = typedValue(text.slice(replaced.start, character));
        const { values, isWhole } =
          field.values === undefined
            ? await this.listed(document, field, typed, token)
            : { values: field.values, isWhole: true };
        const items = values.map((value) =>
          valueItem(field.path.at(-1) === 'label' ? value : JSON.stringify(value), value, range),
        );
        return token.isCancellationRequested
          ? undefined
          : new vscode.CompletionList(items, !isWhole);
      }
    }
  }

  private async listed(
    document: vscode.TextDocument,
    { source }: RecordField,
    typed: string,
    token: vscode.CancellationToken,
  ): Promise<Listed> {
    const file = this.services.documents.get(document);
    const { sideFile, reports, imageRoots = [] } = (await file?.surroundings()) ?? {};
    if (source === 'reports') {
      const values = fitting(reports?.volumes(Infinity) ?? [], typed, mostListed);
      return { values, isWhole: values.length < mostListed };
    }
    const { imageRootsOf } = await import('../../core/dataset/imagePaths');
    const [root] = imageRootsOf(document.uri.fsPath, sideFile, imageRoots);
    const { files, isWhole } = await findVolumes(typed, token);
    const paths = files.map(({ fsPath }) => imagePathIn(document.uri.fsPath, fsPath, root)).sort();
    return { values: fitting(paths, typed, mostListed), isWhole };
  }
}

interface Listed {
  readonly values: readonly string[];
  /** False where there are more, so that further typing asks again. */
  readonly isWhole: boolean;
}

/** The volumes of the workspace whose path may hold what was typed. */
async function findVolumes(
  typed: string,
  token: vscode.CancellationToken,
): Promise<{ files: readonly vscode.Uri[]; isWhole: boolean }> {
  for (const globs of volumeGlobs(typed)) {
    const found = await Promise.all(
      globs.map((glob) => vscode.workspace.findFiles(glob, undefined, mostListed, token)),
    );
    const files = new Map(found.flat().map((uri) => [uri.toString(), uri]));
    if (files.size > 0 || token.isCancellationRequested) {
      const isWhole = found.every(({ length }) => length < mostListed);
      return { files: [...files.values()], isWhole };
    }
  }
  return { files: [], isWhole: true };
}

/** What stands of a value before the cursor, without its quote and escapes. */
function typedValue(written: string): string {
  return written.replace(/^\s*"?/, '').replaceAll(/\\(.)/g, '$1');
}

function nameItem(field: RecordField, line: string, range: vscode.Range): vscode.CompletionItem {
  const name = field.path.at(-1) ?? '';
  const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Field);
  // Where a value follows already only the name is wanted.
  const hasValue = /^\s*:/.test(line.slice(range.end.character));
  item.insertText = new vscode.SnippetString(
    hasValue ? `"${name}"` : `"${name}": ${field.snippet}`,
  );
  item.filterText = `"${name}"`;
  item.documentation = vscode.l10n.t(field.explain);
  item.range = range;
  return item;
}

function valueItem(written: string, value: string, range: vscode.Range): vscode.CompletionItem {
  const item = new vscode.CompletionItem(value, vscode.CompletionItemKind.Value);
  item.insertText = written;
  item.filterText = written;
  item.range = range;
  return item;
}

/** Questions of so many options can be begun with one word. */
const optionCounts = [2, 3, 4, 5];

function questionItems(range: vscode.Range): vscode.CompletionItem[] {
  const item = (label: string, detail: string, snippet: string): vscode.CompletionItem => {
    const created = new vscode.CompletionItem(label, vscode.CompletionItemKind.Snippet);
    created.detail = detail;
    created.insertText = new vscode.SnippetString(snippet);
    created.range = range;
    return created;
  };
  return optionCounts.flatMap((count) =>
    (['text', 'ref'] as const).map((field) =>
      item(
        field === 'text' ? `question ${count}` : `question ${count} ref`,
        field === 'text'
          ? vscode.l10n.t('Question of {0} options', count)
          : vscode.l10n.t('Question of {0} options from the reports table', count),
        questionSnippet(count, field),
      ),
    ),
  );
}

function questionSnippet(count: number, field: 'text' | 'ref'): string {
  const options = Array.from(
    { length: count },
    (_, index) => `{"${field}": "$${index + 3}", "label": ${index === 0 ? 1 : 0}}`,
  );
  return `{"id": "$1", "image_path": "$2", "options": [${options.join(', ')}]}`;
}

function rangeAt(line: number, { start, end }: LineRange): vscode.Range {
  return new vscode.Range(line, start, line, end);
}
