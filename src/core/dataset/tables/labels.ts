import { basename } from 'node:path';
import { UserError } from '../../errors';
import type { LongWork } from '../../progress';
import { labelOf } from './cells';
import { findColumns } from './columns';
import { readRows, writtenPath } from './rows';
import type { TableRow } from './rows';

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
      return { ...writtenPath(row), cells: statedLabels(row) };
    },
    work,
  );
  const columns = labelColumns(header, rows);
  if (columns.length === 0) {
    throw new UserError(
      'table-columns-missing',
      `${basename(path)} has no column of 0 and 1.`,
      'A labels table has one column a finding, with 1 where it is there and 0 where it is not.',
    );
  }
  return {
    names: columns.map(({ name }) => name),
    rows: rows.map(({ cells, ...row }) => ({ ...row, ...sorted(columns, cells) })),
  };
}

/** What one row says of the labels of its table. */
export interface LabelsOfRow extends Pick<LabelRow, 'positive' | 'unknown'> {
  /** Names of the labels that are 0, in the table's order. */
  readonly negative: readonly string[];
}

/**
 * What one row says of the labels of its table.
 *
 * @param sample rows of the table that tell which of its columns are labels.
 */
export function labelsOfRow(
  row: TableRow,
  sample: readonly Pick<TableRow, 'header' | 'values'>[],
): LabelsOfRow {
  const rows = sample.map((each) => ({ cells: statedLabels(each) }));
  const cells = statedLabels(row);
  const columns = labelColumns(row.header, rows);
  const { positive, unknown } = sorted(columns, cells);
  return { positive, unknown, negative: namesWhere(columns, cells, (cell) => cell === 0) };
}

interface LabelColumn {
  readonly name: string;
  readonly index: number;
}

function labelColumns(
  header: readonly string[],
  rows: readonly { readonly cells: readonly StatedLabel[] }[],
): LabelColumn[] {
  const volumeColumn = findColumns(header).get('volume');
  return header.flatMap((name, index) =>
    name !== '' && index !== volumeColumn && isLabelColumn(rows, index) ? [{ name, index }] : [],
  );
}

function sorted(
  columns: readonly LabelColumn[],
  cells: readonly StatedLabel[],
): Pick<LabelRow, 'positive' | 'unknown'> {
  return {
    positive: namesWhere(columns, cells, (cell) => cell === 1),
    unknown: namesWhere(columns, cells, (cell) => cell !== 1 && cell !== 0),
  };
}

function namesWhere(
  columns: readonly LabelColumn[],
  cells: readonly StatedLabel[],
  isMeant: (cell: StatedLabel) => boolean,
): string[] {
  return columns.filter(({ index }) => isMeant(cells[index])).map(({ name }) => name);
}

function statedLabels({ header, values }: Pick<TableRow, 'header' | 'values'>): StatedLabel[] {
  return header.map((_, index) => statedLabel(values.at(index)));
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
