import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { parse } from 'csv-parse';
import type { TableBatch } from './tableFile';

const rowsPerBatch = 500;
/** Characters; real rows have some thousands. */
export const longestRow = 16 * 1024 * 1024;

/** CSV or TSV; the delimiter is the one that the header line has most of. */
export async function* readDelimitedText(path: string): AsyncGenerator<TableBatch> {
  const source = createReadStream(path);
  const text = decoded(source);
  try {
    const first = await text.next();
    const start = first.done ? '' : first.value;
    const parser = parse({
      delimiter: delimiterOf(start),
      relax_column_count: true,
      skip_empty_lines: true,
      // A quote that is never closed would take the rest of the file into one cell.
      max_record_size: longestRow,
    });
    const rest = Readable.from(joined(start, text), { objectMode: true });
    rest.on('error', (error) => parser.destroy(error)).pipe(parser);
    let rows: string[][] = [];
    for await (const row of parser as AsyncIterable<string[]>) {
      rows.push(row);
      if (rows.length === rowsPerBatch) {
        yield { rows, bytesRead: source.bytesRead };
        rows = [];
      }
    }
    yield { rows, bytesRead: source.bytesRead };
  } finally {
    source.destroy();
  }
}

async function* joined(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

const byteOrderMarks: readonly { readonly encoding: string; readonly bytes: readonly number[] }[] =
  [
    { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
    { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
  ];

/**
 * The text of a file in UTF-8, or in UTF-16 where its mark says so, without the mark. Bytes of
 * another encoding are refused: read as UTF-8 they would silently become question marks.
 */
async function* decoded(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const piece of source) {
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
    yield decodedPiece(decoder, piece);
  }
  yield decoder === undefined ? '' : decodedPiece(decoder);
}

function encodingOf(start: Buffer): string {
  const mark = byteOrderMarks.find(({ bytes }) => bytes.every((byte, at) => start[at] === byte));
  return mark?.encoding ?? 'utf-8';
}

function decodedPiece(decoder: TextDecoder, piece?: Buffer): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch {
    throw new Error(`it is not ${decoder.encoding.toUpperCase()}`);
  }
}

/** The delimiter that stands most often in the header line, outside of quotes. */
export function delimiterOf(start: string): string {
  const header =
    /^[\r\n]*((?:"[^"]*"|[^"\r\n])*)/.exec(start)?.[1].replaceAll(/"[^"]*"/g, '') ?? '';
  const counts = [',', '\t', ';'].map((mark) => ({ mark, count: header.split(mark).length }));
  return counts.reduce((best, each) => (each.count > best.count ? each : best)).mark;
}
