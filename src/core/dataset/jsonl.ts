import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { JSONPath, Node, ParseError } from 'jsonc-parser';
import type { TextLine } from './lines';
import type { McqRecord } from './record';
import { checkRecordShape, withoutNulls } from './recordShape';
import type { ShapeProblem } from './recordShape';

/** A stretch of characters, counted from the start of its line. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Where and how a line is not JSON. */
export interface JsonProblem extends LineRange {
  /** What is wrong in plain words, such as `a comma is missing`. */
  readonly what: string;
}

/**
 * The content of one line, whatever line it stands on: parsed by the strict `JSON.parse`; positions
 * are worked out only when somebody asks, since nearly every line is right.
 */
export class JsonLine {
  /** The value, or undefined where the line is blank or broken. */
  readonly value: unknown;
  /** The first place where the line is not JSON; what follows from it is not reported. */
  readonly problem: JsonProblem | undefined;
  /** How the value differs from a question record. */
  readonly shapeProblems: readonly ShapeProblem[];
  /** The record, where the line is a whole one. */
  readonly record: McqRecord | undefined;
  private cachedTree: Node | undefined;

  constructor(readonly text: string) {
    this.shapeProblems = [];
    if (this.isBlank) {
      return;
    }
    try {
      this.value = JSON.parse(text) as unknown;
    } catch (error) {
      this.problem = findJsonProblem(text, error);
      return;
    }
    this.shapeProblems = checkRecordShape(this.value);
    if (!this.shapeProblems.some((problem) => problem.blocking)) {
      this.record = (text.includes('null') ? withoutNulls(this.value) : this.value) as McqRecord;
    }
  }

  get isBlank(): boolean {
    return this.text.trim() === '';
  }

  /** The syntax tree; offsets count from the start of the line. Undefined where the line is blank. */
  get tree(): Node | undefined {
    this.cachedTree ??= parseTreeSafely(this.text, []);
    return this.cachedTree;
  }

  /**
   * Characters of the field at `path`, or of the nearest field around it that exists;
   * the whole line (without the white space around it) where none does.
   */
  rangeOf(path: JSONPath): LineRange {
    const tree = this.tree;
    for (let length = path.length; tree !== undefined && length >= 0; length--) {
      const node = findNodeAtLocation(tree, path.slice(0, length));
      if (node !== undefined) {
        return { start: node.offset, end: node.offset + node.length };
      }
    }
    const start = this.text.length - this.text.trimStart().length;
    return { start, end: Math.max(start, this.text.trimEnd().length) };
  }
}

/** One line of a question file, in its place. */
export class ParsedLine {
  constructor(
    /** 0-based. */
    readonly line: number,
    /** UTF-16 offset of the line in the whole text. */
    readonly offset: number,
    readonly json: JsonLine,
  ) {}

  get record(): McqRecord | undefined {
    return this.json.record;
  }

  /** Offsets count from the start of the line. */
  get tree(): Node | undefined {
    return this.json.tree;
  }

  get problem(): JsonProblem | undefined {
    return this.json.problem;
  }
}

export function parseLine(line: TextLine): ParsedLine {
  return new ParsedLine(line.line, line.offset, new JsonLine(line.text));
}

/** A record has four levels; nothing sensible has more than this, and the tree parser is recursive. */
const deepestNesting = 200;

/** jsonc-parser's error codes (its ParseErrorCode is a const enum, which is gone at run time). */
const parseErrorTexts: Readonly<Partial<Record<number, string>>> = {
  1: 'unexpected characters',
  2: 'the number is not valid',
  3: 'a field name in double quotes is expected',
  4: 'a value is expected',
  5: 'a colon is missing',
  6: 'a comma is missing',
  7: 'a closing brace is missing',
  8: 'a closing bracket is missing',
  9: 'the record ends before this',
  10: 'comments are not allowed',
  11: 'comments are not allowed',
  12: 'the closing quote is missing',
  13: 'the number is not complete',
  14: 'a \\u escape needs four hexadecimal digits',
  15: 'the escape is not valid',
  16: 'control characters must be escaped (\\n, \\t, \\u0000)',
};

/** Errors inside a string token, which the parser reports for the whole token. */
const insideStrings: Readonly<Partial<Record<number, RegExp>>> = {
  14: /\\u(?![0-9a-f]{4})/gi,
  15: /\\(?!["\\/bfnrtu])/g,
  16: /[\0-\x1f]/g, // eslint-disable-line no-control-regex -- these are what JSON forbids in strings
};

function findJsonProblem(text: string, thrown: unknown): JsonProblem {
  const depthExceeded = findTooDeep(text);
  if (depthExceeded !== undefined) {
    return { start: depthExceeded, end: depthExceeded + 1, what: 'brackets are nested too deeply' };
  }
  const errors: ParseError[] = [];
  parseTreeSafely(text, errors);
  const first: { error: number; offset: number; length: number } | undefined = errors.at(0);
  if (first === undefined) {
    // The tolerant parser sees nothing wrong: trust JSON.parse that something is.
    const what = thrown instanceof Error ? thrown.message : 'this is not JSON';
    return { start: 0, end: text.length, what };
  }
  // The parser counts past the end in a comment that is not closed.
  const token = {
    start: Math.min(first.offset, text.length),
    end: Math.min(first.offset + first.length, text.length),
  };
  if (text.startsWith('\uFEFF', token.start)) {
    return { ...token, what: 'a byte order mark stands in the middle of the file' };
  }
  if (
    first.error <= 4 &&
    /^[}\]]/.test(text.slice(token.start)) &&
    commaBefore(text, token.start)
  ) {
    const comma = text.lastIndexOf(',', token.start);
    return { start: comma, end: comma + 1, what: 'a trailing comma is not allowed' };
  }
  const what = parseErrorTexts[first.error] ?? 'this is not JSON';
  return { ...narrowed(text, token, first.error), what };
}

function commaBefore(text: string, offset: number): boolean {
  return text.slice(0, offset).trimEnd().endsWith(',');
}

/** The two characters of the offending escape, or the control character, in place of the whole string. */
function narrowed(text: string, token: LineRange, error: number): LineRange {
  const pattern = insideStrings[error];
  if (pattern === undefined) {
    return token;
  }
  const content = text.slice(token.start, token.end);
  // Escaped backslashes are blanked so that `\\x` is not taken for the escape `\x`.
  const match = content.replace(/\\\\/g, '  ').matchAll(pattern).next().value;
  if (match === undefined) {
    return token;
  }
  const start = token.start + match.index;
  return { start, end: Math.min(start + (error === 16 ? 1 : 2), token.end) };
}

/** Offset of the first bracket that is nested too deeply. */
function findTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/g)) {
    if (token === '{' || token === '[') {
      if (++depth > deepestNesting) {
        return index;
      }
    } else if (token === '}' || token === ']') {
      depth--;
    }
  }
  return undefined;
}

function parseTreeSafely(text: string, errors: ParseError[]): Node | undefined {
  if (findTooDeep(text) !== undefined) {
    return undefined; // the recursive parser would overflow the stack
  }
  return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
}
