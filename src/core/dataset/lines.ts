import { open } from 'node:fs/promises';
import { UserError, throwIfCancelled } from '../errors';

/** One line of a text, without its line end. */
export interface TextLine {
  /** 0-based. */
  readonly line: number;
  /** UTF-16 offset of the line's first character in the whole text (a leading BOM counts as one). */
  readonly offset: number;
  readonly text: string;
  readonly ending: LineEnding;
}

/** Empty where the text ends without a line end. */
export type LineEnding = '\n' | '\r\n' | '\r' | '';

/** What is read at once: more lines in hand at a time would only cost the collector more. */
const pieceBytes = 1 << 19;

export const byteOrderMark = '\uFEFF';
const noBytes = Buffer.alloc(0);
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A longer line is refused: it cannot be a question, and would not fit into one string. */
const longestLineBytes = 256 * 1024 * 1024;

/**
 * Lines of a text. Line ends are LF, CRLF and lone CR, as in the editor, so that line numbers agree
 * with what the user sees. A leading byte order mark is no part of the first line.
 *
 * @param first where the first line begins.
 */
export function splitLines(
  text: string,
  first = text.startsWith(byteOrderMark) ? 1 : 0,
): TextLine[] {
  const lines: TextLine[] = [];
  const ends = /\r\n|\n|\r/g;
  let start = first;
  for (;;) {
    const end = ends.exec(text);
    const ending = (end?.[0] ?? '') as LineEnding;
    lines.push({ line: lines.length, offset: start, text: text.slice(start, end?.index), ending });
    if (end === null) {
      return lines;
    }
    start = ends.lastIndex;
  }
}

/**
 * A copy of a line that is to be kept. What JavaScript cuts out of a text keeps the whole of it in
 * memory: lines kept from one keystroke after another would keep as many documents.
 */
export function detached(line: string): string {
  return Buffer.from(line, 'utf16le').toString('utf16le');
}

/**
 * Lines of a UTF-8 file as {@link splitLines} gives them, read in pieces, so that the size of the
 * file does not matter. Yields one batch a piece: awaiting every single line would cost more than
 * parsing it.
 *
 * @throws UserError `file-unreadable`, `line-too-long`; CancelledError.
 */
export async function* readLineBatches(
  path: string,
  options: { signal?: AbortSignal; onBytes?: (done: number, total: number) => void } = {},
): AsyncGenerator<TextLine[]> {
  const file = await openForReading(path);
  try {
    const total = (await file.stat()).size;
    const splitter = new LineSplitter(path);
    // While the lines of one piece are worked on, the next is read into the other.
    let [piece, other] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)];
    let reading = file.read(piece, 0, pieceBytes);
    for (let done = 0; ;) {
      throwIfCancelled(options.signal);
      const { bytesRead } = await reading;
      if (bytesRead === 0) {
        break;
      }
      done += bytesRead;
      options.onBytes?.(done, total);
      const lines = splitter.take(piece.subarray(0, bytesRead));
      reading = file.read(other, 0, pieceBytes);
      reading.catch(() => undefined); // heard of at the next await, if there is one
      yield lines;
      [piece, other] = [other, piece];
    }
    yield splitter.finish();
  } finally {
    await file.close();
  }
}

/** How long a file is, and its first bytes. Errors as {@link readLineBatches}. */
export async function beginningOf(path: string): Promise<{ bytes: number; beginning: Uint8Array }> {
  const file = await openForReading(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return { bytes: size, beginning: buffer.subarray(0, bytesRead) };
  } finally {
    await file.close();
  }
}

async function openForReading(path: string) {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) {
      await file.close();
      throw new Error('it is a folder');
    }
    return file;
  } catch (error) {
    throw new UserError(
      'file-unreadable',
      `${path} cannot be read${error instanceof Error ? `: ${error.message}` : ''}.`,
      'Check the path and the permissions of the file.',
      error,
    );
  }
}

