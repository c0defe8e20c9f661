import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { CancelledError, UserError, messageOf, throwIfCancelled } from '../errors';
import type { LongWork } from '../progress';
import type { ScanMetadata } from './record';
import { volumeStem } from './volumeName';

export { parseVolumeName } from './volumeName';
export type { VolumeName } from './volumeName';

/** One report; a section that was not given is empty. */
export interface ReportRow {
  /** Volume name without `.nii.gz`, such as `train_1_a_2`. */
  readonly volume: string;
  readonly clinicalInformation: string;
  readonly technique: string;
  readonly findings: string;
  readonly impression: string;
}

/** One row of the metadata table: what goes into a record, and the numbers preprocessing may need. */
export interface MetadataRow {
  readonly volume: string;
  readonly metadata: ScanMetadata;
  readonly rescaleSlope?: number;
  readonly rescaleIntercept?: number;
  /** In-plane spacing in mm, as the table says. */
  readonly xySpacing?: readonly [number, number];
  /** Slice spacing in mm, as the table says. */
  readonly zSpacing?: number;
}

/** The findings of a volume, by a classifier of report texts. */
export interface LabelRow {
  readonly volume: string;
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

/** The first name is CT-RATE's; case and surrounding spaces do not matter. */
const columns = {
  volume: ['VolumeName'],
  clinicalInformation: ['ClinicalInformation_EN', 'ClinicalInformation'],
  technique: ['Technique_EN', 'Technique'],
  findings: ['Findings_EN', 'Findings'],
  impression: ['Impressions_EN', 'Impression_EN', 'Impressions', 'Impression'],
  sex: ['PatientSex'],
  age: ['PatientAge'],
  manufacturer: ['Manufacturer'],
  kernel: ['ConvolutionKernel'],
  xySpacing: ['XYSpacing'],
  zSpacing: ['ZSpacing'],
  rescaleSlope: ['RescaleSlope'],
  rescaleIntercept: ['RescaleIntercept'],
} as const;

type Column = keyof typeof columns;

/**
 * Reads a table of reports with CT-RATE's columns: the volume's name, and findings or impression.
 *
 * @throws UserError `table-unreadable`, `table-columns-missing`, `table-empty`; CancelledError.
 */
export function readReports(path: string, work?: LongWork): Promise<ReportRow[]> {
  return readRows(
    path,
    { stage: 'Reading reports', needed: ['volume'], oneOf: ['findings', 'impression'] },
    (cell) => ({
      volume: volumeStem(cell('volume')),
      clinicalInformation: cell('clinicalInformation'),
      technique: cell('technique'),
      findings: cell('findings'),
      impression: cell('impression'),
    }),
    work,
  );
}

/** Reads a table of scan metadata with CT-RATE's columns. Errors as {@link readReports}. */
export function readMetadata(path: string, work?: LongWork): Promise<MetadataRow[]> {
  return readRows(
    path,
    { stage: 'Reading metadata', needed: ['volume'], oneOf: ['sex', 'age', 'manufacturer'] },
    metadataRow,
    work,
  );
}

/** Reads a table of labels: the volume's name, and one column of 0 and 1 a label. Errors as {@link readReports}. */
export async function readLabels(path: string, work?: LongWork): Promise<LabelTable> {
  let names: string[] = [];
  let isLabel = new Set<string>();
  const rows = await readRows(
    path,
    { stage: 'Reading labels', needed: ['volume'], oneOf: [] },
    (cell, header, values) => {
      if (names.length === 0) {
        names = header.filter((name) => !isColumn(name, 'volume') && name.trim() !== '');
        isLabel = new Set(names);
      }
      const positive: string[] = [];
      const unknown: string[] = [];
      header.forEach((name, index) => {
        if (isLabel.has(name)) {
          const label = finiteNumber(values.at(index)?.trim() ?? '');
          if (label === 1) {
            positive.push(name);
          } else if (label !== 0) {
            unknown.push(name);
          }
        }
      });
      return { volume: volumeStem(cell('volume')), positive, unknown };
    },
    work,
  );
  return { names, rows };
}

function metadataRow(cell: (column: Column) => string): MetadataRow {
  const xy = spacingPair(cell('xySpacing'));
  const z = positiveNumber(cell('zSpacing'));
  const metadata: ScanMetadata = defined({
    age: wholeYears(cell('age')),
    sex: sexOf(cell('sex')),
    manufacturer: cell('manufacturer') || undefined,
    kernel: kernelOf(cell('kernel')),
    spacing_mm: xy && z !== undefined ? ([xy[0], xy[1], z] as const) : undefined,
  });
  return defined({
    volume: volumeStem(cell('volume')),
    metadata,
    rescaleSlope: finiteNumber(cell('rescaleSlope')),
    rescaleIntercept: finiteNumber(cell('rescaleIntercept')),
    xySpacing: xy,
    zSpacing: z,
  });
}

/** Without the fields that are undefined. */
function defined<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** DICOM's age string: `067Y`, `018M`, `003W`, `010D`; a bare number is years. */
export function wholeYears(text: string): number | undefined {
  const match = /^(\d{1,3})(?:\.\d+)?\s*([YMWD]?)$/i.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const perYear = { Y: 1, M: 12, W: 52, D: 365 }[match[2].toUpperCase()] ?? 1;
  return Math.floor(Number(match[1]) / perYear);
}

const sexWords: Readonly<Partial<Record<string, 'M' | 'F' | 'O'>>> = {
  m: 'M',
  male: 'M',
  f: 'F',
  female: 'F',
  o: 'O',
  other: 'O',
};

function sexOf(text: string): 'M' | 'F' | 'O' | undefined {
  return sexWords[text.toLowerCase()];
}

/** `['Br40f', '3']`, as Python prints a list, becomes `Br40f/3`. */
function kernelOf(text: string): string | undefined {
  const names = text.replace(/[[\]'"]/g, '').split(/[,\\]/);
  return (
    names
      .map((name) => name.trim())
      .filter(Boolean)
      .join('/') || undefined
  );
}

/** `[0.75, 0.75]` */
function spacingPair(text: string): readonly [number, number] | undefined {
  const values = text
    .replace(/[[\]()]/g, '')
    .split(/[,\s\\]+/)
    .filter(Boolean);
  const [x, y] = values.map(positiveNumber);
  return values.length === 2 && x !== undefined && y !== undefined ? [x, y] : undefined;
}

function finiteNumber(text: string): number | undefined {
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function positiveNumber(text: string): number | undefined {
  const value = finiteNumber(text);
  return value !== undefined && value > 0 ? value : undefined;
}

function isColumn(name: string, column: Column): boolean {
  return columns[column].some((known) => known.toLowerCase() === name.trim().toLowerCase());
}

/** CT-RATE writes `Not given.` into empty fields. */
function given(text: string | undefined): string {
  const trimmed = text?.trim() ?? '';
  return /^not given\.?$/i.test(trimmed) ? '' : trimmed;
}

interface TableNeeds {
  readonly stage: string;
  readonly needed: readonly Column[];
  /** At least one of these must be there too. */
  readonly oneOf: readonly Column[];
}

/** Streams a CSV (or `.tsv`) table; rows without a volume name are left out, the first of equal names wins. */
async function readRows<T extends { readonly volume: string }>(
  path: string,
  needs: TableNeeds,
  toRow: (cell: (column: Column) => string, header: string[], values: string[]) => T,
  work: LongWork | undefined,
): Promise<T[]> {
  const rows = new Map<string, T>();
  let header: string[] | undefined;
  let values: string[] = [];
  const places = new Map<Column, number>();
  const cell = (column: Column): string => given(values[places.get(column) ?? -1]);
  await streamCsv(path, needs.stage, work, (record) => {
    values = record;
    if (header === undefined) {
      header = record.map((name) => name.trim());
      findColumns(path, header, needs, places);
      return;
    }
    const row = toRow(cell, header, record);
    if (row.volume !== '' && !rows.has(row.volume)) {
      rows.set(row.volume, row);
    }
  });
  if (rows.size === 0) {
    throw new UserError(
      'table-empty',
      `${path} holds no row with a volume name.`,
      `Expected a table with a header line and the column ${columns.volume[0]}.`,
    );
  }
  return [...rows.values()];
}

function findColumns(
  path: string,
  header: readonly string[],
  needs: TableNeeds,
  places: Map<Column, number>,
): void {
  for (const column of Object.keys(columns) as Column[]) {
    const place = header.findIndex((name) => isColumn(name, column));
    if (place >= 0) {
      places.set(column, place);
    }
  }
  const nameOf = (column: Column): string => columns[column][0];
  const missing = needs.needed.filter((column) => !places.has(column)).map(nameOf);
  if (needs.oneOf.length > 0 && !needs.oneOf.some((column) => places.has(column))) {
    missing.push(needs.oneOf.map(nameOf).join(' or '));
  }
  if (missing.length > 0) {
    throw new UserError(
      'table-columns-missing',
      `${basename(path)} has no column ${missing.join(', ')}.`,
      `Its columns are: ${header.join(', ').slice(0, 300)}. Rename one, or choose another table.`,
    );
  }
}

async function streamCsv(
  path: string,
  stage: string,
  work: LongWork | undefined,
  onRecord: (record: string[]) => void,
): Promise<void> {
  throwIfCancelled(work?.signal);
  let failure: unknown; // a pipeline reports what ended it as a mere "aborted"
  try {
    const total = (await stat(path)).size;
    const source = createReadStream(path);
    const parser = parse({
      bom: true,
      delimiter: path.toLowerCase().endsWith('.tsv') ? '\t' : ',',
      relax_column_count: true,
      skip_empty_lines: true,
    });
    await pipeline(source, parser, async (records: AsyncIterable<string[]>) => {
      let count = 0;
      try {
        for await (const record of records) {
          onRecord(record);
          if (++count % rowsPerReport === 0) {
            throwIfCancelled(work?.signal);
            work?.onProgress?.({ stage, done: source.bytesRead, total });
          }
        }
      } catch (error) {
        failure = error;
        throw error;
      }
    });
  } catch (error) {
    throw asTableError(path, failure ?? error);
  }
}

const rowsPerReport = 500;

function asTableError(path: string, error: unknown): unknown {
  if (error instanceof UserError || error instanceof CancelledError) {
    return error;
  }
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return new UserError(
    'table-unreadable',
    `${path} cannot be read as a table: ${oneLine(messageOf(error))}`,
    isMissing
      ? 'Check the path of the table.'
      : 'Check that it is a CSV file in UTF-8 whose quotes are closed.',
    error,
  );
}

/** The parser quotes what it stumbled over, which may be anything. */
function oneLine(message: string): string {
  return message.replaceAll(/[\p{C}\s\uFFFD]+/gu, ' ').slice(0, 200);
}
