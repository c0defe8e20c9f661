import { open } from 'node:fs/promises';
import { UserError, throwIfCancelled } from '../errors';

/** One line of a text, without its line end. */
export interface TextLine {
  /** 0-based. */
  readonly line: number;
  /** UTF-16 offset of the line's first character in the whole text (a leading BOM counts as one). */
  readonly offset: number;
  readonly text: string;
}

const byteOrderMark = '\uFEFF';
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A longer line is refused: it cannot be a question, and would not fit into one string. */
const longestLineBytes = 256 * 1024 * 1024;

/**
 * Lines of a text. Line ends are LF, CRLF and lone CR, as in the editor, so that line numbers agree
 * with what the user sees. A leading byte order mark is no part of the first line.
 */
export function splitLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  const ends = /\r\n|\n|\r/g;
  let start = text.startsWith(byteOrderMark) ? 1 : 0;
  for (;;) {
    const end = ends.exec(text);
    lines.push({ line: lines.length, offset: start, text: text.slice(start, end?.index) });
    if (end === null) {
      return lines;
    }
    start = ends.lastIndex;
  }
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
    const piece = Buffer.allocUnsafe(1 << 20);
    for (let done = 0; ;) {
      throwIfCancelled(options.signal);
      const { bytesRead } = await file.read(piece, 0, piece.length);
      if (bytesRead === 0) {
        break;
      }
      done += bytesRead;
      options.onBytes?.(done, total);
      yield splitter.take(piece.subarray(0, bytesRead));
    }
    yield splitter.finish();
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

/** Cuts a stream of bytes into lines; bytes are decoded only once a line is whole. */
class LineSplitter {
  private line = 0;
  private offset = 0;
  /** Bytes of the unfinished last line. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** The last piece ended in CR: an LF that comes first in the next one belongs to it. */
  private skipLineFeed = false;

  constructor(private readonly path: string) {}

  take(piece: Buffer): TextLine[] {
    const lines: TextLine[] = [];
    let start = 0;
    if (this.skipLineFeed && piece[0] === lineFeed) {
      start = 1;
      this.offset += 1;
    }
    this.skipLineFeed = false;
    let nextReturn = piece.indexOf(carriageReturn, start);
    let nextFeed = piece.indexOf(lineFeed, start);
    while (nextReturn >= 0 || nextFeed >= 0) {
      const endsInReturn = nextReturn >= 0 && (nextFeed < 0 || nextReturn < nextFeed);
      const end = endsInReturn ? nextReturn : nextFeed;
      let after = end + 1;
      if (endsInReturn && after === piece.length) {
        this.skipLineFeed = true;
      } else if (endsInReturn && piece[after] === lineFeed) {
        after++;
      }
      lines.push(this.finishLine(piece.subarray(start, end), after - end));
      start = after;
      nextReturn =
        nextReturn >= 0 && nextReturn < start ? piece.indexOf(carriageReturn, start) : nextReturn;
      nextFeed = nextFeed >= 0 && nextFeed < start ? piece.indexOf(lineFeed, start) : nextFeed;
    }
    this.keep(piece.subarray(start));
    return lines;
  }

  /** The last line, which no line end follows. */
  finish(): TextLine[] {
    return [this.finishLine(Buffer.alloc(0), 0)];
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

  private finishLine(rest: Buffer, lineEndLength: number): TextLine {
    const bytes = this.pending.length === 0 ? rest : Buffer.concat([...this.pending, rest]);
    this.pending = [];
    this.pendingBytes = 0;
    let text = bytes.toString('utf8');
    if (this.line === 0 && text.startsWith(byteOrderMark)) {
      text = text.slice(1);
      this.offset = 1;
    }
    const line = { line: this.line++, offset: this.offset, text };
    this.offset += text.length + lineEndLength;
    return line;
  }
}