/**
 * The encoding of a file that is no UTF-8, by its byte order mark or by its zeros: a text in UTF-16
 * has one beside nearly every letter of English. Undefined where it may be UTF-8.
 */
export function foreignEncoding(beginning: Uint8Array): string | undefined {
  const [first, second] = beginning;
  const zerosAt = (parity: number): number =>
    beginning.reduce((zeros, byte, at) => zeros + (byte === 0 && at % 2 === parity ? 1 : 0), 0);
  const many = beginning.length / 4;
  if ((first === 0xff && second === 0xfe) || (zerosAt(1) > many && zerosAt(0) === 0)) {
    return 'UTF-16 LE';
  }
  return (first === 0xfe && second === 0xff) || (zerosAt(0) > many && zerosAt(1) === 0)
    ? 'UTF-16 BE'
    : undefined;
}

/** Cuts a stream of bytes into lines; bytes are decoded only once a line is whole. */
class LineSplitter {
  private line = 0;
  private offset = 0;
  /** Bytes of the unfinished last line. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** The last piece ended in CR: whether an LF belongs to it is seen in the next one. */
  private endedInReturn = false;

  constructor(private readonly path: string) {}

  take(piece: Buffer): TextLine[] {
    const lines: TextLine[] = [];
    let start = 0;
    if (this.endedInReturn) {
      start = piece[0] === lineFeed ? 1 : 0;
      lines.push(this.finishLine(noBytes, start === 1 ? '\r\n' : '\r'));
      this.endedInReturn = false;
    }
    let nextReturn = piece.indexOf(carriageReturn, start);
    let nextFeed = piece.indexOf(lineFeed, start);
    while (nextReturn >= 0 || nextFeed >= 0) {
      const isReturn = nextReturn >= 0 && (nextFeed < 0 || nextReturn < nextFeed);
      const end = isReturn ? nextReturn : nextFeed;
      if (isReturn && end + 1 === piece.length) {
        this.keep(piece.subarray(start, end));
        this.endedInReturn = true;
        return lines;
      }
      const ending = !isReturn ? '\n' : piece[end + 1] === lineFeed ? '\r\n' : '\r';
      lines.push(this.finishLine(piece.subarray(start, end), ending));
      start = end + ending.length;
      if (nextReturn >= 0 && nextReturn < start) {
        nextReturn = piece.indexOf(carriageReturn, start);
      }
      if (nextFeed >= 0 && nextFeed < start) {
        nextFeed = piece.indexOf(lineFeed, start);
      }
    }
    this.keep(piece.subarray(start));
    return lines;
  }

  /** The last line, which no line end follows, and the one before it if only a CR ended it. */
  finish(): TextLine[] {
    const lines = this.endedInReturn ? [this.finishLine(noBytes, '\r')] : [];
    return [...lines, this.finishLine(noBytes, '')];
  }

  private keep(rest: Buffer): void {
    if (rest.length > 0) {
      this.pending.push(Buffer.from(rest)); // a copy: the piece is read into again
      this.pendingBytes += rest.length;
    }
    if (this.pendingBytes > longestLineBytes) {
      throw new UserError(
        'line-too-long',
        `Line ${this.line + 1} of ${this.path} is longer than ${longestLineBytes / 2 ** 20} MB.`,
        'Check that this is a text file with one record a line.',
      );
    }
  }

  private finishLine(rest: Buffer, ending: LineEnding): TextLine {
    const bytes = this.pending.length === 0 ? rest : Buffer.concat([...this.pending, rest]);
    this.pending = [];
    this.pendingBytes = 0;
    let text = bytes.toString('utf8');
    if (this.line === 0 && text.startsWith(byteOrderMark)) {
      text = text.slice(1);
      this.offset = 1;
    }
    const line = { line: this.line++, offset: this.offset, text, ending };
    this.offset += text.length + ending.length;
    return line;
  }
}
