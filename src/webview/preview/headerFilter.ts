import type { HeaderField } from '../../core/volume/headerDescription';

/** Whether every word of `query` stands in the name of a field or in what its value means, in any case. */
export function fieldMatches(
  { name, meaning = '' }: Pick<HeaderField, 'name' | 'meaning'>,
  query: string,
): boolean {
  const text = `${name} ${meaning}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
