import type { LongWork } from '../../progress';
import type { ScanMetadata } from '../record';
import { finiteNumber, kernelOf, positiveNumber, sexOf, spacingPair, wholeYears } from './cells';
import { readRows, writtenPath } from './rows';
import type { TableRow } from './rows';

/** One row of the metadata table: what goes into a record, and the numbers preprocessing may need. */
export interface MetadataRow {
  readonly volume: string;
  /** As `ReportRow` has it. */
  readonly imagePath?: string;
  readonly metadata: ScanMetadata;
  readonly rescaleSlope?: number;
  readonly rescaleIntercept?: number;
  /** In-plane spacing in mm, as the table says. */
  readonly xySpacing?: readonly [number, number];
  /** Slice spacing in mm, as the table says. */
  readonly zSpacing?: number;
}

/** Reads a table of scan metadata with CT-RATE's columns. Errors as `readReports`. */
export function readMetadata(path: string, work?: LongWork): Promise<MetadataRow[]> {
  return readRows(
    path,
    { stage: 'Reading metadata', oneOf: ['sex', 'age', 'manufacturer'] },
    metadataOfRow,
    work,
  );
}

export function metadataOfRow(row: TableRow): Omit<MetadataRow, 'volume'> {
  const { cell } = row;
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
    metadata,
    ...writtenPath(row),
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
