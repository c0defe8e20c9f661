import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { throwIfCancelled } from '../../errors';
import type { LongWork } from '../../progress';
import { escapePattern } from '../../text/escapePattern';
import { beginningOf, foreignEncoding, readLineBatches } from '../lines';
import type { TextLine } from '../lines';
import { parseVolumeName, volumeStem } from '../volumeName';
import { cellText } from './cellText';
import { findColumns } from './columns';
import { delimiterOf, longestRow, readDelimitedText } from './delimitedText';
import { objectOf } from './jsonLinesTable';
import { findParquetRows } from './parquetTable';
import { tableRow } from './rows';
import type { TableRow } from './rows';
import { readingTable } from './tableFile';
import type { TableBatch } from './tableFile';

/** A row that names one of the volumes asked for. */
export interface FoundRow extends TableRow {
  /** 1-based, where the row begins; absent for tables that have no lines. */
  readonly line?: number;
}

/** A row as it was found, before its columns are known. */
interface RawRow {
  readonly header: readonly string[];
  readonly values: readonly string[];
  readonly line?: number;
}

/** Rows of a piece of a table that may be wanted; how far the reading is. */
interface RawBatch {
  readonly rows: readonly RawRow[];
  readonly done: number;
  readonly total: number;
}

/** The volumes that are looked for, by name without extension and whatever the case. */
class Wanted {
  private readonly stems: ReadonlySet<string>;
  private readonly pattern: RegExp;

  constructor(volumes: readonly string[]) {
    this.stems = new Set(volumes.map((volume) => volumeStem(volume).toLowerCase()));
    this.pattern = new RegExp([...this.stems].map(escapePattern).join('|'), 'i');
  }

  has(volume: string): boolean {
    return this.stems.has(volumeStem(volume).toLowerCase());
  }

  /** Whether a text may name one: a quick look that parses nothing. */
  mayBeIn(text: string): boolean {
    return this.pattern.test(text);
  }

  /**
   * Whether nothing that comes can matter: of the rows of a CT-RATE volume the first counts, while
   * other names may stand in several folders.
   */
  isMet(rows: readonly FoundRow[]): boolean {
    const found = new Set(rows.map((row) => volumeStem(row.cell('volume')).toLowerCase()));
    return (
      found.size === this.stems.size &&
      [...found].every((stem) => parseVolumeName(stem) !== undefined)
    );
  }
}

type RowSearch = (path: string, wanted: Wanted, signal?: AbortSignal) => AsyncIterable<RawBatch>;

const searches: Readonly<Partial<Record<string, RowSearch>>> = {
  '.parquet': searchParquet,
  '.pq': searchParquet,
  '.jsonl': searchJsonLines,
  '.ndjson': searchJsonLines,
};

/**
 * The rows of a table that name one of `volumes`, folders and case left aside, in the order of the
 * table; none where the table has no column for volumes. Rows that name others are passed over
 * without parsing them, and the reading ends at the last that can matter: a row of a table of a
 * hundred megabytes is found in about half a second.
 *
 * @throws UserError `table-unreadable`, `file-unreadable`; CancelledError.
 */
export async function findRows(
  path: string,
  volumes: readonly string[],
  work: LongWork = {},
): Promise<FoundRow[]> {
  const wanted = new Wanted(volumes);
  const found: FoundRow[] = [];
  const search = searches[extname(path).toLowerCase()] ?? searchDelimitedText;
  return readingTable(path, async () => {
    for await (const { rows, done, total } of search(path, wanted, work.signal)) {
      throwIfCancelled(work.signal);
      found.push(...rows.flatMap((row) => asFound(row, wanted)));
      if (wanted.isMet(found)) {
        break;
      }
      work.onProgress?.({ stage: 'Searching tables', done, total });
    }
    return found;
  });
}

/** The first rows of a CSV or TSV, to see what its columns hold; none of other tables. */
export async function firstRows(
  path: string,
): Promise<readonly Pick<TableRow, 'header' | 'values'>[]> {
  if (extname(path).toLowerCase() in searches) {
    return [];
  }
  return readingTable(path, async () => {
    for await (const { rows } of readDelimitedText(path)) {
      const [header = [], ...others] = rows;
      return others.map((values) => ({ header: trimmed(header), values }));
    }
    return [];
  });
}

function asFound({ header, values, line }: RawRow, wanted: Wanted): FoundRow[] {
  const row = tableRow(findColumns(header), header, values);
  return wanted.has(row.cell('volume')) ? [{ ...row, ...(line !== undefined && { line }) }] : [];
}

function volumeColumn(header: readonly string[]): number | undefined {
  return findColumns(header).get('volume');
}

function trimmed(header: readonly string[]): string[] {
  return header.map((name) => name.trim());
}

