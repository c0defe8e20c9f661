import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { tableExtensions } from './tables';

/** Files that seem to belong to a reports table; what is not found is absent. */
export interface SuggestedSources {
  readonly metadata?: string;
  readonly labels?: string;
  readonly images?: string;
  readonly exclude?: readonly string[];
}

/**
 * Looks for what stands with a reports table: CT-RATE's own names first
 * (`train_reports.csv` with `train_metadata.csv`, `train_predicted_labels.csv`,
 * `no_chest_train.txt` and the volumes in `train`), else tables of the same kind in the same folder.
 */
export async function suggestSources(reports: string): Promise<SuggestedSources> {
  const folder = dirname(reports);
  const names = await namesIn(folder);
  const splits = splitsOf(basename(reports));
  const tables = names.filter((name) => isTable(name) && name !== basename(reports));
  const metadata = bestMatch(tables, /metadata/i, splits);
  const labels = bestMatch(tables, /label/i, splits);
  const lists = names.filter((name) => /^no_chest.*\.txt$/i.test(name) && ofSplit(name, splits));
  const images = await firstFolder([
    ...splits.flatMap((split) => [join(folder, 'dataset', split), join(folder, split)]),
    ...['images', 'volumes', 'dataset', 'data'].map((name) => join(folder, name)),
    // CT-RATE keeps its tables in `dataset/radiology_text_reports`, beside the volumes.
    ...splits.map((split) => join(dirname(folder), split)),
    join(dirname(folder), 'images'),
  ]);
  return {
    ...(metadata !== undefined && { metadata: join(folder, metadata) }),
    ...(labels !== undefined && { labels: join(folder, labels) }),
    ...(images !== undefined && { images }),
    ...(lists.length > 0 && { exclude: lists.map((name) => join(folder, name)) }),
  };
}

/** What CT-RATE calls the split of a table: its held-out one has two names. */
const splitNames: readonly (readonly string[])[] = [['train'], ['valid', 'validation']];

/** The names of the split that a table is of; empty where its own name tells none. */
export function splitsOf(name: string): readonly string[] {
  const words = name.toLowerCase().split(/[^a-z]+/);
  return splitNames.find((synonyms) => synonyms.some((word) => words.includes(word))) ?? [];
}

function ofSplit(name: string, splits: readonly string[]): boolean {
  const own = splitsOf(name);
  return own.length === 0 || splits.length === 0 || own === splits;
}

function bestMatch(
  names: readonly string[],
  pattern: RegExp,
  splits: readonly string[],
): string | undefined {
  const matching = names.filter((name) => pattern.test(name) && ofSplit(name, splits));
  return matching.find((name) => splitsOf(name) === splits) ?? matching.at(0);
}

function isTable(name: string): boolean {
  return tableExtensions.some((extension) => name.toLowerCase().endsWith(`.${extension}`));
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function firstFolder(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) {
      return path;
    }
  }
  return undefined;
}
