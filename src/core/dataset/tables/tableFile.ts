import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { CancelledError, UserError, messageOf, throwIfCancelled } from '../../errors';
import type { LongWork } from '../../progress';
import { readDelimitedText } from './delimitedText';
import { readJsonLinesTable } from './jsonLinesTable';
import { readParquetTable } from './parquetTable';

/** Some rows of a table, and how far the reading is. The first row of all is the header. */
export interface TableBatch {
  readonly rows: readonly (readonly string[])[];
  /** Of the file's bytes. */
  readonly bytesRead: number;
}

/** Reads a table file in pieces; what it throws becomes one `table-unreadable`. */
export type TableReader = (path: string, signal?: AbortSignal) => AsyncIterable<TableBatch>;

interface TableFormat {
  readonly extensions: readonly string[];
  readonly read: TableReader;
  /** What a file that cannot be read should be. */
  readonly expected: string;
}

const delimitedText: TableFormat = {
  extensions: ['.csv', '.tsv', '.txt'],
  read: readDelimitedText,
  expected: 'a CSV or TSV file in UTF-8 whose quotes are closed',
};

const formats: readonly TableFormat[] = [
  delimitedText,
  {
    extensions: ['.parquet', '.pq'],
    read: readParquetTable,
    expected: 'a whole Parquet file',
  },
  {
    extensions: ['.jsonl', '.ndjson'],
    read: readJsonLinesTable,
    expected: 'a file of one JSON object { … } a line',
  },
];

/** Extensions of the tables that can be read, without the point; for file choosers. */
export const tableExtensions: readonly string[] = formats.flatMap(({ extensions }) =>
  extensions.map((extension) => extension.slice(1)),
);

/**
 * Calls `onRow` for every row of a table, the header first. CSV and TSV (any of comma, semicolon, tab;
 * UTF-8 or UTF-16 with a mark), Parquet and JSON Lines, by the file's extension.
 *
 * @throws UserError `table-unreadable`, or what `onRow` throws; CancelledError.
 */
export async function streamTable(
  path: string,
  stage: string,
  work: LongWork,
  onRow: (row: readonly string[]) => void,
): Promise<void> {
  throwIfCancelled(work.signal);
  const total = await sizeOf(path);
  await readingTable(path, async () => {
    for await (const { rows, bytesRead } of formatOf(path).read(path, work.signal)) {
      throwIfCancelled(work.signal);
      rows.forEach(onRow);
      work.onProgress?.({ stage, done: bytesRead, total });
    }
  });
}

/** What `read` gives; anything that it stumbles over in the table is told as `table-unreadable`. */
export async function readingTable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw asTableError(path, error, formatOf(path).expected);
  }
}

function formatOf(path: string): TableFormat {
  const extension = extname(path).toLowerCase();
  return formats.find(({ extensions }) => extensions.includes(extension)) ?? delimitedText;
}

function asTableError(path: string, error: unknown, expected: string): unknown {
  if (error instanceof UserError || error instanceof CancelledError) {
    return error;
  }
  return new UserError(
    'table-unreadable',
    `${path} cannot be read as a table: ${oneLine(messageOf(error))}`,
    `Check that it is ${expected}.`,
    error,
  );
}

/** Bytes of a file. A device or a pipe is none: it might never end. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new UserError(
      'table-unreadable',
      found === undefined ? `There is no table ${path}.` : `${path} is no file.`,
      'Check the path of the table.',
    );
  }
  return found.size;
}

/** Parsers quote what they stumbled over, which may be anything. */
function oneLine(message: string): string {
  return message.replaceAll(/[\p{C}\s\uFFFD]+/gu, ' ').slice(0, 200);
}
