import { keywordTerms, noFindingKeyword } from './keywordTerms';
import type { KeywordTerm } from './keywordTerms';

/**
 * The findings a report asserts as short terms with side and lobe, in the order of the term table:
 * `['lung nodule (right upper lobe)', 'cardiomegaly']`. What the report negates ("no pleural
 * effusion", "effusion was not detected") is left out; what it nowhere says without doubt is
 * `possible …`. Never empty.
 *
 * @param labels positive CT-RATE labels of the volume; where given they decide which of the
 *   18 labelled findings are there, and the text only adds the place and the other terms.
 */
export function keywordsOf(reportText: string, labels?: readonly string[]): string[] {
  const lowered = reportText.toLowerCase();
  const clauses = clausesOf(reportText);
  const keywords = keywordTerms.flatMap((term) => {
    // Most reports are silent on most terms: one look at the whole spares one at every clause.
    const mentions = term.pattern.test(lowered)
      ? clauses.filter((each) => asserts(each, term))
      : [];
    const decided = labels !== undefined && term.label !== undefined;
    const present = decided ? labels.includes(term.label) : mentions.length > 0;
    const doubt = !decided && mentions.every((clause) => uncertain.test(clause)) ? 'possible ' : '';
    return present ? [doubt + term.keyword + (term.located ? placeOf(mentions) : '')] : [];
  });
  return keywords.length > 0 ? keywords : [noFindingKeyword];
}

/** CT-RATE's labels that the text of a report asserts. */
export function labelsOf(reportText: string): string[] {
  const clauses = clausesOf(reportText);
  return keywordTerms.flatMap((term) =>
    term.label !== undefined && clauses.some((clause) => asserts(clause, term)) ? [term.label] : [],
  );
}

/** CT-RATE's labels that a report speaks of, also to deny them. */
export function mentionedLabels(reportText: string): string[] {
  const lowered = reportText.toLowerCase();
  return keywordTerms.flatMap(({ label, pattern }) =>
    label !== undefined && pattern.test(lowered) ? [label] : [],
  );
}

/** Sentences, cut again where a contrast ends the reach of a negation. Points inside numbers stay. */
function clausesOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(
      /\.(?=\D|$)|[;:•"\n]+|,? (?:but|however|although|except|apart from|other than|while|whereas) /,
    )
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
}

const seen =
  'observed|detected|seen|noted|found|identified|distinguished|encountered|monitored|available|present|selected|visible|evident|demonstrated|visualised|visualized|followed';
const negator = /\b(no|without|absence of|free of|negative for|neither|nor|rather than)\b/g;
const assertingVerb = new RegExp(`\\b(is|are|was|were|has|have|${seen})\\b`);
/** The next statement of presence after a term, and whether it is denied. */
const statement = new RegExp(
  `\\b(not|cannot be|never|no longer)?\\s*(be |been |clearly )*(${seen})\\b`,
);
/** Says that all is well with what stands before it. */
const wellbeing =
  /^[^,]{0,40}\b(is|are|was|were)\s+(normal|natural|preserved|absent|resolved|within normal|not (increased|enlarged|thickened|remarkable))/;
/** Says that a finding may be there. */
const uncertain =
  /\b(possib\w+|probabl\w+|suspicio\w+|suspected|likely|(may|might|could) (be|represent|reflect|suggest|indicate|belong)|(cannot|can not|could not) be (excluded|ruled out)|not excluded|suggest\w*|differential|questionable|doubtful)\b|\?/;
/** Words of denial that deny no finding. */
const idioms =
  /\bno (significant |obvious |apparent )?(change|difference|increase|decrease|progression|regression)s?\b|\bnot (be )?(evaluated|reach|exceed|specific|optimal)/g;

/** True where the clause says that the finding is there. */
function asserts(clause: string, term: KeywordTerm): boolean {
  if (term.unless?.test(clause)) {
    return false;
  }
  const match = term.pattern.exec(clause);
  if (match === null) {
    return false;
  }
  const plain = clause.replace(idioms, (words) => '#'.repeat(words.length));
  const end = match.index + match[0].length;
  // "The bronchi are open and no occlusion is seen": the words of the term lie on both sides.
  const isCut = plain.slice(match.index, end).search(negator) > 0;
  return !isCut && !isNegated(plain, match.index, end);
}

function isNegated(clause: string, start: number, end: number): boolean {
  const before = clause.slice(0, start);
  const after = clause.slice(end);
  const lastNegator = [...before.matchAll(negator)].at(-1);
  if (lastNegator !== undefined && !assertingVerb.test(before.slice(lastNegator.index))) {
    return true; // "no pleural effusion", "without nodules or consolidation"
  }
  if (wellbeing.test(after)) {
    return true; // "pleural surfaces are normal"
  }
  const next = statement.exec(after);
  if (!next?.[1]) {
    return false;
  }
  // "There is effusion on the left, pneumothorax was not detected": the denial is of the next thing.
  const deniesAnother =
    /\bthere (is|are)\b|\b(observed|seen)\b/.test(before) &&
    after.slice(0, next.index).includes(',');
  return !deniesAnother;
}

const bothSides = /\b(bilateral(ly)?|both (lungs?|sides?|hemithora\w+|upper|lower|apic\w+))\b/;
const lobes = ['upper', 'middle', 'lower'] as const;

/** ` (right upper lobe)`, ` (bilateral)`, or nothing: where the mentions place the finding. */
function placeOf(mentions: readonly string[]): string {
  const text = mentions.join(' . ');
  const right = /\bright\b/.test(text);
  const left = /\bleft\b/.test(text);
  const side =
    bothSides.test(text) || (right && left) ? 'bilateral' : right ? 'right' : left ? 'left' : '';
  const named: string[] = lobes.filter((lobe) =>
    new RegExp(`\\b${lobe}\\b[^.]{0,20}\\blobes?\\b`).test(text),
  );
  if (/\blingula/.test(text)) {
    named.push('lingula');
  }
  const lobe = named.length === 1 ? (named[0] === 'lingula' ? 'lingula' : `${named[0]} lobe`) : '';
  const place = [side, lobe].filter((word) => word !== '').join(' ');
  return place === '' ? '' : ` (${place})`;
}
