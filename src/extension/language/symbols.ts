import * as vscode from 'vscode';
import { DocumentOutline } from '../../core/dataset/language/documentOutline';
import type { OutlineItem } from '../../core/dataset/language/outline';
import { isLongDocument } from './questionFiles';

/** Questions and options in the outline, in breadcrumbs and in "go to symbol". */
export class QuestionSymbols implements vscode.DocumentSymbolProvider {
  private readonly outlines = new WeakMap<vscode.TextDocument, DocumentOutline>();
  private readonly symbols = new WeakMap<OutlineItem, vscode.DocumentSymbol>();

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    if (isLongDocument(document)) {
      return [];
    }
    const outline = this.outlines.get(document) ?? new DocumentOutline();
    this.outlines.set(document, outline);
    const items = outline.update(document.lineCount, (line) => document.lineAt(line).text);
    return items.flatMap((item, line) => (item === undefined ? [] : [this.symbolOf(item, line)]));
  }

  /** An item that is the same object stands where it stood. */
  private symbolOf(item: OutlineItem, line: number): vscode.DocumentSymbol {
    const symbol = this.symbols.get(item) ?? asSymbol(item, line, vscode.SymbolKind.Object);
    this.symbols.set(item, symbol);
    return symbol;
  }
}

function asSymbol(item: OutlineItem, line: number, kind: vscode.SymbolKind): vscode.DocumentSymbol {
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
    asSymbol(child, line, child.isTrue ? vscode.SymbolKind.Key : vscode.SymbolKind.String),
  );
  return symbol;
}