async function* searchDelimitedText(
  path: string,
  wanted: Wanted,
  signal?: AbortSignal,
): AsyncGenerator<RawBatch> {
  const { bytes, beginning } = await beginningOf(path);
  if (foreignEncoding(beginning) !== undefined) {
    yield* searchBatches(readDelimitedText(path), wanted, bytes);
    return;
  }
  const rows = new DelimitedRows(wanted);
  let done = 0;
  const onBytes = (read: number): void => {
    done = read;
  };
  for await (const lines of readLineBatches(path, { onBytes, ...(signal && { signal }) })) {
    yield { rows: lines.flatMap((line) => rows.take(line)), done, total: bytes };
    if (rows.hasNoVolumes) {
      return;
    }
  }
  rows.finish();
}

/** The wanted rows of batches that were parsed anyway. */
async function* searchBatches(
  batches: AsyncIterable<TableBatch>,
  wanted: Wanted,
  total: number,
): AsyncGenerator<RawBatch> {
  let header: readonly string[] | undefined;
  for await (const { rows, bytesRead } of batches) {
    const others = header === undefined ? rows.slice(1) : rows;
    const names = (header ??= trimmed(rows.at(0) ?? []));
    const place = volumeColumn(names);
    if (place === undefined) {
      return;
    }
    const named = others.filter((values) => wanted.has(values[place] ?? ''));
    yield { rows: named.map((values) => ({ header: names, values })), done: bytesRead, total };
  }
}

/** Puts the lines of a CSV or TSV together to rows, and parses those that may be wanted. */
class DelimitedRows {
  private header: readonly string[] | undefined;
  private delimiter = ',';
  private place: number | undefined;
  /** Lines of a row whose last cell is still open. */
  private pending: string[] = [];
  private pendingLength = 0;
  private start = 0;
  private isOpen = false;

  constructor(private readonly wanted: Wanted) {}

  /** The header is there and names no column of volumes. */
  get hasNoVolumes(): boolean {
    return this.header !== undefined && this.place === undefined;
  }

  take({ line, text, ending }: TextLine): RawRow[] {
    if (!this.isOpen) {
      this.start = line;
      this.pending = [];
      this.pendingLength = 0;
    }
    this.isOpen = this.isOpen !== hasOddQuotes(text);
    this.pendingLength += text.length + 1;
    if (this.pendingLength > longestRow) {
      throw unclosed(this.start);
    }
    this.pending.push(this.isOpen ? text + (ending || '\n') : text);
    return this.isOpen ? [] : this.complete(this.pending.join(''));
  }

  /** @throws Error where the file ends inside of a cell. */
  finish(): void {
    if (this.isOpen) {
      throw unclosed(this.start);
    }
  }

  private complete(text: string): RawRow[] {
    if (text.trim() === '') {
      return [];
    }
    if (this.header === undefined) {
      this.delimiter = delimiterOf(text);
      this.header = trimmed(this.parse(text));
      this.place = volumeColumn(this.header);
      return [];
    }
    return this.isWorthParsing(text)
      ? [{ header: this.header, values: this.parse(text), line: this.start + 1 }]
      : [];
  }

  /** In CT-RATE's tables the volume comes first: no need to look through the report behind it. */
  private isWorthParsing(text: string): boolean {
    if (this.place !== 0) {
      return this.place !== undefined && this.wanted.mayBeIn(text);
    }
    const end = text.indexOf(this.delimiter);
    const cell = end === -1 ? text : text.slice(0, end);
    return this.wanted.has(cell.replaceAll('"', ''));
  }

  private parse(text: string): string[] {
    if (text.includes('\uFFFD')) {
      throw new Error('it is not UTF-8');
    }
    const options = { delimiter: this.delimiter, relax_column_count: true };
    const [row = []] = parse(text, options);
    return row;
  }
}

function unclosed(line: number): Error {
  return new Error(`a quote of the row on line ${line + 1} is not closed`);
}

/** Whether a quoted cell begins or ends in a line that does not end or begin there; `""` is no end. */
function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    isOdd = !isOdd;
  }
  return isOdd;
}

async function* searchJsonLines(
  path: string,
  wanted: Wanted,
  signal?: AbortSignal,
): AsyncGenerator<RawBatch> {
  let [done, total] = [0, 0];
  const onBytes = (read: number, all: number): void => {
    [done, total] = [read, all];
  };
  for await (const lines of readLineBatches(path, { onBytes, ...(signal && { signal }) })) {
    const rows = lines
      .filter(({ text }) => wanted.mayBeIn(text))
      .map(({ text, line }) => {
        const fields = Object.entries(objectOf(text, line + 1));
        const [header, values] = [fields.map(([name]) => name), fields.map(([, v]) => cellText(v))];
        return { header, values, line: line + 1 };
      });
    yield { rows, done, total };
  }
}

async function* searchParquet(
  path: string,
  wanted: Wanted,
  signal?: AbortSignal,
): AsyncGenerator<RawBatch> {
  const { bytes } = await beginningOf(path);
  const isWanted = (cell: string): boolean => wanted.has(cell);
  yield* searchBatches(findParquetRows(path, volumeColumn, isWanted, signal), wanted, bytes);
}
