import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { AsyncBuffer } from 'hyparquet';
import { throwIfCancelled } from '../../errors';
import { cellText } from './cellText';
import type { TableBatch } from './tableFile';

/** A Parquet file, one row group at a time: its columns are not stored row by row. */
export async function* readParquetTable(
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<TableBatch> {
  const parquet = await openParquet(path, signal);
  try {
    const { header } = parquet;
    yield { rows: [header], bytesRead: 0 };
    for (const group of parquet.groups) {
      const objects = await parquet.read(group);
      const rows = objects.map((object) => header.map((name) => cellText(object[name])));
      yield { rows, bytesRead: group.bytesRead };
    }
  } finally {
    await parquet.close();
  }
}

/**
 * The rows of a Parquet file that pass a test of one cell, as a table with its header; a batch a row
 * group. Of the other columns only the rows that pass are read.
 *
 * @param columnIn the place of the column that is tested; undefined where the table has none of interest
 */
export async function* findParquetRows(
  path: string,
  columnIn: (header: readonly string[]) => number | undefined,
  isWanted: (cell: string) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<TableBatch> {
  const parquet = await openParquet(path, signal);
  try {
    const { header } = parquet;
    yield { rows: [header], bytesRead: 0 };
    const column = columnIn(header);
    for (const group of column === undefined ? [] : parquet.groups) {
      const name = header[column ?? 0];
      const cells = await parquet.read(group, [name]);
      const places = cells.flatMap((object, index) =>
        isWanted(cellText(object[name])) ? [group.rowStart + index] : [],
      );
      const rows: string[][] = [];
      for (const rowStart of places) {
        const [object] = await parquet.read({ rowStart, rowEnd: rowStart + 1 });
        rows.push(header.map((each) => cellText(object[each])));
      }
      yield { rows, bytesRead: group.bytesRead };
    }
  } finally {
    await parquet.close();
  }
}

interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** A Parquet file that is open. */
interface OpenParquet {
  readonly header: readonly string[];
  /** Row groups with the bytes that are read once they are. */
  readonly groups: readonly (RowRange & { readonly bytesRead: number })[];
  readonly read: (
    range: RowRange,
    columns?: readonly string[],
  ) => Promise<Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

async function openParquet(path: string, signal: AbortSignal | undefined): Promise<OpenParquet> {
  // Only who has a Parquet table pays for its parser.
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const handle = await open(path, 'r');
  try {
    const file = await asBuffer(handle, signal);
    const metadata = await parquetMetadataAsync(file);
    let rowEnd = 0;
    const groups = metadata.row_groups.map(({ num_rows }) => {
      const rowStart = rowEnd;
      rowEnd += Number(num_rows);
      const share = rowEnd / Math.max(1, Number(metadata.num_rows));
      return { rowStart, rowEnd, bytesRead: Math.round(share * file.byteLength) };
    });
    return {
      header: parquetSchema(metadata).children.map(({ element }) => element.name),
      groups,
      read: ({ rowStart, rowEnd: end }, columns) =>
        parquetReadObjects({
          file,
          metadata,
          compressors,
          rowStart,
          rowEnd: end,
          ...(columns && { columns: [...columns] }),
        }),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A read may give less than it was asked for. */
async function fill(handle: FileHandle, bytes: Uint8Array, from: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) {
      throw new Error('it became shorter while it was read');
    }
    done += bytesRead;
  }
}

/** The parser's view of a file: any piece of it, none longer than the file. */
async function asBuffer(handle: FileHandle, signal?: AbortSignal): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      throwIfCancelled(signal);
      const from = start < 0 ? Math.max(0, size + start) : Math.min(start, size);
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - from));
      await fill(handle, bytes, from);
      return bytes.buffer;
    },
  };
}
