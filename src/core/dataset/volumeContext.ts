import { resolve } from 'node:path';
import { UserError } from '../errors';
import type { LongWork } from '../progress';
import { ctRateLabels } from './findingLabels';
import { readLineBatches } from './lines';
import type { ScanMetadata } from './record';
import { suggestSources } from './suggestSources';
import {
  findRows,
  firstRows,
  labelsOfRow,
  metadataOfRow,
  placeOf,
  reportOfRow,
  volumeNames,
} from './tables';
import type { FoundRow } from './tables';
import { sharedSteps, stepsOf, VolumeIndex } from './volumeIndex';
import { parseVolumeName, volumeStem } from './volumeName';

/** A table that may say something of a volume. */
export interface ContextTable {
  /** Absolute. */
  readonly path: string;
  /**
   * What is known of it: `reports` and `labels` as a side file names them (what belongs to a reports
   * table is looked for beside it), a `list` of volumes to leave out; `any` says whatever its columns
   * say.
   */
  readonly kind: 'reports' | 'labels' | 'list' | 'any';
}

export interface ContextRequest {
  /** The volume's file, absolute. */
  readonly path: string;
  /** Best first: of each thing the first table that says it counts. */
  readonly tables: readonly ContextTable[];
}

/** Where something stands. */
export interface ContextSource {
  /** Absolute. */
  readonly path: string;
  /** 1-based; absent for tables that have no lines. */
  readonly line?: number;
}

/** The sections of the report; one that was not given is empty. */
export interface VolumeReport {
  readonly clinicalInformation: string;
  readonly technique: string;
  readonly findings: string;
  readonly impression: string;
  readonly source: ContextSource;
}

/** Names of labels, each list in the order of the table. */
export interface VolumeLabels {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
  /** Neither 0 nor 1. */
  readonly unknown: readonly string[];
  readonly source: ContextSource;
}

/** What a table says of patient and scan; it need not be what the file itself says. */
export interface VolumeScan {
  readonly metadata: ScanMetadata;
  readonly rescaleSlope?: number;
  readonly rescaleIntercept?: number;
  /** In-plane, mm. */
  readonly xySpacing?: readonly [number, number];
  /** Between slices, mm. */
  readonly zSpacing?: number;
  readonly source: ContextSource;
}

/** What the tables of a workspace say of one volume; what none says is absent. */
export interface VolumeContext {
  /** The volume's name without extension. */
  readonly volume: string;
  readonly report?: VolumeReport;
  readonly labels?: VolumeLabels;
  readonly scan?: VolumeScan;
  /** Lists of volumes to leave out that name it, such as CT-RATE's `no_chest_train.txt`. */
  readonly leftOutBy: readonly ContextSource[];
  /** How many tables were looked through. */
  readonly searched: number;
  /** Tables that could not be read, and why. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/**
 * What tables say of a volume: its report, labels, patient and scan, each of the first table that
 * names it and says so. A table that cannot be read is a problem told, no failure.
 *
 * @throws CancelledError
 */
export async function findVolumeContext(
  { path, tables }: ContextRequest,
  work: LongWork = {},
): Promise<VolumeContext> {
  const search = new ContextSearch(path, work);
  for (const table of await withNeighbours(tables)) {
    await search.look(table);
  }
  return search.result();
}

/** The tables, and after them what stands beside the reports tables; each once. */
async function withNeighbours(tables: readonly ContextTable[]): Promise<ContextTable[]> {
  const all = [...tables];
  for (const { path, kind } of tables) {
    if (kind === 'reports') {
      const { metadata, labels, exclude = [] } = await suggestSources(path);
      all.push(
        ...(metadata === undefined ? [] : [{ path: metadata, kind: 'any' } as const]),
        ...(labels === undefined ? [] : [{ path: labels, kind: 'labels' } as const]),
        ...exclude.map((list) => ({ path: list, kind: 'list' }) as const),
      );
    }
  }
  const byPath = new Map<string, ContextTable>();
  for (const table of all) {
    const known = byPath.get(resolve(table.path));
    if (known === undefined || known.kind === 'any') {
      byPath.set(resolve(table.path), table);
    }
  }
  return [...byPath.values()];
}

class ContextSearch {
  private report: VolumeReport | undefined;
  private labels: VolumeLabels | undefined;
  private scan: VolumeScan | undefined;
  private readonly leftOutBy: ContextSource[] = [];
  private readonly problems: { path: string; message: string }[] = [];
  private searched = 0;

  constructor(
    private readonly path: string,
    private readonly work: LongWork,
  ) {}

