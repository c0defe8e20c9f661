import type { Random } from '../../random';
import { normaliseReport } from '../../text/normalise';
import { assertedFindings } from './aboutSentences';
import type { DonorSentence } from './donors';
import { edited } from './edit';
import type { Edit, EditName } from './edit';
import { editsOf } from './edits';
import { sentencesOf } from './sentences';
import type { Sentence } from './sentences';

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
  const allClear = allClearFrom(donors, random);
  const corners = Array.from({ length: 2 ** dimensions - 1 }, (_, index) => index + 1);
  const versions = random
    .shuffled(corners)
    .slice(0, count)
    .map((corner) => edits.filter((_, bit) => (corner >> bit) & 1))
    .map((made) => ({
      text: withAllClear(edited(report, made), made, allClear),
      edits: made.map(({ name }) => name),
    }));
  const texts = new Set([report, ...versions.map(({ text }) => text)].map(normaliseReport));
  return texts.size === count + 1 && !texts.has('') ? versions : undefined;
}

/** A sentence that may stand in a report without findings: praise of an organ, or a remark on the scan. */
function isHarmless({ text }: Sentence): boolean {
  return saysWell.test(text) || (remark.test(text) && !saysIll.test(text));
}

const remark = /\b(is|are|was|were|be)\b/i;
const saysIll =
  /\b(there (is|are|was|were)|observed|detected|seen|present|[mc]m|lesions?|atroph\w+|increase\w*)\b/i;
const saysWell = /\b(no|not|without|normal|natural|open|preserved|limits|midline|unremarkable)\b/i;

/** What a report without findings says, in the words of one of them. */
function allClearFrom(donors: readonly DonorSentence[], random: Random): string {
  const fitting = donors.filter(({ label }) => label === undefined);
  return fitting.length === 0 ? '' : random.pick(fitting).text;
}

/**
 * A report whose last finding was removed says that all is normal, as those do that never had one:
 * where a finding is added to them they stop saying so.
 */
function withAllClear(text: string, made: readonly Edit[], allClear: string): string {
  const hasLost = made.some(({ name }) => name === 'finding removed');
  const isClear = sentencesOf(text).every(isHarmless);
  return hasLost && isClear && assertedFindings(text).length === 0
    ? `${text}${text.endsWith('.') ? ' ' : '  '}${allClear}`.trim()
    : text;
}
