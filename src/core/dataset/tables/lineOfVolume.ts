import { escapePattern } from '../../text/escapePattern';
import { readLineBatches } from '../lines';
import { volumeStem } from '../volumeName';

/**
 * The line (0-based) of a CSV, TSV or JSON Lines table on which the row of a volume begins;
 * undefined where there is none, and for tables that have no lines.
 *
 * @throws UserError `file-unreadable`; CancelledError.
 */
export async function lineOfVolume(
  path: string,
  volume: string,
  signal?: AbortSignal,
): Promise<number | undefined> {
  if (/\.(parquet|pq)$/i.test(path)) {
    return undefined;
  }
  const name = volume
    .split(/[/\\]/)
    .map((step, index, { length }) => escapePattern(index === length - 1 ? volumeStem(step) : step))
    .join('[/\\\\]');
  const cell = new RegExp(`(^|[,;\\t"/\\\\])${name}(\\.nii(\\.gz)?)?($|[,;\\t"])`);
  for await (const lines of readLineBatches(path, { ...(signal && { signal }) })) {
    const found = lines.find(({ text }) => cell.test(text));
    if (found !== undefined) {
      return found.line;
    }
  }
  return undefined;
}