  async look({ path, kind }: ContextTable): Promise<void> {
    try {
      await (kind === 'list' ? this.lookInList(path) : this.lookInTable(path, kind));
    } catch (error) {
      if (!(error instanceof UserError)) {
        throw error;
      }
      this.problems.push({ path, message: error.message });
    }
  }

  result(): VolumeContext {
    const { report, labels, scan, leftOutBy, searched, problems } = this;
    return {
      volume: volumeStem(this.path),
      ...(report && { report }),
      ...(labels && { labels }),
      ...(scan && { scan }),
      leftOutBy,
      searched,
      problems,
    };
  }

  private async lookInList(path: string): Promise<void> {
    const line = await lineInList(path, this.path, this.work);
    if (line !== undefined) {
      this.leftOutBy.push({ path, line });
    }
  }

  private async lookInTable(path: string, kind: ContextTable['kind']): Promise<void> {
    if (this.report !== undefined && this.labels !== undefined && this.scan !== undefined) {
      return;
    }
    this.searched++;
    const row = rowOf(await findRows(path, [this.path], this.work), this.path);
    if (row === undefined) {
      return;
    }
    const source = { path, ...(row.line !== undefined && { line: row.line }) };
    this.report ??= reportIn(row, source);
    this.scan ??= scanIn(row, source);
    this.labels ??= await labelsIn(row, source, kind);
  }
}

/** Of the rows that bear the volume's name, the one that means its file; spelt alike goes first. */
function rowOf(rows: readonly FoundRow[], path: string): FoundRow | undefined {
  const isSpeltAlike = (row: FoundRow): boolean =>
    volumeStem(row.cell('volume')) === volumeStem(path);
  const sorted = [...rows].sort((a, b) => Number(isSpeltAlike(b)) - Number(isSpeltAlike(a)));
  const names = volumeNames(sorted.map((row) => row.cell('volume').toLowerCase()));
  const index = new VolumeIndex<FoundRow>();
  for (const row of sorted) {
    const written = row.cell('volume').toLowerCase();
    index.add(names.get(written) ?? written, written, row);
  }
  const wanted = path.toLowerCase();
  return index.find(volumeStem(wanted), wanted);
}

function reportIn(row: FoundRow, source: ContextSource): VolumeReport | undefined {
  const { clinicalInformation, technique, findings, impression } = reportOfRow(row);
  return findings === '' && impression === ''
    ? undefined
    : { clinicalInformation, technique, findings, impression, source };
}

function scanIn(row: FoundRow, source: ContextSource): VolumeScan | undefined {
  const { metadata, rescaleSlope, rescaleIntercept, xySpacing, zSpacing } = metadataOfRow(row);
  const values = { rescaleSlope, rescaleIntercept, xySpacing, zSpacing };
  const known = Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  );
  return Object.keys({ ...metadata, ...known }).length === 0
    ? undefined
    : { metadata, ...known, source };
}

/** Other tables have columns of 0 and 1 too: only CT-RATE's names make them labels by themselves. */
async function labelsIn(
  row: FoundRow,
  source: ContextSource,
  kind: ContextTable['kind'],
): Promise<VolumeLabels | undefined> {
  const isKnown = (name: string): boolean => placeOf(ctRateLabels, [name]) !== undefined;
  if (kind !== 'labels' && !row.header.some(isKnown)) {
    return undefined;
  }
  const { positive, negative, unknown } = labelsOfRow(row, [
    row,
    ...(await firstRows(source.path)),
  ]);
  const isMeant = (name: string): boolean => kind === 'labels' || isKnown(name);
  const labels = {
    positive: positive.filter(isMeant),
    negative: negative.filter(isMeant),
    unknown: unknown.filter(isMeant),
  };
  return Object.values(labels).every((names) => names.length === 0)
    ? undefined
    : { ...labels, source };
}

/**
 * The line (1-based) on which a list names a volume in its first column. Folders count as far as both
 * sides name them; CT-RATE's names need none.
 *
 * @throws UserError `file-unreadable`; CancelledError.
 */
async function lineInList(
  list: string,
  path: string,
  { signal }: LongWork,
): Promise<number | undefined> {
  const steps = stepsOf(path.toLowerCase());
  const isKnownByName = parseVolumeName(steps[0]) !== undefined;
  for await (const lines of readLineBatches(list, { ...(signal && { signal }) })) {
    const found = lines.find(({ text }) => {
      const [cell] = text.toLowerCase().split(/[,;\t]/, 1);
      const entry = stepsOf(cell.replaceAll('"', '').trim());
      const needed = isKnownByName ? 1 : Math.min(entry.length, steps.length);
      return sharedSteps(entry, steps) >= needed;
    });
    if (found !== undefined) {
      return found.line + 1;
    }
  }
  return undefined;
}
