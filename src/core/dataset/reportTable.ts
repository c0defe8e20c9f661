import type { LongWork } from '../progress';
import { promptedText, reportText, textKey } from './optionText';
import { reportModes } from './record';
import type { DatasetSideFile, McqRecord, ReportMode } from './record';
import { besideSideFile, templateOfSideFile } from './sideFile';
import { readLabels, readReports } from './tables';
import type { LabelRow, ReportRow } from './tables';
import { VolumeIndex, indexRows } from './volumeIndex';
import { volumeStem } from './volumeName';

/** One report of the table, with what was made from it so far. */
interface Entry {
  readonly report: ReportRow;
  readonly texts: Partial<Record<ReportMode, string>>;
  readonly keys: Partial<Record<ReportMode, string>>;
}

/** The reports table of a data set's side file: what `ref` options stand for. */
export class ReportTable {
  private readonly entries: VolumeIndex<Entry>;
  private readonly labels: VolumeIndex<LabelRow> | undefined;

  constructor(
    private readonly reports: readonly ReportRow[],
    labels: readonly LabelRow[] | undefined,
    private readonly defaultMode: ReportMode,
    private readonly template: string | undefined,
  ) {
    this.entries = new VolumeIndex();
    for (const report of reports) {
      const { volume, imagePath = volume } = report;
      this.entries.add(volume, imagePath, { report, texts: {}, keys: {} });
    }
    this.labels = labels && indexRows(labels);
  }

  /** Volumes that can be referred to, at most `most`. */
  volumes(most: number): string[] {
    return this.reports.slice(0, most).map(({ volume }) => volume);
  }

  has(ref: string): boolean {
    return this.find(ref) !== undefined;
  }

  /** The option text that `ref` stands for in `record`, or undefined where the table has no such report. */
  textOf(ref: string, record: McqRecord): string | undefined {
    const entry = this.find(ref);
    if (entry === undefined) {
      return undefined;
    }
    const mode = this.modeOf(record);
    const text = (entry.texts[mode] ??= this.plainText(entry, mode));
    return this.template === undefined
      ? text
      : promptedText(text, mode, record.metadata, this.template);
  }

  /** The same without the metadata sentence; made anew each time, for a checker reads each text once. */
  plainTextOf(ref: string, record: McqRecord): string | undefined {
    const entry = this.find(ref);
    return entry && this.plainText(entry, this.modeOf(record));
  }

  /** Findings that the labels table says the scan shows; undefined where it does not name the scan. */
  positiveLabelsOf(volume: string): readonly string[] | undefined {
    return this.labels?.find(volumeStem(volume), volume)?.positive;
  }

  /** Equal for references that stand for the same text, normalised; a digest, not to hold texts twice. */
  keyOf(ref: string, record: McqRecord): string | undefined {
    const entry = this.find(ref);
    const mode = this.modeOf(record);
    return entry && (entry.keys[mode] ??= textKey(this.plainText(entry, mode)));
  }

  /** A yes/no question has no reports; one that refers to some anyway means them in the usual form. */
  modeOf({ mode }: McqRecord): ReportMode {
    return mode === undefined || mode === 'yes_no' ? this.defaultMode : mode;
  }

  private find(ref: string): Entry | undefined {
    return this.entries.find(ref) ?? this.entries.find(volumeStem(ref), ref);
  }

  private plainText({ report }: Entry, mode: ReportMode): string {
    return reportText(report, mode, this.labels?.find(report.volume, report.imagePath)?.positive);
  }
}

/**
 * Reads the tables that a side file names; undefined where it names no reports.
 *
 * @throws UserError of {@link readReports}.
 */
export async function readReportTable(
  datasetPath: string,
  sideFile: DatasetSideFile | undefined,
  work?: LongWork,
): Promise<ReportTable | undefined> {
  if (sideFile?.reports === undefined) {
    return undefined;
  }
  const reports = await readReports(besideSideFile(datasetPath, sideFile.reports), work);
  const labels =
    sideFile.labels === undefined
      ? undefined
      : await readLabels(besideSideFile(datasetPath, sideFile.labels), work);
  return reportTableOf(reports, labels?.rows, sideFile);
}

/** Reports as the options of a side file's questions show them. */
export function reportTableOf(
  reports: readonly ReportRow[],
  labels: readonly LabelRow[] | undefined,
  sideFile: DatasetSideFile,
): ReportTable {
  const mode = reportModes.find((each) => each === sideFile.mode) ?? 'full_report';
  return new ReportTable(reports, labels, mode, templateOfSideFile(sideFile));
}

/** The reports table, read only once a question refers to it: most files carry their texts. */
export class LazyReportTable {
  private table: ReportTable | undefined;
  private asked = false;

  constructor(
    private readonly datasetPath: string,
    private readonly sideFile: DatasetSideFile | undefined,
    private readonly work: LongWork,
  ) {}

  get loaded(): ReportTable | undefined {
    return this.table;
  }

  /** Reads the table if one of the lines needs it. Errors as {@link readReportTable}, once. */
  async loadFor(lines: readonly { readonly record: McqRecord | undefined }[]): Promise<void> {
    const needed = lines.some(({ record }) =>
      record?.options.some(({ text, ref }) => text === undefined && ref !== undefined),
    );
    if (needed && !this.asked) {
      this.asked = true;
      this.table = await readReportTable(this.datasetPath, this.sideFile, this.work);
    }
  }
}
