import { resolve } from 'node:path';
import type { LongWork } from '../progress';
import { parseLine } from './jsonl';
import { readLineBatches } from './lines';
import { OverviewCounts } from './overviewCounts';
import type { OverviewResult } from './overviewResult';
import { LazyReportTable } from './reportTable';
import { besideSideFile, readSideFile } from './sideFile';
import { soundRecord } from './soundRecord';
import { readLabels } from './tables';
import type { LabelTable } from './tables';

/**
 * Counts what question files hold, read in pieces: only digests of texts and names are kept. Lines
 * that are no question are counted, not refused.
 *
 * @throws UserError `file-unreadable`, `side-file-invalid`, or those of the tables it names;
 *   CancelledError.
 */
export async function describeDatasets(
  paths: readonly string[],
  work: LongWork = {},
): Promise<OverviewResult> {
  const counts: OverviewCounts[] = [];
  for (const path of paths) {
    counts.push(await countFile(resolve(path), work));
  }
  return {
    files: counts.map((each, index) => each.overview(resolve(paths[index]))),
    overlaps: counts.flatMap((first, i) =>
      counts.slice(i + 1).map((second, j) => ({
        files: [i, i + 1 + j] as const,
        ...first.overlapWith(second),
      })),
    ),
  };
}

async function countFile(path: string, work: LongWork): Promise<OverviewCounts> {
  const sideFile = await readSideFile(path);
  const reports = new LazyReportTable(path, sideFile, work);
  const labels: LabelTable | undefined =
    sideFile?.labels === undefined
      ? undefined
      : await readLabels(besideSideFile(path, sideFile.labels), work);
  const counts = new OverviewCounts(labels);
  const reading = {
    onBytes: (done: number, total: number): void => {
      work.onProgress?.({ stage: 'Reading questions', done, total });
    },
    ...(work.signal && { signal: work.signal }),
  };
  for await (const batch of readLineBatches(path, reading)) {
    const lines = batch.map(parseLine).filter(({ json }) => !json.isBlank);
    await reports.loadFor(lines);
    for (const { json, line } of lines) {
      const record = soundRecord(json);
      if (record === undefined) {
        counts.addUnusable(line + 1);
      } else {
        counts.add(record, line + 1, reports.loaded);
      }
    }
  }
  return counts;
}
