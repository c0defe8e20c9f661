import { dirname, resolve } from 'node:path';
import type { LongWork } from '../progress';
import { isFile } from '../storage/presence';
import { findVolumes } from './findVolumes';
import { isNetworkShare } from './imagePaths';
import type { Source, SourceLabels } from './planQuestions';
import { readLabels, readMetadata, readReports, streamTable } from './tables';
import type { LabelRow, ReportRow } from './tables';
import { indexRows, sharedSteps, stepsOf } from './volumeIndex';
import type { VolumeIndex } from './volumeIndex';
import { ctRateLayout, parseVolumeName, patientOf, volumeStem } from './volumeName';
import { imagePathIn, slashed } from './writtenPaths';

/** Where questions are made from, and where they go. */
export interface SourceFiles {
  /** Table of reports: CT-RATE's columns, or images and their reports; CSV, TSV, Parquet, JSON Lines. */
  readonly reports: string;
  readonly metadata?: string;
  /** Labels table: keywords are made with it. */
  readonly labels?: string;
  /** Folder below which the volumes are, in any layout. */
  readonly images: string;
  /** Lists of volumes to leave out, in their first column, such as CT-RATE's `no_chest_train.txt`. */
  readonly exclude?: readonly string[];
  /** `NAME.mcqa.jsonl`; with a split `NAME.train.mcqa.jsonl` and so on. */
  readonly out: string;
}

export interface FoundSources {
  readonly sources: Source[];
  /** Volumes of the reports table that have a file. */
  readonly imagesFound: number;
  /** Volumes left out, by reason. */
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Joins the tables and the volumes found. A volume without a file is left out, unless none has one.
 *
 * @throws UserError `table-*` of the tables and lists; CancelledError.
 */
export async function readSources(files: SourceFiles, work: LongWork): Promise<FoundSources> {
  const reports = await readReports(files.reports, work);
  const excluded = await readExclusions(files.exclude ?? [], work);
  const wanted = reports.filter((report) => !excluded.has(report));
  const images = await findImages(wanted, files, work);
  const usable = images.size > 0 ? wanted.filter((report) => images.has(report)) : wanted;

  const labels = files.labels === undefined ? undefined : await readLabels(files.labels, work);
  const labelled = indexRows(labels?.rows ?? []);
  const scans = files.metadata === undefined ? [] : await readMetadata(files.metadata, work);
  const metadata = indexRows(scans);
  const sources = usable.map((report): Source => {
    const { volume, patient } = report;
    const file = images.get(report) ?? resolve(files.images, expectedPlace(report));
    const known = metadata.find(volume, report.imagePath)?.metadata;
    const row = labelled.find(volume, report.imagePath);
    return {
      report,
      patient: patient ?? patientOf(volume),
      imagePath: imagePathIn(files.out, file, files.images),
      labels: row && sourceLabels(row, labels?.names ?? []),
      ...(known && Object.keys(known).length > 0 && { metadata: known }),
    };
  });
  const skipped = [
    { reason: 'no image file', count: wanted.length - usable.length },
    { reason: 'in a list of volumes to leave out', count: reports.length - wanted.length },
  ];
  return {
    sources,
    imagesFound: images.size,
    skipped: skipped.filter(({ count }) => count > 0),
    notes: [
      ...excluded.notes(),
      ...(labels ? coverage('labels', sources, (source) => source.labels) : []),
      ...(files.metadata === undefined
        ? []
        : coverage('metadata', sources, (source) => source.metadata)),
    ],
  };
}

/** Says so where a table does not know all volumes: what is made of it is then not what was meant. */
function coverage(
  table: string,
  sources: readonly Source[],
  known: (source: Source) => unknown,
): string[] {
  const count = sources.filter((source) => known(source) !== undefined).length;
  return count === sources.length
    ? []
    : [`The ${table} table says something of ${count} of the ${sources.length} volumes.`];
}

/** Where the file of a volume will be that is not there yet. */
function expectedPlace({ volume, imagePath }: ReportRow): string {
  return parseVolumeName(volume) === undefined && imagePath !== undefined
    ? slashed(imagePath)
    : ctRateLayout(volume);
}

interface ExclusionEntry {
  readonly steps: readonly string[];
  isMet: boolean;
}

/** Volumes to leave out. An entry without folders means every volume of the name. */
class Exclusions {
  private readonly byStem = new Map<string, ExclusionEntry[]>();
  private count = 0;

  add(entry: string): void {
    const stem = volumeStem(entry);
    if (stem !== '') {
      this.count++;
      const alike = this.byStem.get(stem) ?? [];
      alike.push({ steps: stepsOf(entry.trim()), isMet: false });
      this.byStem.set(stem, alike);
    }
  }

  /** Folders count as far as both sides name them; CT-RATE's names need none. */
  has({ volume, imagePath = volume }: ReportRow): boolean {
    const steps = stepsOf(imagePath);
    const isKnownByName = parseVolumeName(volume) !== undefined;
    const meant = (this.byStem.get(volumeStem(volume)) ?? []).filter(
      (entry) =>
        isKnownByName ||
        sharedSteps(entry.steps, steps) === Math.min(entry.steps.length, steps.length),
    );
    for (const entry of meant) {
      entry.isMet = true;
    }
    return meant.length > 0;
  }

  /** What the user should know of entries that met no volume. */
  notes(): string[] {
    const unmet = [...this.byStem.values()].flat().filter(({ isMet }) => !isMet).length;
    return unmet === 0
      ? []
      : [
          `${unmet} of ${this.count} entries of the lists of volumes to leave out name no volume of the reports table.`,
        ];
  }
}

/** The first column of each list, which may have others. @throws UserError `table-unreadable`; CancelledError. */
async function readExclusions(lists: readonly string[], work: LongWork): Promise<Exclusions> {
  const excluded = new Exclusions();
  for (const list of lists) {
    await streamTable(list, 'Reading lists', work, ([entry = '']) => {
      excluded.add(entry);
    });
  }
  return excluded;
}

async function findImages(
  reports: readonly ReportRow[],
  { images, reports: table }: SourceFiles,
  work: LongWork,
): Promise<ReadonlyMap<ReportRow, string>> {
  const volumes = await findVolumes(images, work);
  const found = new Map<ReportRow, string>();
  for (const report of reports) {
    const path = await findImage(report.volume, report.imagePath, volumes, dirname(table));
    if (path !== undefined) {
      found.set(report, path);
    }
  }
  return found;
}

/**
 * The file of a volume: below the folder of volumes, else where the table itself says, absolute or
 * relative to the table.
 */
export async function findImage(
  volume: string,
  written: string | undefined,
  volumes: VolumeIndex<string>,
  tableFolder: string,
): Promise<string | undefined> {
  const below = volumes.find(volume, written);
  if (below !== undefined || written === undefined || isNetworkShare(written)) {
    return below;
  }
  const path = resolve(tableFolder, slashed(written));
  return /\.nii(\.gz)?$/i.test(path) && (await isFile(path)) ? path : undefined;
}

function sourceLabels({ positive, unknown }: LabelRow, names: readonly string[]): SourceLabels {
  const isNegative = (name: string): boolean => !positive.includes(name) && !unknown.includes(name);
  return { positive, negative: names.filter(isNegative) };
}
