import { basename } from 'node:path';
import { UserError } from '../../errors';
import type { LongWork } from '../../progress';
import { given } from './cells';
import { findColumns, nameOf } from './columns';
import type { Column } from './columns';
import { streamTable } from './tableFile';
import { volumeNames } from './volumeNames';

export interface TableNeeds {
  /** What the reading is called while it runs. */
  readonly stage: string;
  /** At least one of these must be there beside the volume. */
  readonly oneOf: readonly Column[];
}

/** A row under reading: its cells by column (empty where not given), and all of them in the order of the header. */
export interface TableRow {
  readonly cell: (column: Column) => string;
  readonly header: readonly string[];
  readonly values: readonly string[];
}

/** Where the row says where its image is: what a volume is called there is not enough to tell it by. */
export function writtenPath({ cell }: TableRow): { readonly imagePath?: string } {
  const volume = cell('volume');
  return /[/\\]/.test(volume) ? { imagePath: volume } : {};
}

/**
 * Reads the rows of a table of volumes. Rows without a volume are left out; the first of equal
 * volumes wins.
 *
 * @returns what `toRow` makes of each row, with the volume's name (see {@link volumeNames}).
 * @throws UserError `table-unreadable`, `table-columns-missing`, `table-empty`; CancelledError.
 */
export async function readRows<T>(
  path: string,
  needs: TableNeeds,
  toRow: (row: TableRow) => T,
  work: LongWork = {},
): Promise<(T & { readonly volume: string })[]> {
  const rows = new Map<string, T>();
  let columns: ReadonlyMap<Column, number> | undefined;
  let header: readonly string[] = [];
  await streamTable(path, needs.stage, work, (values) => {
    if (columns === undefined) {
      header = values.map((name) => name.trim());
      columns = neededColumns(path, header, needs);
      return;
    }
    const row = tableRow(columns, header, values);
    const volume = row.cell('volume');
    if (volume !== '' && !rows.has(volume)) {
      rows.set(volume, toRow(row));
    }
  });
  if (rows.size === 0) {
    throw new UserError(
      'table-empty',
      `${path} holds no row with a volume name.`,
      `Expected a table with a header line and the column ${nameOf('volume')}.`,
    );
  }
  return withVolumeNames(rows);
}

/** @param places of the known columns in the header. */
export function tableRow(
  places: ReadonlyMap<Column, number>,
  header: readonly string[],
  values: readonly string[],
): TableRow {
  return { cell: (column) => given(values[places.get(column) ?? -1]), header, values };
}

/** Rows by what their table calls the volume, with the volume's name; the first of equal volumes wins. */
export function withVolumeNames<T>(
  rows: ReadonlyMap<string, T>,
): (T & { readonly volume: string })[] {
  const names = volumeNames([...rows.keys()]);
  const named = new Map<string, T & { readonly volume: string }>();
  for (const [written, row] of rows) {
    const volume = names.get(written) ?? written;
    if (!named.has(volume)) {
      named.set(volume, { volume, ...row });
    }
  }
  return [...named.values()];
}

function neededColumns(
  path: string,
  header: readonly string[],
  { oneOf }: TableNeeds,
): ReadonlyMap<Column, number> {
  const places = findColumns(header);
  const missing = places.has('volume') ? [] : [nameOf('volume')];
  if (oneOf.length > 0 && !oneOf.some((column) => places.has(column))) {
    missing.push(oneOf.map(nameOf).join(' or '));
  }
  if (missing.length > 0) {
    throw new UserError(
      'table-columns-missing',
      `${basename(path)} has no column ${missing.join(', ')}.`,
      `Its columns are: ${header.join(', ').slice(0, 300)}. Rename one, or choose another table.`,
    );
  }
  return places;
}
