import { takenBack } from '../keywordTerms/denial';
import type { AboutSentence } from './aboutSentences';
import { capitalised } from './edit';
import type { Edit, FindEdits, Replacement } from './edit';
import { isDeniedBy } from './findingFamilies';

/** Not what an earlier scan showed. */
const stated =
  /\b(?:is|are|was|were)(?: not)? (?:observed|detected|seen|identified|noted|present|found|visible|evident)\b(?! (?:in|on|at) (?:the )?(?:patient's )?(?:previous|prior|old|earlier|former|last)\b)/gi;
const otherNegation = /\b(no|without|nor|neither|never|none|absen\w+|rather)\b|n['’]t\b/i;

/** "No effusion was observed." becomes "Effusion was observed." */
export const assertDenied: FindEdits = (report) => flips(report, 'denied');

/** "Effusion was observed." becomes "Effusion was not observed." */
export const denyAsserted: FindEdits = (report) => flips(report, 'asserted');

function flips(report: readonly AboutSentence[], which: 'denied' | 'asserted'): Edit[] {
  return report.flatMap((sentence, index): Edit[] => {
    const isDenied = sentence.asserted.length === 0;
    const found =
      isDenied === (which === 'denied') && isFlippable(report, sentence) && flipped(sentence.text);
    if (!found) {
      return [];
    }
    const start = sentence.start + found.start;
    const end = sentence.start + found.end;
    return [
      {
        name: 'negation flipped',
        family: sentence.mentioned[0],
        sentences: [index],
        replacements: [
          { start, end, replacement: found.replacement },
          ...(isDenied ? allClearDropped(report) : []),
        ],
      },
    ];
  });
}

/** What says that all is normal goes where a finding comes. */
export function allClearDropped(report: readonly AboutSentence[]): Replacement[] {
  return report
    .filter(({ isAllClear }) => isAllClear)
    .map(({ start, text }) => ({ start, end: start + text.length, replacement: '' }));
}

/** One finding, of which no other sentence speaks: it would still say the opposite. */
function isFlippable(report: readonly AboutSentence[], sentence: AboutSentence): boolean {
  const [family] = sentence.mentioned;
  const isOnly = report.every((other) => other === sentence || !other.mentioned.includes(family));
  const isDenial = sentence.asserted.length === 0;
  return (
    sentence.mentioned.length === 1 &&
    isOnly &&
    !sentence.isTied &&
    !(isDenial && report.some(({ text }) => restIsClear.test(text))) &&
    (isDenial
      ? !report.some(({ text }) => isDeniedBy(family, text))
      : !particulars.test(sentence.text))
  );
}

/** "Normal except for a hernia": no more findings may come. */
export const restIsClear =
  /\b(normal|natural|unremarkable|limits)\b[^.]{0,20}\b(except|apart from|other than|but)\b|\botherwise (normal|unremarkable)\b/i;

/** Nobody says exactly where and how large something is not. */
const particulars =
  /\d|\b(millimet\w+|segments?|approximately|measur\w+|prominent\w*|amount|cannula|tubes?|adjacent|located|lobes?|consistent|secondary|shaped|implant|pacemaker|stents?|catheter|suture\w*|sternotomy|thym\w+|operat\w+|mild|minimal|slight|multiple|several|few|many)\b|\(/i;

function flipped(sentence: string): Replacement | undefined {
  const leading = /^(\s*(?:•\s*)?)No (?=(.))/.exec(sentence);
  const rest = leading === null ? sentence : sentence.slice(leading[0].length);
  if (otherNegation.test(rest) || takenBack.test(rest)) {
    return undefined;
  }
  if (leading !== null) {
    const isPlain = !/\b(or|and|not)\b/i.test(rest);
    const start = leading[1].length;
    const end = leading[0].length + 1;
    return isPlain ? { start, end, replacement: capitalised(leading[2]) } : undefined;
  }
  const statements = [...sentence.matchAll(stated)];
  return statements.length === 1 ? flippedStatement(statements[0]) : undefined;
}

function flippedStatement({ 0: statement, index }: RegExpExecArray): Replacement {
  const denial = / not\b/i.exec(statement)?.[0];
  const afterVerb = index + statement.indexOf(' ');
  return denial === undefined
    ? { start: afterVerb, end: afterVerb, replacement: ' not' }
    : { start: afterVerb, end: afterVerb + denial.length, replacement: '' };
}
