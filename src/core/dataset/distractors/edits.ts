import type { Random } from '../../random';
import { aboutSentencesOf } from './aboutSentences';
import type { DonorSentence } from './donors';
import type { Edit, FindEdits } from './edit';
import { assertDenied, denyAsserted } from './negations';
import { addFindings, byPrevalence, removeFindings } from './wholeFindings';
import { changeDegrees, changeSizes, swapSides } from './wordChanges';

export { donorSentencesOf } from './donors';
export type { DonorSentence } from './donors';
export { edited } from './edit';
export type { Edit, EditName } from './edit';

/** Kinds of edits by what they do to the number of findings. */
interface EditGroup {
  /** Findings that a report has more afterwards. */
  readonly gain: -1 | 0 | 1;
  readonly rules: readonly FindEdits[];
  /** The order of its edits; random, kinds in turn, where absent. */
  readonly order?: (
    edits: readonly Edit[],
    random: Random,
    donors: readonly DonorSentence[],
  ) => Edit[];
  /** How often its turn comes while the others have edits left, too. */
  readonly weight: number;
}

/**
 * Every way of changing a report by rules. If changed reports said more than true ones, or less, they
 * could be told by that. Reports without findings can only gain some, so the others lose more. The
 * weights were measured on 547 reports of CT-RATE.
 */
const groups: readonly EditGroup[] = [
  { gain: 0, rules: [swapSides, changeSizes, changeDegrees], weight: 8 },
  { gain: -1, rules: [removeFindings, denyAsserted], weight: 6 },
  { gain: 1, rules: [addFindings, assertDenied], order: byPrevalence, weight: 2 },
];

/** How much rather a finding goes that is the only one, or after another has come. */
const makeUp = 4;
/** Share of the reports with findings to which more than one may come in turn. */
const secondGain = 0.4;

/**
 * Changes that can be made to a report, each by itself or together with the others: no two touch the
 * same sentence. In random order, kinds by their weights.
 */
export function editsOf(text: string, random: Random, donors: readonly DonorSentence[]): Edit[] {
  const report = aboutSentencesOf(text);
  const open = groups.map(({ rules, order, weight, gain }) => {
    const found = rules.map((find) => random.shuffled(find(report, random, donors)));
    const edits =
      order === undefined ? inTurns(random.shuffled(found)) : order(found.flat(), random, donors);
    return { weight, gain, edits };
  });
  // Reports without findings have nothing to lose for what they gain; others gain twice more rarely.
  const findings = new Set(report.flatMap(({ asserted }) => asserted)).size;
  const isBare = findings === 0;
  const mayGain = isBare || random.chance(secondGain);
  const touched = new Set<number>();
  const chosen: Edit[] = [];
  let gained = 0;
  for (;;) {
    const left = open
      .filter(({ edits, gain }) => edits.length > 0 && (gain < 1 || gained < 1 || mayGain))
      .map((group) => ({
        ...group,
        weight: group.weight * (group.gain < 0 && (gained > 0 || findings === 1) ? makeUp : 1),
      }));
    if (left.length === 0) {
      return chosen;
    }
    const { edits, gain } = weightedPick(left, random);
    const edit = edits.shift();
    if (edit?.sentences.every((sentence) => !touched.has(sentence)) === true) {
      chosen.push(edit);
      gained += gain;
      edit.sentences.forEach((sentence) => touched.add(sentence));
    }
  }
}

/** The first of each list, then the second of each. */
function inTurns(lists: readonly (readonly Edit[])[]): Edit[] {
  const rounds = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) =>
    lists.flatMap((edits) => edits.slice(round, round + 1)),
  ).flat();
}

function weightedPick<Weighted extends { readonly weight: number }>(
  list: readonly Weighted[],
  random: Random,
): Weighted {
  let at = random.between(
    0,
    list.reduce((sum, { weight }) => sum + weight, 0),
  );
  return list.find(({ weight }) => (at -= weight) < 0) ?? list[list.length - 1];
}
