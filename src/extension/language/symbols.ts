import * as vscode from 'vscode';
import { JsonLine } from '../../core/dataset/jsonl';
import { outlineOf } from '../../core/dataset/language/outline';
import type { OutlineItem } from '../../core/dataset/language/outline';
import { isLongDocument } from './questionFiles';

/** Questions and options in the outline, in breadcrumbs and in "go to symbol". Lines that did not change are not read again. */
export class QuestionSymbols implements vscode.DocumentSymbolProvider {
  private readonly known = new WeakMap<vscode.TextDocument, Map<string, JsonLine>>();

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    if (isLongDocument(document)) {
      return [];
    }
    const before = this.known.get(document);
    const now = new Map<string, JsonLine>();
    const symbols: vscode.DocumentSymbol[] = [];
    for (let line = 0; line < document.lineCount; line++) {
      const { text } = document.lineAt(line);
      const json = before?.get(text) ?? new JsonLine(text);
      now.set(text, json);
      const item = outlineOf(json, line);
      if (item !== undefined) {
        symbols.push(symbolOf(item, line, vscode.SymbolKind.Object));
      }
    }
    this.known.set(document, now);
    return symbols;
  }
}

function symbolOf(item: OutlineItem, line: number, kind: vscode.SymbolKind): vscode.DocumentSymbol {
  const range = ({ start, end }: OutlineItem['whole']): vscode.Range =>
    new vscode.Range(line, start, line, end);
  const symbol = new vscode.DocumentSymbol(
    item.name,
    item.detail,
    kind,
    range(item.whole),
    range(item.nameRange),
  );
  symbol.children = item.children.map((child) =>
    symbolOf(child, line, child.isTrue ? vscode.SymbolKind.Key : vscode.SymbolKind.String),
  );
  return symbol;
}
