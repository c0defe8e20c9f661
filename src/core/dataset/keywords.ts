import { keywordTerms, noFindingKeyword } from './keywordTerms';
import type { KeywordTerm } from './keywordTerms';
import { isCut, isDenied, withoutIdioms } from './keywordTerms/denial';
import { placesIn } from './keywordTerms/place';
import type { Span } from './keywordTerms/place';

/** Words of a clause that name a finding. */
interface Mention extends Span {
  readonly clause: string;
  readonly isAsserted: boolean;
}

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
  const clauses = clausesOf(reportText);
  const found = keywordTerms.map((term) => ({ term, mentions: mentionsOf(term, clauses) }));
  const placeOf = placesOf(found.flatMap(({ mentions }) => mentions));
  const keywords = found.flatMap(({ term, mentions }) => {
    const asserted = mentions.filter(({ isAsserted }) => isAsserted);
    const decided = labels !== undefined && term.label !== undefined;
    const present = decided ? labels.includes(term.label) : asserted.length > 0;
    const isDoubtful = !decided && asserted.every(({ clause }) => uncertain.test(clause));
    const keyword = (isDoubtful ? 'possible ' : '') + term.keyword;
    return present ? [keyword + (term.located ? placeOf(asserted) : '')] : [];
  });
  return keywords.length > 0 ? keywords : [noFindingKeyword];
}

/** CT-RATE's labels that the text of a report asserts. */
export function labelsOf(reportText: string): string[] {
  const clauses = clausesOf(reportText);
  return keywordTerms.flatMap((term) =>
    term.label !== undefined && mentionsOf(term, clauses).some(({ isAsserted }) => isAsserted)
      ? [term.label]
      : [],
  );
}

/** No clause is longer, so that the time to look through a report grows with its length. */
const longestClause = 1000;

/** Sentences, cut again where a contrast ends the reach of a negation. Points inside numbers stay. */
function clausesOf(text: string): string[] {
  const clauses = text
    .toLowerCase()
    .replace(/n['’]t\b/g, ' not')
    .split(
      /\.(?=\D|$)|[;:•"\n]+|,? (?:but|however|although|except|apart from|other than|while|whereas) /,
    )
    .flatMap((clause) => clause.match(new RegExp(`.{1,${longestClause}}`, 'gsu')) ?? [])
    .map((clause) => withoutIdioms(clause.trim()))
    .filter((clause) => clause !== '');
  return [...new Set(clauses)]; // A clause said twice says no more.
}

/** Says that a finding may be there. */
const uncertain =
  /\b(possib\w+|probabl\w+|suspicio\w+|suspected|likely|(may|might|could) (be|represent|reflect|suggest|indicate|belong)|(cannot|can not|could not|should|must) be (excluded|ruled out)|(cannot|can not|could not|not|to) (exclude|rule out)|not (excluded|ruled out)|suggest\w*|differential|questionable|doubtful)\b|\?/;

/** Where clauses speak of a finding, also to deny it. */
function mentionsOf(term: KeywordTerm, clauses: readonly string[]): Mention[] {
  return clauses.flatMap((clause) =>
    term.pattern.test(clause) && !term.unless?.test(clause) ? mentionsIn(clause, term) : [],
  );
}

function mentionsIn(clause: string, { pattern, isAbsence }: KeywordTerm): Mention[] {
  const mentions: Mention[] = [];
  const search = new RegExp(pattern, 'g');
  for (let match = search.exec(clause); match !== null; match = search.exec(clause)) {
    const [start, end] = [match.index, search.lastIndex];
    const isWhole = isAbsence === true || !isCut(match[0]);
    const isAsserted = isWhole && !isDenied(clause, start, end);
    mentions.push({ clause, start, end, isAsserted });
    // "The aorta is not dilated, the aortic arch is calcified": the next may begin inside.
    search.lastIndex = isWhole ? end : start + 1;
  }
  return mentions;
}

const bothSides = /\b(bilateral(ly)?|both (lungs?|sides?|hemithora\w+|upper|lower|apic\w+))\b/;
const lobes = ['upper', 'middle', 'lower'] as const;

/** ` (right upper lobe)`, ` (bilateral)`, or nothing: where mentions, some of all, place a finding. */
function placesOf(all: readonly Mention[]): (mentions: readonly Mention[]) => string {
  const byClause = new Map<string, Mention[]>();
  for (const mention of all) {
    byClause.set(mention.clause, [...(byClause.get(mention.clause) ?? []), mention]);
  }
  const places = new Map([...byClause].map(([clause, each]) => [clause, placesIn(clause, each)]));
  return (mentions) =>
    placeIn(mentions.map((each) => places.get(each.clause)?.(each) ?? each.clause).join(' . '));
}

function placeIn(text: string): string {
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
