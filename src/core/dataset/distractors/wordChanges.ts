import { takenBack } from '../keywordTerms/denial';
import type { Random } from '../../random';
import { goesOn } from './aboutSentences';
import type { AboutSentence } from './aboutSentences';
import { inCaseOf } from './edit';
import type { Edit, EditName, FindEdits, Replacement } from './edit';

/** Another side of what is not there, or another bound, is as true as before. */
const denialOrBound =
  /\b(not?|without|nor|neither|never|none|absen\w+|than|below|above|under|over|up to|exceed\w*|within|limit)\b|[<>≤≥]/i;

function isPlain({ text }: AboutSentence): boolean {
  return !denialOrBound.test(text) && !takenBack.test(text);
}

/** Sentences that speak of a finding of this one, itself among them. */
function about(report: readonly AboutSentence[], sentence: AboutSentence): AboutSentence[] {
  return report.filter(
    (other) =>
      other === sentence || other.mentioned.some((each) => sentence.mentioned.includes(each)),
  );
}

/** One edit of all occurrences of words in some sentences. */
function editOf(
  name: EditName,
  report: readonly AboutSentence[],
  group: readonly AboutSentence[],
  words: RegExp,
  change: (word: string) => string,
): Edit {
  const replacements = group.flatMap(({ start, text }): Replacement[] =>
    [...text.matchAll(new RegExp(words, 'gi'))].map(({ 0: word, index }) => ({
      start: start + index,
      end: start + index + word.length,
      replacement: change(word),
    })),
  );
  return { name, sentences: group.map((each) => report.indexOf(each)), replacements };
}

/** What lies on one side only, or is named by its side without lying there. */
const oneSided =
  /\b(lingula\w*|middle lobe|minor fissure|horizontal fissure|azyg\w+|apicoposterior|anteromedial|anteromediobasal|mediobasal|atri\w+|ventric\w+|coronary|descending|subclavian|brachiocephalic|carotid|jugular|aort\w+|arch|arcus|heart|cardiac|liver|hepatic|spleen|splenic|stomach|gallbladder|pancrea\w+|paratracheal|vein|port|catheter|pacemaker)\b/i;
const side = /\b(left|right)\b/gi;
const place =
  /\b(upper|middle|lower|superior|inferior|anterior|posterior|\w*basal|apical|apex) (lobe|segment|zone)\b/gi;

/** "The left kidney is not seen", "sutures at the left nephrectomy site". */
const pairedOrgans: readonly RegExp[] = [
  /kidney|renal|nephr|ureter/i,
  /breast|mast(ectom|ias|it)/i,
  /thyroid/i,
  /adrenal/i,
  /diaphragm/i,
  /\bribs?\b|costal/i,
  /pleura|hemithora|effusion/i,
  /scolio/i,
];

/** The other side, in every sentence that may speak of the same lesion. */
export const swapSides: FindEdits = (report) =>
  report.flatMap((sentence): Edit[] => {
    const [old] = sidesOf(sentence.text);
    const isOffered =
      sidesOf(sentence.text).size === 1 && sentence.asserted.length > 0 && isPlain(sentence);
    if (!isOffered) {
      return [];
    }
    const group = report.filter(
      (other) => sidesOf(other.text).size > 0 && (other.isTied || mayBeSame(other, sentence)),
    );
    const isSound = group.every(
      ({ text }) => sidesOf(text).size === 1 && sidesOf(text).has(old) && !oneSided.test(text),
    );
    const isFirst = group[0] === sentence;
    return isSound && isFirst
      ? [editOf('side swapped', report, group, /\b(left|right)\b/, otherSide)]
      : [];
  });

function mayBeSame(some: AboutSentence, other: AboutSentence): boolean {
  const places = wordsOf(place, some.text);
  return (
    about([some, other], other).includes(some) ||
    [...wordsOf(place, other.text)].some((each) => places.has(each)) ||
    pairedOrgans.some((organ) => organ.test(some.text) && organ.test(other.text))
  );
}

function otherSide(word: string): string {
  return inCaseOf(word, word.toLowerCase() === 'left' ? 'right' : 'left');
}

function sidesOf(text: string): Set<string> {
  return wordsOf(side, text);
}

function wordsOf(pattern: RegExp, text: string): Set<string> {
  return new Set([...text.matchAll(pattern)].map(([word]) => word.toLowerCase()));
}

/**
 * Degrees, their opposites, and the share of them that is changed: about as often as reports use the
 * opposite, because a reader who knows that "severe" is rare would take it for the change.
 */
