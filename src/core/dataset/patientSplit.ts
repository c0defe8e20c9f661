import { UserError } from '../errors';
import type { Random } from '../random';

/** Names of the parts and what share of the patients each gets: `{ train: 0.8, valid: 0.2 }`. */
export type SplitShares = Readonly<Record<string, number>>;

/**
 * Gives every patient to one part, so that no patient is in two. Shares are of patients, not of
 * volumes; where they add up to less than 1, the rest of the patients is in no part.
 *
 * @throws UserError `split-invalid`.
 */
export function splitPatients(
  patients: readonly string[],
  shares: SplitShares,
  random: Random,
): ReadonlyMap<string, string> {
  checkShares(shares);
  const shuffled = random.shuffled([...new Set(patients)].sort());
  const partOf = new Map<string, string>();
  let share = 0;
  let from = 0;
  for (const [part, size] of Object.entries(shares)) {
    share += size;
    const to = Math.min(shuffled.length, Math.round(share * shuffled.length));
    for (const patient of shuffled.slice(from, to)) {
      partOf.set(patient, part);
    }
    from = to;
  }
  return partOf;
}

function checkShares(shares: SplitShares): void {
  const entries = Object.entries(shares);
  const sum = entries.reduce((total, [, share]) => total + share, 0);
  const badName = entries.find(([name]) => !/^[A-Za-z0-9][\w-]*$/.test(name));
  const folded = entries.map(([name]) => name.toLowerCase());
  const twin = entries.find((_, index) => folded.indexOf(folded[index]) < index);
  const badShare = entries.find(([, share]) => !(share > 0 && share <= 1));
  const problem =
    entries.length === 0
      ? 'it has no part'
      : badName
        ? `"${badName[0]}" cannot be part of a file name`
        : twin
          ? `"${twin[0]}" names the same file as another part where case does not count`
          : badShare
            ? `the share of ${badShare[0]} is not between 0 and 1`
            : sum > 1 + 1e-9
              ? `the shares add up to ${Number(sum.toFixed(6))}`
              : undefined;
  if (problem !== undefined) {
    throw new UserError(
      'split-invalid',
      `The split cannot be used: ${problem}.`,
      'Give names and shares that add up to at most 1, such as train=0.8,valid=0.2.',
    );
  }
}
