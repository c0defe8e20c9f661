import type { Random } from '../../random';
import { goesOn } from './aboutSentences';
import type { AboutSentence } from './aboutSentences';
import { detachableFindings, preambleOf } from './donors';
import type { DonorSentence } from './donors';
import type { Edit, FindEdits, Replacement } from './edit';
import { familyOf, isDeniedBy, regionOf } from './findingFamilies';
import { allClearDropped, restIsClear } from './negations';
import { bullet } from './sentences';

/** A finding goes, with every sentence that speaks of it. */
export const removeFindings: FindEdits = (report) =>
  detachableFindings(report).map((sentences) => ({
    name: 'finding removed',
    sentences,
    replacements: sentences.map((index) => removal(report, index)),
  }));

/** "When examined in the lung window;" stays for the sentence that comes next. */
function removal(report: readonly AboutSentence[], index: number): Replacement {
  const { start, text } = report[index];
  const isLast = index === report.length - 1;
  return {
    start: start + (isLast ? 0 : preambleOf(text)),
    end: start + text.length,
    replacement: '',
  };
}

/** So many sentences of others are offered. */
const mostAdded = 4;

/** A sentence of another report comes in, about a finding that this one neither names nor excludes. */
export const addFindings: FindEdits = (report, random, donors) => {
  const own = new Set(report.flatMap(({ mentioned }) => mentioned));
  const isOpen = report.length > 0 && !report.some(({ text }) => restIsClear.test(text));
  const settled = new Set(own);
  const additions: Edit[] = [];
  for (const { label, ...donor } of isOpen ? random.shuffled(donors) : []) {
    const isNew = label !== undefined && !settled.has(familyOf(label));
    if (isNew && additions.length < mostAdded) {
      settled.add(familyOf(label));
      if (!report.some(({ text }) => isDeniedBy(label, text))) {
        additions.push(addition(report, { label, ...donor }, random));
      }
    }
  }
  return additions;
};

/** In the findings beside what is said of the same region; what the impression says of it at the end. */
function addition(
  report: readonly AboutSentence[],
  { label, text, summary }: DonorSentence & { readonly label: string },
  random: Random,
): Edit {
  const region = regionOf(label);
  const beside = report.filter(
    (sentence, index) =>
      region.test(sentence.text) &&
      sentence.text.endsWith('.') &&
      !goesOn.test(report.at(index + 1)?.text ?? ''),
  );
  const last = report[report.length - 1];
  return {
    name: 'finding added',
    family: familyOf(label),
    sentences: [],
    replacements: [
      insertion(beside.length > 0 ? random.pick(beside) : last, text),
      ...(summary === undefined ? [] : [insertion(last, summary)]),
      ...allClearDropped(report),
    ],
  };
}

/** A sentence behind another, in its form: with a bullet, with a point. */
function insertion(before: AboutSentence, sentence: string): Replacement {
  const end = before.start + before.text.length;
  const words = sentence.replace(/\.+$/, '');
  const point = before.text.endsWith('.') ? '.' : '';
  const mark = bullet.exec(before.text)?.[0].trim() ?? '';
  const space = point === '' && mark === '' ? '  ' : ' ';
  const lead = mark.startsWith('•') ? ` ${mark} ` : space;
  return { start: end, end, replacement: lead + words + point };
}

/**
 * Edits that add or assert a finding, those of frequent findings rather first: a reader who knows how
 * rare a finding is would take a rare one for the change. Findings that no report has come only where
 * nothing is known of other reports.
 */
export function byPrevalence(
  edits: readonly Edit[],
  random: Random,
  donors: readonly DonorSentence[],
): Edit[] {
  const ofFamily = new Map(edits.map((edit) => [edit.family, edit]));
  const drawn = new Set(
    random.shuffled(donors).flatMap(({ label }): Edit[] => {
      const edit = label === undefined ? undefined : ofFamily.get(familyOf(label));
      return edit === undefined ? [] : [edit];
    }),
  );
  return donors.length > 0 ? [...drawn] : random.shuffled(edits);
}
