import { findNodeAtOffset, getNodePath } from 'jsonc-parser';
import * as vscode from 'vscode';
import { JsonLine } from '../../core/dataset/jsonl';

/** What stands at a place of a question file. */
export interface FieldAtPosition {
  readonly json: JsonLine;
  /** From the record down. */
  readonly path: readonly (string | number)[];
  /** The value, where it is a text. */
  readonly text: string | undefined;
  /** Name or value, whichever the place is in; quotes included. */
  readonly range: vscode.Range;
  readonly isName: boolean;
}

/** The field at a place of a question file; undefined between fields and in what is no JSON. */
export function fieldAtPosition(
  document: vscode.TextDocument,
  { line, character }: vscode.Position,
): FieldAtPosition | undefined {
  const json = new JsonLine(document.lineAt(line).text);
  const node = json.tree && findNodeAtOffset(json.tree, character, true);
  if (node === undefined || node.type === 'object' || node.type === 'array') {
    return undefined;
  }
  const isName = node.parent?.type === 'property' && node.parent.children?.[0] === node;
  const value = node.value as unknown;
  return {
    json,
    path: getNodePath(node),
    text: !isName && typeof value === 'string' ? value : undefined,
    range: new vscode.Range(line, node.offset, line, node.offset + node.length),
    isName,
  };
}
