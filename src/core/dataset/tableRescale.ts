import { UserError } from '../errors';
import type { LongWork } from '../progress';
import type { Rescale, RescaleChoice } from '../volume/rescale';
import { besideSideFile, readSideFile } from './sideFile';
import { finiteNumber } from './tables/cells';
import { findRows } from './tables/findRows';
import type { FoundRow } from './tables/findRows';
import { withVolumeNames, writtenPath } from './tables/rows';
import { indexRows } from './volumeIndex';
import type { VolumeIndex } from './volumeIndex';
import { volumeStem } from './volumeName';

/** Which slope and intercept are wanted, and the metadata table that `csv` takes them from. */
export interface RescaleRequest {
  readonly choice: RescaleChoice;
  /** Path of the table. */
  readonly metadata?: string;
}

/** Slope and intercept of one volume. @throws as {@link tableRescales} */
export async function rescaleOf(
  volume: string,
  { choice, metadata }: RescaleRequest,
  work: LongWork = {},
): Promise<Rescale> {
  if (choice !== 'csv') {
    return { kind: choice };
  }
  return tableRescale(await tableRescales([volume], metadata, work), volume);
}

/** What a table says of volumes, by path as it was asked for. */
export type TableRescales = ReadonlyMap<string, Rescale>;

/** @throws UserError `rescale-unknown` where the volume is not among those that were looked up */
export function tableRescale(rescales: TableRescales, volume: string): Rescale {
  const rescale = rescales.get(volume);
  if (rescale === undefined) {
    throw unknown([volume], 1, 'The metadata table was not asked for slope and intercept');
  }
  return rescale;
}

/**
 * Slope and intercept that a metadata table (CT-RATE's `RescaleSlope` and `RescaleIntercept`) lists of
 * volumes.
 *
 * @param volumes their paths
 * @throws UserError `rescale-table-missing` where no table is named; `rescale-unknown` naming the
 *   volumes that have no slope and intercept in it; those of reading a table; CancelledError.
 */
export async function tableRescales(
  volumes: readonly string[],
  metadata: string | undefined,
  work: LongWork = {},
): Promise<TableRescales> {
  if (metadata === undefined) {
    throw new UserError(
      'rescale-table-missing',
      'Slope and intercept are to come from the metadata table (rescale "csv"), but no such table is known.',
      'Name one: on the command line with --rescale-table, for a question file as "metadata" in its side file; or choose "auto" or "none".',
    );
  }
  const rows = indexed(await findRows(metadata, volumes, work));
  const found = new Map<string, Rescale>();
  for (const volume of volumes) {
    const rescale = rows.find(volumeStem(volume), volume)?.rescale;
    if (rescale !== undefined) {
      found.set(volume, rescale);
    }
  }
  const missing = [...new Set(volumes)].filter((volume) => !found.has(volume));
  if (missing.length > 0) {
    throw unknown(missing, new Set(volumes).size, `${metadata} has no slope and intercept`);
  }
  return found;
}

/** The metadata table that a question file names in its side file; undefined where it names none. */
export async function metadataTableOf(dataset: string): Promise<string | undefined> {
  const table = (await readSideFile(dataset))?.metadata;
  return table === undefined ? undefined : besideSideFile(dataset, table);
}

interface RescaleRow {
  readonly volume: string;
  readonly imagePath?: string;
  readonly rescale?: Rescale;
}

/** The first of equal volumes wins, as in every table. */
function indexed(rows: readonly FoundRow[]): VolumeIndex<RescaleRow> {
  const written = new Map<string, Omit<RescaleRow, 'volume'>>();
  for (const row of rows) {
    const volume = row.cell('volume');
    if (!written.has(volume)) {
      const rescale = rescaleIn(row);
      written.set(volume, { ...writtenPath(row), ...(rescale && { rescale }) });
    }
  }
  return indexRows<RescaleRow>(withVolumeNames(written));
}

function rescaleIn({ cell }: FoundRow): Rescale | undefined {
  const slope = finiteNumber(cell('rescaleSlope'));
  const intercept = finiteNumber(cell('rescaleIntercept'));
  return slope === undefined || slope === 0 || intercept === undefined
    ? undefined
    : { kind: 'csv', slope, intercept };
}

/** How many volumes a message names. */
const namedVolumes = 5;

function unknown(missing: readonly string[], all: number, what: string): UserError {
  const names = missing.slice(0, namedVolumes).map(volumeStem).join(', ');
  const more = missing.length > namedVolumes ? ` and ${missing.length - namedVolumes} more` : '';
  return new UserError(
    'rescale-unknown',
    `${what} of ${names}${more} (${missing.length} of ${all} volumes).`,
    'Add them to the table, name another one, or choose rescale "auto" or "none".',
  );
}
