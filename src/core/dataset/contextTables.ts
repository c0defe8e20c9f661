import { basename, dirname, sep } from 'node:path';
import { splitsOf } from './suggestSources';
import { sharedSteps } from './volumeIndex';
import { parseVolumeName } from './volumeName';

/** More tables than this are not looked through for one volume. */
const mostTables = 24;

/** Question files, predictions and what a run logs are no tables of volumes, whatever their extension. */
const otherFiles = /(\.mcqa|\.predictions)\.jsonl$|[/\\](metrics\.jsonl|\.ct-mcqa[/\\].*)$/i;

/** Files whose names say that they hold what CT-RATE's tables hold. */
const tellingName = /report|label|metadata|finding|impression/i;

/**
 * The tables of a workspace in which a volume is looked for, best first: those that answered before,
 * those whose names tell what they hold, those of the volume's own split, and the nearest.
 *
 * @param found paths of all tables
 * @param volume path of the volume
 * @param preferred paths of tables that answered before, the latest first
 */
export function contextTables(
  found: readonly string[],
  volume: string,
  preferred: readonly string[] = [],
): string[] {
  const split = parseVolumeName(volume)?.split;
  const ranked = found
    .filter((path) => !otherFiles.test(path))
    .map((path) => {
      const name = basename(path);
      const splits = splitsOf(name);
      const answered = preferred.indexOf(path);
      const isOfOtherSplit = split !== undefined && splits.length > 0 && !splits.includes(split);
      const rank = [
        Number(isOfOtherSplit),
        answered === -1 ? preferred.length : answered,
        Number(!tellingName.test(name)),
        -sharedSteps(foldersOf(path), foldersOf(volume)),
      ];
      return { path, rank };
    });
  return ranked
    .sort((a, b) => compare(a.rank, b.rank) || a.path.localeCompare(b.path))
    .slice(0, mostTables)
    .map(({ path }) => path);
}

/** Outermost first. */
function foldersOf(path: string): string[] {
  return dirname(path).split(sep);
}

function compare(some: readonly number[], others: readonly number[]): number {
  const differing = some.findIndex((value, index) => value !== others[index]);
  return differing === -1 ? 0 : some[differing] - others[differing];
}