const degrees: Readonly<Record<string, { readonly opposite: string; readonly share: number }>> = {
  mild: { opposite: 'severe', share: 0.1 },
  severe: { opposite: 'mild', share: 1 },
  slight: { opposite: 'marked', share: 0.1 },
  marked: { opposite: 'slight', share: 1 },
  minimal: { opposite: 'extensive', share: 0.1 },
  extensive: { opposite: 'minimal', share: 1 },
  small: { opposite: 'large', share: 0.3 },
  large: { opposite: 'small', share: 1 },
};
/** "Small airway disease", "small cell carcinoma", "a large number" are no degrees. */
const degree = new RegExp(
  `\\b(${Object.keys(degrees).join('|')})\\b(?![- ]?(?:airways?|vessels?|bowel|cell|intestin\\w*|number|part|air|and|or|to)\\b)`,
  'gi',
);
/** Says how large or how much in another way. */
const measured = /\d|\bmillimet\w+|\b(moderate|massive|diffuse|widespread|prominent|focal)\b/i;

export const changeDegrees: FindEdits = (report, random) =>
  report.flatMap((sentence): Edit[] => {
    const [word] = wordsOf(degree, sentence.text);
    const same = about(report, sentence);
    const isOffered =
      wordsOf(degree, sentence.text).size === 1 &&
      isPlain(sentence) &&
      !sentence.isTied &&
      same.every(({ text }) => wordsOf(degree, text).size <= 1 && !measured.test(text));
    if (!isOffered || !random.chance(degrees[word].share)) {
      return [];
    }
    const group = same.filter(({ text }) => wordsOf(degree, text).size > 0);
    const isSound =
      group[0] === sentence && group.every(({ text }) => wordsOf(degree, text).has(word));
    return isSound
      ? [
          editOf('degree changed', report, group, degree, (each) =>
            inCaseOf(each, degrees[word].opposite),
          ),
        ]
      : [];
  });

/** A length by itself: of `12 x 8 mm` one number alone would change the form. With its article. */
const size =
  /(\ban? )?(?<![\d.,x×*/-]\s?|\b(?:and|to|or) )(\d+(?:\.\d+)?)(\s?(?:mm|cm)\b)(?!\s?[x×*])/gi;
/** A size that is judged, or compared with an earlier one, cannot be another. */
const judged =
  /\b(normal|natural|wider|dilat\w+|ectas\w+|ectatic|enlarg\w+|increas\w+|decreas\w+|aneurysm\w*|patholog\w+|millimet\w+|subcentimet\w+|small|large|minimal|thin|giant|calibration|trunk)\b/i;

/** How much larger or smaller a length may be said, in mm: small ones by half, large ones by a third. */
const sizeSteps: readonly { readonly below: number; readonly factor: number }[] = [
  { below: 10, factor: 2 },
  { below: 30, factor: 1.6 },
  { below: 150, factor: 1.33 },
];

export const changeSizes: FindEdits = (report, random) =>
  report.flatMap((sentence, index): Edit[] => {
    const matches = [...sentence.text.matchAll(size)];
    const same = about(report, sentence);
    const isOffered =
      matches.length === 1 &&
      isPlain(sentence) &&
      !sentence.isTied &&
      !goesOn.test(report.at(index + 1)?.text ?? '') &&
      same.every((other) => !judged.test(other.text)) &&
      same.every((other) => other === sentence || !/\d\s?(mm|cm)\b/i.test(other.text));
    const replacement = isOffered ? otherSize(matches[0], random) : undefined;
    return replacement === undefined
      ? []
      : [editOf('size changed', report, [sentence], size, () => replacement)];
  });

function otherSize(match: RegExpExecArray, random: Random): string | undefined {
  const [, article = '', number, unit] = match as unknown as (string | undefined)[] & string[];
  const millimetres = Number(number) * (/cm/i.test(unit) ? 10 : 1);
  const factor = sizeSteps.find(({ below }) => millimetres < below)?.factor;
  if (factor === undefined) {
    return undefined;
  }
  const decimals = number.split('.').at(1)?.length ?? 0;
  const changed = (Number(number) * (random.chance(0.5) ? factor : 1 / factor)).toFixed(decimals);
  return changed === number || Number(changed) === 0
    ? undefined
    : (article && articleFor(article, changed)) + changed + unit;
}

/** "An 8 mm", "a 16 mm". */
function articleFor(article: string, number: string): string {
  return inCaseOf(article.trim(), /^(8|11\b|18\b)/.test(number) ? 'an ' : 'a ');
}
