import { dirname, resolve } from 'node:path';
import { normaliseReport } from '../text/normalise';
import type { LongWork } from '../progress';
import { promptedText, reportText } from './optionText';
import type { DatasetSideFile, McqRecord, OptionMode } from './record';
import { readLabels, readReports } from './tables';
import type { LabelRow, ReportRow } from './tables';
import { volumeStem } from './volumeName';

/** The reports table of a data set's side file: what `ref` options stand for. */
export class ReportTable {
  private readonly reports: ReadonlyMap<string, ReportRow>;
  private readonly labels: ReadonlyMap<string, LabelRow> | undefined;
  private readonly texts = new Map<string, string>();
  private readonly keys = new Map<string, string>();

  constructor(
    reports: readonly ReportRow[],
    labels: readonly LabelRow[] | undefined,
    private readonly defaultMode: OptionMode,
    private readonly withPrompt: boolean,
  ) {
    this.reports = new Map(reports.map((row) => [row.volume, row]));
    this.labels = labels && new Map(labels.map((row) => [row.volume, row]));
  }

  has(ref: string): boolean {
    return this.reports.has(volumeStem(ref));
  }

  /** The option text that `ref` stands for in `record`, or undefined where the table has no such report. */
  textOf(ref: string, record: McqRecord): string | undefined {
    const mode = record.mode ?? this.defaultMode;
    const text = this.plainText(volumeStem(ref), mode);
    return text !== undefined && this.withPrompt ? promptedText(text, mode, record.metadata) : text;
  }

  /** Equal for references that stand for the same text, normalised. */
  keyOf(ref: string, record: McqRecord): string | undefined {
    const mode = record.mode ?? this.defaultMode;
    const stem = volumeStem(ref);
    const name = `${mode} ${stem}`;
    let key = this.keys.get(name);
    if (key === undefined) {
      const text = this.plainText(stem, mode);
      if (text === undefined) {
        return undefined;
      }
      key = normaliseReport(text);
      this.keys.set(name, key);
    }
    return key;
  }

  private plainText(stem: string, mode: OptionMode): string | undefined {
    const name = `${mode} ${stem}`;
    let text = this.texts.get(name);
    if (text === undefined) {
      const report = this.reports.get(stem);
      if (report === undefined) {
        return undefined;
      }
      text = reportText(report, mode, this.labels?.get(stem)?.positive);
      this.texts.set(name, text);
    }
    return text;
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
  const beside = (path: string): string =>
    resolve(dirname(datasetPath), path.replaceAll('\\', '/'));
  const reports = await readReports(beside(sideFile.reports), work);
  const labels =
    sideFile.labels === undefined ? undefined : await readLabels(beside(sideFile.labels), work);
  const mode =
    sideFile.mode === undefined || sideFile.mode === 'mixed' ? 'full_report' : sideFile.mode;
  return new ReportTable(reports, labels?.rows, mode, sideFile.metadata_prompt ?? false);
}
