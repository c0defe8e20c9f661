const seen =
  'observed|detected|seen|noted|found|identified|distinguished|encountered|monitored|available|present|selected|visible|evident|demonstrated|visuali[sz]ed|followed|shown|depicted|revealed|appreciated|apparent|recogni[sz]ed|confirmed';
const allIsWell = 'normal|natural|preserved|unremarkable|absent|within normal';
const growth = 'increased|enlarged|thickened|dilated|widened|calcified';
const before = '(?:previous|prior|old|older|earlier|former|last)';

/**
 * Words of denial that deny no finding, each masked before a clause is looked at:
 * "no change in the nodule", "a nodule that was not seen in the previous examination".
 */
const idioms: readonly RegExp[] = [
  // No increase in thickness or density is no finding; none in a finding leaves the finding.
  /\bno (significant |obvious |apparent )?(change|difference|(increase|decrease)(?! in [^,]{0,30}(thick|densit))|progression|regression)s?\b/g,
  /\bnot (show\w* )?(any |a )?(significant |obvious )?(change|differ|difference|regress|increase in (size|number))\w*/g,
  // "A mass that cannot be clearly distinguished from the lung around it" is there.
  /\b(not|cannot) (be )?(clearly )?(distinguish\w*|differentiated|separated)( clearly)? from/g,
  /\bnot (be )?(evaluated|reach|exceed|specific|optimal)/g,
  new RegExp(
    `,?(?: (?:which|that))?(?: (?:is|are|was|were))?(?: also)?(?: not)? (?:${seen}) (?:in|on|at) (?:the |his |her |an? )?(?:patient's )?${before} [a-z]{1,15}(?: (?:of the patient|examination|ct|scan|review))?,?`,
    'g',
  ),
  // "A non-calcified nodule" is no calcified one.
  /\b(non[- ]?|un)(calcif|enlarg|dilat|thicken|obstruct)\w*/g,
];

/** The clause in as many characters, without the words of denial that deny no finding. */
export function withoutIdioms(clause: string): string {
  return idioms.reduce(
    (masked, idiom) => masked.replace(idiom, (words) => '#'.repeat(words.length)),
    clause,
  );
}

/** Denials that reach over the list behind them: "no mass, nodule or consolidation". */
const listDenials = [
  'no|without|neither|nor|never|rather than',
  'absence of|free (?:of|from)|devoid of|clear of|negative for',
  'not (?:show\\w*|reveal\\w*|demonstrate\\w*|contain\\w*|have|include|suggest\\w*|indicate|support|suspicious|typical|characteristic|in favou?r of|compatible|consistent|associated|accompanied|any|an?)',
  'normal[- ]sized?',
].join('|');
/** Denials of what comes next only: "complete resolution of the effusion". */
const nextDenials = [
  'unlikely|lack of',
  '(?<!\\b(?:be|is|are|was|were|been|not) )(?:(?:rules|ruled) out|exclude[sd])',
  '(?<!\\b(?:is|are|was|were|been|has|have|had|not|almost|nearly|partially|partly) )resolved',
  '(?<!\\b(?:partial|incomplete|almost complete|near complete) )(?:resolution|disappearance) of',
  '(?<!\\b(?:almost|near|nearly) )(?:complete|full|total) regression (?:of|in)',
].join('|');
const negator = new RegExp(
  `\\b(?:${listDenials}|(?:${nextDenials})(?=[^,]*$)(?!.*\\band\\b))\\b`,
  'g',
);
const assertingVerb = new RegExp(
  `(?<!\\b(?:that|which) )\\b(is|are|was|were|has|have|${seen}|(,|and) an?)\\b`,
);
/** Leads from a denied thing back to what it would have meant: "no lesion was seen that suggests". */
const reference =
  /^[^,]{0,80}\b((that|which) (could|can|may|might|would|suggest\w*)|to suggest|suggest(ing|ive)|in favou?r of|(compatible|consistent) with|suspicious (for|of))\b[^,]*$/;

/** The next statement of presence after a finding, and whether it is denied. */
const statement = new RegExp(
  `\\b(not|cannot|never|no longer)?\\s*(?:(?:be|been|also|\\w{1,15}ly) ){0,3}(?:${seen})\\b`,
);
/** Says that all is well with what stands before it: "pleural surfaces are normal", "effusion - no thickening". */
const wellbeing = new RegExp(
  `^[^,]{0,40}\\b(is|are|was|were)\\s+(${allIsWell}|not (significantly |markedly |abnormally )?(${growth}|remarkable))\\b|^ ?[-–/] ?no\\b`,
);

