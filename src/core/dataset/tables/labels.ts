import { basename } from 'node:path';
import { UserError } from '../../errors';
import type { LongWork } from '../../progress';
import { labelOf } from './cells';
import { findColumns } from './columns';
import { readRows, writtenPath } from './rows';

/** The findings of a volume, by a classifier of report texts. */
export interface LabelRow {
  readonly volume: string;
  /** As `ReportRow` has it. */
  readonly imagePath?: string;
  /** Names of the labels that are 1, in the table's order. */
  readonly positive: readonly string[];
  /** Names of the labels that are neither 0 nor 1: not known. */
  readonly unknown: readonly string[];
}

export interface LabelTable {
  /** Every label of the table, in its order. */
  readonly names: readonly string[];
  readonly rows: readonly LabelRow[];
}

/**
 * Reads a table of labels: the volume's name, and one column a label. A column is a label where most
 * of its cells that are not empty say 0 or 1; the others (a patient's name, the report) are passed over.
 *
 * @throws UserError of `readReports`; `table-columns-missing` where no column is a label.
 */
export async function readLabels(path: string, work?: LongWork): Promise<LabelTable> {
  let header: readonly string[] = [];
  const rows = await readRows(
    path,
    { stage: 'Reading labels', oneOf: [] },
    (row) => {
      header = row.header;
      return {
        ...writtenPath(row),
        cells: row.header.map((_, index) => statedLabel(row.values.at(index))),
      };
    },
    work,
  );
  const volumeColumn = findColumns(header).get('volume');
  const columns = header.flatMap((name, index) =>
    name !== '' && index !== volumeColumn && isLabelColumn(rows, index) ? [{ name, index }] : [],
  );
  if (columns.length === 0) {
    throw new UserError(
      'table-columns-missing',
      `${basename(path)} has no column of 0 and 1.`,
      'A labels table has one column a finding, with 1 where it is there and 0 where it is not.',
    );
  }
  const namesWhere = (cells: readonly StatedLabel[], isMeant: (cell: StatedLabel) => boolean) =>
    columns.filter(({ index }) => isMeant(cells[index])).map(({ name }) => name);
  return {
    names: columns.map(({ name }) => name),
    rows: rows.map(({ cells, ...row }) => ({
      ...row,
      positive: namesWhere(cells, (cell) => cell === 1),
      unknown: namesWhere(cells, (cell) => cell !== 1 && cell !== 0),
    })),
  };
}

type StatedLabel = 0 | 1 | 'empty' | 'other';

function statedLabel(value: string | undefined): StatedLabel {
  const text = value?.trim() ?? '';
  return text === '' ? 'empty' : (labelOf(text) ?? 'other');
}

function isLabelColumn(
  rows: readonly { readonly cells: readonly StatedLabel[] }[],
  index: number,
): boolean {
  let balance = 0;
  for (const { cells } of rows) {
    const cell = cells[index];
    balance += cell === 'empty' ? 0 : cell === 'other' ? -1 : 1;
  }
  return balance > 0;
}
