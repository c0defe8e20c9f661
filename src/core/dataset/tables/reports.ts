import type { LongWork } from '../../progress';
import { readRows, writtenPath } from './rows';
import type { TableRow } from './rows';

/** One report; a section that was not given is empty. */
export interface ReportRow {
  /** Name of the volume without `.nii.gz`, such as `train_1_a_2`, with folders where names repeat. */
  readonly volume: string;
  readonly clinicalInformation: string;
  readonly technique: string;
  readonly findings: string;
  readonly impression: string;
  /** Where the table says where the image is, in its own words. */
  readonly imagePath?: string;
  /** Where the table has a column for the patient. */
  readonly patient?: string;
}

/**
 * Reads a table of reports: CT-RATE's columns, or a plain table of images and their reports.
 *
 * @throws UserError `table-unreadable`, `table-columns-missing`, `table-empty`; CancelledError.
 */
export function readReports(path: string, work?: LongWork): Promise<ReportRow[]> {
  return readRows(
    path,
    { stage: 'Reading reports', oneOf: ['findings', 'impression'] },
    reportOfRow,
    work,
  );
}

export function reportOfRow(row: TableRow): Omit<ReportRow, 'volume'> {
  const { cell } = row;
  return {
    clinicalInformation: cell('clinicalInformation'),
    technique: cell('technique'),
    findings: cell('findings'),
    impression: cell('impression'),
    ...writtenPath(row),
    ...(cell('patient') !== '' && { patient: cell('patient') }),
  };
}