const gone = [
  'resolved|disappeared|vanished|cleared|gone|removed|resected|excised|excluded|ruled out|(?:very |highly )?unlikely|absent|no longer',
  '(?:completely|totally|fully|entirely) regressed|regressed (?:completely|totally|fully|entirely)',
  '(?:an? )?(?:complete|total|full) (?:regression|resolution|disappearance|resorption)',
].join('|');
const partly = 'partially|partly|nearly|incompletely|mostly|largely|mainly|possibly|probably';
const finiteVerb =
  /(?<!\b(?:that|which) )\b(is|are|was|were|has|have|had|can|could|shows?|showed|cannot|do|does|did|may|might|should|must|appears?|seems?)\b/;
/** Behind a verb that states something: "has completely resolved", "could be ruled out". */
const goneStated = new RegExp(
  `^(?:is|are|was|were|has|have|had|can|could|shows?|showed)(?: (?:be|been|now|since|also|(?!${partly})\\w{1,15}ly))* (?:${gone})\\b`,
);
/** Without a verb: "the nodule in the left lung disappeared". */
const goneAlone = new RegExp(
  `^[^,]*(?<!\\b(?:not|almost|be|${partly}) )\\b(?:${gone})(?=\\s*$|[,)]|\\s(?:in|on|at|since|after|by|compared)\\b)`,
);

/**
 * True where the clause denies the finding whose words are those from `start` to `end`.
 *
 * @param clause in lower case, without idioms.
 */
export function isDenied(clause: string, start: number, end: number): boolean {
  const [front, rest] = [clause.slice(0, start), clause.slice(end)];
  if (notSo.test(front) || isDeniedBefore(front) || wellbeing.test(rest)) {
    return true;
  }
  const denial = denialBehind(rest);
  return denial >= 0 && !deniesAnother(front, rest.slice(0, denial));
}

/** "The aorta is not aneurysmatic": right before the finding. */
const notSo = /\bnot(?! only)(?: \w{1,15}ly)? $/;

/** "No pleural effusion", "without nodules or consolidation", "does not show a nodule". */
function isDeniedBefore(front: string): boolean {
  const last = [...front.matchAll(negator)].at(-1);
  if (last === undefined) {
    return false;
  }
  const reach = front.slice(last.index);
  const verb = assertingVerb.exec(reach);
  return verb === null || reference.test(reach.slice(verb.index));
}

/** Where behind a finding the words stand that deny it, or -1. */
function denialBehind(rest: string): number {
  const verb = finiteVerb.exec(rest)?.index ?? rest.length;
  if (goneAlone.test(rest.slice(0, verb)) || goneStated.test(rest.slice(verb))) {
    return verb;
  }
  const next = statement.exec(rest);
  return next?.[1] === undefined ? -1 : next.index;
}

/** "There is effusion on the left, pneumothorax was not detected": the denial is of the next thing. */
function deniesAnother(front: string, between: string): boolean {
  return (
    (/\bthere (is|are)\b|\b(observed|seen)\b/.test(front) && between.includes(',')) ||
    (/\bthere (is|are)\b(?!.*(,|\band\b))/.test(front) && /\band\b/.test(between))
  );
}

const cuts: readonly RegExp[] = [
  // "The bronchi are open and no occlusion is seen": not at the start, where it is a word of the finding.
  new RegExp(`(?!^)\\b(?:${listDenials})\\b`),
  new RegExp(`\\b(?:not|never|cannot) (?:(?:be|been|\\w{1,15}ly) )?(?:${seen})\\b`),
  // "The heart is not enlarged", but "the aorta is not dilated and calcified".
  /\bnot\b(?!.*(,|\band\b))/,
  new RegExp(`\\b(?:is|are|was|were) (?:${allIsWell})\\b`),
];

/** True where a denial stands between the words of a finding: "calcification is not seen in the aorta". */
export function isCut(words: string): boolean {
  return cuts.some((cut) => cut.test(words));
}

/** Words by which a sentence takes a finding back without `no` or `not`: "has resolved". */
export const takenBack = new RegExp(
  `(?<!\\b(?:cannot|could not|can not|not|should|must) (?:be )?)\\b(?:${gone})\\b`,
  'i',
);
