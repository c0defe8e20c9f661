import { getLocation } from 'jsonc-parser';
import type { LineRange } from '../jsonl';
import { fieldAt, fieldsOf } from './fields';
import type { RecordField } from './fields';

/** What can be written at a place of a line. */
export type Completion =
  /** Names of fields that the object has not yet. */
  | {
      readonly kind: 'names';
      readonly fields: readonly RecordField[];
      readonly replaced: LineRange;
    }
  /** Values of a field. */
  | { readonly kind: 'values'; readonly field: RecordField; readonly replaced: LineRange }
  /** A whole question. */
  | { readonly kind: 'question'; readonly replaced: LineRange };

/** What can be written at `offset` of a line, whole or not; undefined where nothing is known of it. */
export function completionAt(line: string, offset: number): Completion | undefined {
  if (line.trim() === '') {
    return { kind: 'question', replaced: { start: 0, end: line.length } };
  }
  const { path, isAtPropertyKey, previousNode } = getLocation(line, offset);
  const isInside =
    previousNode !== undefined && previousNode.offset + previousNode.length >= offset;
  const replaced = isInside
    ? { start: previousNode.offset, end: previousNode.offset + previousNode.length }
    : { start: offset, end: offset };
  if (isAtPropertyKey) {
    const owner = path.slice(0, -1);
    const written = namesAround(line, offset);
    const fields = fieldsOf(owner).filter(({ path: own }) => !written.has(own.at(-1) ?? ''));
    return fields.length === 0 ? undefined : { kind: 'names', fields, replaced };
  }
  const field = fieldAt(path);
  return field === undefined || (field.values ?? field.source) === undefined
    ? undefined
    : { kind: 'values', field, replaced };
}

/** Names that the object around `offset` has, as far as its text goes; brackets inside texts do not count. */
function namesAround(line: string, offset: number): ReadonlySet<string> {
  const tokens = [...line.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)];
  const names = new Set<string>();
  const after = tokens.findIndex(({ index }) => index >= offset);
  const split = after === -1 ? tokens.length : after;
  collectNames(tokens.slice(0, split).reverse(), '}]', names, offset);
  collectNames(tokens.slice(split), '{[', names, offset);
  return names;
}

/** Goes outwards from the cursor until the object ends; `openers` begin what lies deeper in this direction. */
function collectNames(
  tokens: readonly RegExpExecArray[],
  openers: string,
  names: Set<string>,
  cursor: number,
): void {
  let depth = 0;
  for (const { 0: token, index } of tokens) {
    if (token.startsWith('"')) {
      const isUnderCursor = index < cursor && index + token.length >= cursor;
      if (depth === 0 && token.endsWith(':') && !isUnderCursor) {
        names.add(token.slice(1, token.lastIndexOf('"')));
      }
    } else if (openers.includes(token)) {
      depth++;
    } else if (--depth < 0) {
      return;
    }
  }
}
