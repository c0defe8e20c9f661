import type { Random } from '../../random';
import { normaliseReport } from '../../text/normalise';
import { edited, editsOf } from './edits';
import type { DonorSentence, EditName } from './edits';

/** A report that was changed so that it no longer fits its scan. */
export interface Counterfactual {
  readonly text: string;
  readonly edits: readonly EditName[];
}

/**
 * Changed versions of a report to stand beside it; undefined where too little of it can be changed.
 *
 * If each version had one change, the true report would be the one that all others resemble most,
 * and a reader of the texts alone could find it. So the versions are corners of a cube whose edges
 * are the changes: every option, the true one too, has options that differ from it in one change, in
 * two, and so on, and the corners are drawn so that the true one may be any of them.
 */
export function counterfactualsOf(
  report: string,
  count: number,
  random: Random,
  donors: readonly DonorSentence[],
): Counterfactual[] | undefined {
  const dimensions = 32 - Math.clz32(count);
  const edits = editsOf(report, random, donors).slice(0, dimensions);
  if (edits.length < dimensions) {
    return undefined;
  }
  const corners = Array.from({ length: 2 ** dimensions - 1 }, (_, index) => index + 1);
  const versions = random
    .shuffled(corners)
    .slice(0, count)
    .map((corner) => edits.filter((_, bit) => (corner >> bit) & 1))
    .map((made) => ({ text: edited(report, made), edits: made.map(({ name }) => name) }));
  const texts = new Set([report, ...versions.map(({ text }) => text)].map(normaliseReport));
  return texts.size === count + 1 && !texts.has('') ? versions : undefined;
}
