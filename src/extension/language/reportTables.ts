import { stat } from 'node:fs/promises';
import type { DatasetSideFile } from '../../core/dataset/record';
import type { ReportTable } from '../../core/dataset/reportTable';
import { besideSideFile } from '../../core/dataset/sideFile';

/**
 * Reports tables, each held once for all question files that use it as it stands: the parts of
 * CT-RATE are three files with one table of a hundred megabytes. A table goes with the last file
 * that uses it.
 */
export class SharedReportTables {
  private readonly tables = new Map<string, WeakRef<ReportTable>>();
  private readonly readings = new Map<string, Promise<ReportTable | undefined>>();

  /** The table that a side file names; undefined where it names none. Rejects as `readReportTable`. */
  async of(
    datasetPath: string,
    sideFile: DatasetSideFile | undefined,
  ): Promise<ReportTable | undefined> {
    if (sideFile?.reports === undefined) {
      return undefined;
    }
    const key = await identityOf(datasetPath, sideFile);
    return this.tables.get(key)?.deref() ?? this.read(key, datasetPath, sideFile);
  }

  private read(
    key: string,
    datasetPath: string,
    sideFile: DatasetSideFile,
  ): Promise<ReportTable | undefined> {
    const reading = this.readings.get(key) ?? this.begin(key, datasetPath, sideFile);
    this.readings.set(key, reading);
    return reading;
  }

  private async begin(
    key: string,
    datasetPath: string,
    sideFile: DatasetSideFile,
  ): Promise<ReportTable | undefined> {
    try {
      // The CSV reader is needed only where there is a table.
      const { readReportTable } = await import('../../core/dataset/reportTable');
      const table = await readReportTable(datasetPath, sideFile);
      this.forgetUnused();
      if (table !== undefined) {
        this.tables.set(key, new WeakRef(table));
      }
      return table;
    } finally {
      this.readings.delete(key);
    }
  }

  private forgetUnused(): void {
    for (const [key, table] of this.tables) {
      if (table.deref() === undefined) {
        this.tables.delete(key);
      }
    }
  }
}

/** Equal where two side files would have the same table made from the same files. */
async function identityOf(datasetPath: string, sideFile: DatasetSideFile): Promise<string> {
  const { reports, labels, mode, metadata_prompt: prompt } = sideFile;
  const files = [reports, labels].map(async (table) => {
    if (table === undefined) {
      return undefined;
    }
    const path = besideSideFile(datasetPath, table);
    const stats = await stat(path).catch(() => undefined);
    return [path, stats?.mtimeMs, stats?.size];
  });
  return JSON.stringify([await Promise.all(files), mode, prompt]);
}
