import { getLocation } from 'jsonc-parser';
import type { LineRange } from '../jsonl';
import { fieldAt, fieldsOf } from './fields';
import type { RecordField } from './fields';
import { afterSpace, endOfQuoted } from './quotedText';

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

/** A bracket, or a text in quotes with the colon after it. */
interface Token {
  readonly start: number;
  readonly end: number;
  readonly kind: 'open' | 'close' | 'text' | 'name';
}

/** Names that the object around `offset` has, as far as its text goes; brackets inside texts do not count. */
function namesAround(line: string, offset: number): ReadonlySet<string> {
  const tokens = [...tokensOf(line)];
  const names = new Set<string>();
  const after = tokens.findIndex(({ start }) => start >= offset);
  const split = after === -1 ? tokens.length : after;
  const own = [
    ...ofObject(tokens.slice(0, split).reverse(), 'close'),
    ...ofObject(tokens.slice(split), 'open'),
  ];
  for (const { start, end, kind } of own) {
    const isUnderCursor = start < offset && end >= offset;
    if (kind === 'name' && !isUnderCursor) {
      names.add(line.slice(start + 1, line.lastIndexOf('"', end - 1)));
    }
  }
  return names;
}

const bracketKinds: Readonly<Partial<Record<string, 'open' | 'close'>>> = {
  '{': 'open',
  '[': 'open',
  '}': 'close',
  ']': 'close',
};

/** Brackets and texts of a line; a text that does not end is none, and brackets in it count. */
function* tokensOf(line: string): Generator<Token> {
  let hasMoreTexts = true;
  let start = 0;
  while (start < line.length) {
    const bracket = bracketKinds[line[start]];
    const token: Token | undefined =
      bracket !== undefined
        ? { start, end: start + 1, kind: bracket }
        : line[start] === '"' && hasMoreTexts
          ? textAt(line, start)
          : undefined;
    hasMoreTexts &&= token !== undefined || line[start] !== '"';
    if (token !== undefined) {
      yield token;
    }
    start = token?.end ?? start + 1;
  }
}

function textAt(line: string, start: number): Token | undefined {
  const end = endOfQuoted(line, start);
  if (end === undefined) {
    return undefined;
  }
  const next = afterSpace(line, end);
  return line[next] === ':' ? { start, end: next + 1, kind: 'name' } : { start, end, kind: 'text' };
}

/** Goes outwards from the cursor until the object ends; what lies deeper begins with a `deeper` bracket. */
function* ofObject(tokens: readonly Token[], deeper: 'open' | 'close'): Generator<Token> {
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'text' || token.kind === 'name') {
      if (depth === 0) {
        yield token;
      }
    } else if (token.kind === deeper) {
      depth++;
    } else if (--depth < 0) {
      return;
    }
  }
}
