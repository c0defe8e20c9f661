import * as vscode from 'vscode';
import type { LineRange } from '../../core/dataset/jsonl';
import { completionAt } from '../../core/dataset/language/completion';
import type { RecordField } from '../../core/dataset/language/fields';
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
        const values = found.field.values ?? (await this.listed(document, found.field));
        const items = values.map((value) =>
          valueItem(
            found.field.path.at(-1) === 'label' ? value : JSON.stringify(value),
            value,
            range,
          ),
        );
        return new vscode.CompletionList(items, items.length >= mostListed);
      }
    }
  }

  private async listed(
    document: vscode.TextDocument,
    { source }: RecordField,
  ): Promise<readonly string[]> {
    const file = this.services.documents.get(document);
    const { sideFile, reports, imageRoots = [] } = (await file?.surroundings()) ?? {};
    if (source === 'reports') {
      return reports?.volumes(mostListed) ?? [];
    }
    const found = await vscode.workspace.findFiles('**/*.{nii,nii.gz}', undefined, mostListed);
    const { imageRootsOf } = await import('../../core/dataset/imagePaths');
    const [root] = imageRootsOf(document.uri.fsPath, sideFile, imageRoots);
    return found.map(({ fsPath }) => imagePathIn(document.uri.fsPath, fsPath, root)).sort();
  }
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
