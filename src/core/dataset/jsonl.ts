import { parseTree } from 'jsonc-parser';
import type { JSONPath, Node, ParseError } from 'jsonc-parser';
import { endOfString } from './jsonStrings';
import type { LineEnding, TextLine } from './lines';
import type { McqRecord } from './record';
import { checkRecordShape, withoutNulls } from './recordShape';
import { holdsRepeatedFields, repeatedFieldsOf } from './repeatedFields';
import type { RepeatedField } from './repeatedFields';
import type { ShapeProblem } from './recordShape';

/** A stretch of characters, counted from the start of its line. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Where and how a line is not JSON. */
export interface JsonProblem extends LineRange {
  /** `cut`: the line ends where the record does not. */
  readonly kind: 'syntax' | 'trailing-comma' | 'cut';
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
  readonly isBlank: boolean;
  private cachedTree: Node | undefined;

  constructor(readonly text: string) {
    this.shapeProblems = [];
    this.isBlank = !text.startsWith('{') && text.trim() === '';
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

  /** Fields that stand twice in one object; `JSON.parse` keeps the later ones alone. */
  get repeatedFields(): readonly RepeatedField[] {
    return this.record !== undefined && holdsRepeatedFields(this.text, this.value)
      ? repeatedFieldsOf(this.tree)
      : [];
  }

  /** The syntax tree; offsets count from the start of the line. Undefined where the line is blank. */
  get tree(): Node | undefined {
    this.cachedTree ??= parseTreeSafely(this.text, []);
    return this.cachedTree;
  }

  /** Name of the field at `path`, with its quotes; undefined where there is no such field. */
  nameRangeOf(path: JSONPath): LineRange | undefined {
    const name = this.propertyAt(path)?.children?.[0];
    return name && { start: name.offset, end: name.offset + name.length };
  }

  /** All that must go for the field at `path` to go: name, value and one comma. */
  wholeFieldRange(path: JSONPath): LineRange | undefined {
    const property = this.propertyAt(path);
    const siblings = property?.parent?.children ?? [];
    const index = property === undefined ? -1 : siblings.indexOf(property);
    if (property === undefined || index < 0) {
      return undefined;
    }
    const end = property.offset + property.length;
    if (index + 1 < siblings.length) {
      return { start: property.offset, end: siblings[index + 1].offset };
    }
    const before = index > 0 ? siblings[index - 1] : undefined;
    return { start: before ? before.offset + before.length : property.offset, end };
  }

  private propertyAt(path: JSONPath): Node | undefined {
    const node = this.tree && nodeAt(this.tree, path);
    return node?.parent?.type === 'property' ? node.parent : undefined;
  }

  /**
   * Characters of the field at `path`, or of the nearest field around it that exists;
   * the whole line (without the white space around it) where none does.
   */
  rangeOf(path: JSONPath): LineRange {
    const tree = this.tree;
    for (let length = path.length; tree !== undefined && length >= 0; length--) {
      const node = nodeAt(tree, path.slice(0, length));
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
    readonly ending: LineEnding,
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
  return new ParsedLine(line.line, line.offset, new JsonLine(line.text), line.ending);
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
    const what = 'brackets are nested too deeply';
    return { kind: 'syntax', start: depthExceeded, end: depthExceeded + 1, what };
  }
  const errors: ParseError[] = [];
  parseTreeSafely(text, errors);
  const first: { error: number; offset: number; length: number } | undefined = errors.at(0);
  if (first === undefined) {
    // The tolerant parser sees nothing wrong: trust JSON.parse that something is.
    const what = thrown instanceof Error ? thrown.message : 'this is not JSON';
    return { kind: 'syntax', start: 0, end: text.length, what };
  }
  // The parser counts past the end in a comment that is not closed.
  const token = {
    start: Math.min(first.offset, text.length),
    end: Math.min(first.offset + first.length, text.length),
  };
  if (text.startsWith('\uFEFF', token.start)) {
    return { kind: 'syntax', ...token, what: 'a byte order mark stands in the middle of the file' };
  }
  if (
    first.error <= 4 &&
    /^[}\]]/.test(text.slice(token.start)) &&
    commaBefore(text, token.start)
  ) {
    const comma = text.lastIndexOf(',', token.start);
    const what = 'a trailing comma is not allowed';
    return { kind: 'trailing-comma', start: comma, end: comma + 1, what };
  }
  const what = parseErrorTexts[first.error] ?? 'this is not JSON';
  const kind = endsEarly(text, token, first.error) ? 'cut' : 'syntax';
  return { kind, ...narrowed(text, token, first.error), what };
}

/** jsonc-parser's code for characters after the record. */
const afterTheEnd = 9;

/** Whether a record begins, and what is wrong with it is that the line is over. */
function endsEarly(text: string, problem: LineRange, error: number): boolean {
  return (
    error !== afterTheEnd &&
    insideStrings[error] === undefined &&
    text.trimStart().startsWith('{') &&
    problem.end >= text.trimEnd().length
  );
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
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at) - 1;
    } else if (character === '{' || character === '[') {
      if (++depth > deepestNesting) {
        return at;
      }
    } else if (character === '}' || character === ']') {
      depth--;
    }
  }
  return undefined;
}

/**
 * The value at `path`. Of fields that stand twice it is the later one that `JSON.parse` keeps, so it is
 * the one whose place is told and whose text is mended.
 */
function nodeAt(tree: Node, path: JSONPath): Node | undefined {
  let node: Node | undefined = tree;
  for (const step of path) {
    const children: readonly Node[] = node?.children ?? [];
    if (typeof step === 'number') {
      node = node?.type === 'array' ? children.at(step) : undefined;
    } else {
      const isMeant = ({ children: pair = [] }: Node): boolean => pair.at(0)?.value === step;
      node = node?.type === 'object' ? children.findLast(isMeant)?.children?.at(1) : undefined;
    }
  }
  return node;
}

function parseTreeSafely(text: string, errors: ParseError[]): Node | undefined {
  if (findTooDeep(text) !== undefined) {
    return undefined; // the recursive parser would overflow the stack
  }
  return parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
}
