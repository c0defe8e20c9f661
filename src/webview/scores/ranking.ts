import type { ScoreEntry, ScoreGroup } from '../../protocol/scores';

/** Place of the true text, from 1 on; undefined where it is not known or not in the list. */
export function truePlace(group: ScoreGroup): number | undefined {
  const index = group.entries.findIndex((entry) => entry.truth === true);
  return index < 0 ? undefined : index + 1;
}

/** Whether an entry holds every word of `query`, in its text or label, in any case. */
export function matches(entry: ScoreEntry, query: string): boolean {
  const content = `${entry.label} ${entry.text}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => content.includes(word));
}

/** A ranking as tab-separated text with a head line: pastes into a table as rows. */
export function rankingText(group: ScoreGroup): string {
  const rows = group.entries.map((entry, i) => [
    i + 1,
    entry.probability,
    entry.logit,
    entry.truth === undefined ? '' : Number(entry.truth),
    entry.label,
    entry.text.replaceAll(/\s+/g, ' '),
  ]);
  return [['rank', 'probability', 'logit', 'true', 'label', 'text'], ...rows]
    .map((row) => row.join('\t'))
    .join('\n');
}
