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
  // Only who has a Parquet table pays for its parser.
  const [{ parquetMetadataAsync, parquetReadObjects, parquetSchema }, { compressors }] =
    await Promise.all([import('hyparquet'), import('hyparquet-compressors')]);
  const handle = await open(path, 'r');
  try {
    const file = await asBuffer(handle, signal);
    const metadata = await parquetMetadataAsync(file);
    const header = parquetSchema(metadata).children.map(({ element }) => element.name);
    yield { rows: [header], bytesRead: 0 };
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const objects = await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd });
      const rows = objects.map((object) => header.map((name) => cellText(object[name])));
      const share = rowEnd / Math.max(1, Number(metadata.num_rows));
      yield { rows, bytesRead: Math.round(share * file.byteLength) };
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
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
