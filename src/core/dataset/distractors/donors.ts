import { aboutSentencesOf, assertedFindings, goesOn } from './aboutSentences';
import type { AboutSentence } from './aboutSentences';
import { capitalised } from './edit';
import { bullet } from './sentences';

/** What another report says of one finding and no other, or that all is normal. */
export interface DonorSentence {
  /** CT-RATE's label, or a keyword where there is none; undefined where all is normal. */
  readonly label: string | undefined;
  readonly text: string;
  /** What its impression says of it, where findings and impression name it. */
  readonly summary?: string;
}

const longestDonor = 200;
/** "When examined in the lung window;", "As far as can be seen:" */
const preamble = /^\s*[^.;:]{1,120}[;:]\s+(?=\S)/;
/** A denial of something else, or a remark in brackets, fits its own report only. */
const unfit =
  /\b(not?|without|nor|none|except|due to|secondary|operated|known|history)\b|[?:;"“”]/i;

/** Findings of a report, each in sentences of its own, to be put into others. */
export function donorSentencesOf(text: string): DonorSentence[] {
  const report = aboutSentencesOf(text);
  const allClear = report
    .filter(({ isAllClear }) => isAllClear)
    .map((sentence) => ({ label: undefined, text: wordsOf(sentence) }));
  const findings = detachableFindings(report).flatMap((sentences): DonorSentence[] => {
    const [words, ...more] = sentences.map((index) => wordsOf(report[index]));
    const label = assertedFindings(words).at(0);
    return label === undefined ? [] : [{ label, text: words, summary: more.at(-1) }];
  });
  return [...findings, ...allClear];
}

/** So many sentences at most speak of a finding that comes or goes. */
const mostSentences = 4;

/**
 * Findings that stand in sentences of their own, which would make sense in any report and whose
 * report would make sense without them. What is taken away is what may be added, so that neither
 * changed nor true reports have words that the others never have.
 *
 * @returns of each finding the places of all sentences that speak of it.
 */
export function detachableFindings(report: readonly AboutSentence[]): number[][] {
  const families = new Set(report.flatMap(({ asserted }) => asserted));
  return [...families].flatMap((family) => {
    const sentences = report.flatMap(({ mentioned }, index) =>
      mentioned.includes(family) ? [index] : [],
    );
    const isDetachable = sentences.every(
      (index) => standsAlone(report[index]) && !goesOn.test(report.at(index + 1)?.text ?? ''),
    );
    return isDetachable && sentences.length <= mostSentences ? [sentences] : [];
  });
}

function standsAlone(sentence: AboutSentence): boolean {
  const words = wordsOf(sentence);
  return (
    words.length <= longestDonor &&
    sentence.mentioned.length === 1 &&
    sentence.asserted.length === 1 &&
    !sentence.isTied &&
    !unfit.test(words)
  );
}

/** A sentence without what leads to it. */
function wordsOf({ text }: AboutSentence): string {
  return capitalised(text.slice(leadOf(text)).trim());
}

/** Characters of a sentence before what it says: the space, a bullet, "when examined in the lung window;". */
export function leadOf(text: string): number {
  const mark = bullet.exec(text)?.[0].length ?? 0;
  const words = preamble.exec(text.slice(mark))?.[0].length ?? 0;
  return mark + words;
}

/** Characters of the words that lead to more than this sentence. */
export function preambleOf(text: string): number {
  return preamble.exec(text)?.[0].trimEnd().length ?? 0;
}
