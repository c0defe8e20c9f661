import { labelsOf, mentionedLabels } from '../keywords';
import { takenBack } from '../keywordTerms/denial';
import type { Random } from '../../random';

/** What was done to a report. */
export type EditName =
  | 'side swapped'
  | 'negation flipped'
  | 'size changed'
  | 'degree changed'
  | 'finding added'
  | 'finding removed';

/** A change of a report's text: `replacement` in place of the characters from `start` to `end`. */
export interface Edit {
  readonly name: EditName;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A sentence of a report, and where it stands. */
interface Sentence {
  readonly start: number;
  readonly text: string;
}

/** A sentence of another report that asserts one finding and no other. */
export interface DonorSentence {
  readonly label: string;
  readonly text: string;
}

type FindEdits = (
  sentences: readonly Sentence[],
  random: Random,
  donors: readonly DonorSentence[],
) => Edit[];

/** Every way of changing a report by rules: each gives the changes that it finds possible. */
const rules: readonly FindEdits[] = [
  eachSentence('side swapped', whereAsserted(swapSide)),
  eachSentence('negation flipped', flipNegation),
  eachSentence('size changed', whereAsserted(changeSize)),
  eachSentence('degree changed', whereAsserted(changeDegree)),
  removeFinding,
  addFinding,
];

/**
 * Changes that can be made to a report, each by itself or together with the others: no two touch the
 * same sentence. In random order, those of different rules first.
 */
export function editsOf(text: string, random: Random, donors: readonly DonorSentence[]): Edit[] {
  const sentences = sentencesOf(text);
  const byRule = rules.map((find) => random.shuffled(find(sentences, random, donors)));
  const rounds = Math.max(...byRule.map(({ length }) => length));
  const inTurn = Array.from({ length: rounds }, (_, round) =>
    random.shuffled(byRule.flatMap((edits) => edits.slice(round, round + 1))),
  ).flat();
  const touched = new Set<number>();
  return inTurn.filter(({ start }) => {
    const sentence = sentences.findLastIndex((each) => each.start <= start);
    const isFree = !touched.has(sentence);
    touched.add(sentence);
    return isFree;
  });
}

/** The text with some edits made. */
export function edited(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (changed, { start, end, replacement }) =>
        changed.slice(0, start) + replacement + changed.slice(end),
      text,
    )
    .trim();
}

/** Sentences of a report with a single finding, to be put into others. */
export function donorSentencesOf(text: string): DonorSentence[] {
  return sentencesOf(text).flatMap((sentence) => {
    const words = sentence.text.trim();
    const labels = words.length <= longestDonor && words.endsWith('.') ? labelsOf(words) : [];
    return labels.length === 1 ? [{ label: labels[0], text: words }] : [];
  });
}

const longestDonor = 200;

/** Sentences with the space before them; a point inside a number ends none. */
function sentencesOf(text: string): Sentence[] {
  return [...text.matchAll(/(?:[^.\n]|\.(?=\S))+(?:\.|\n|$)/g)]
    .map((match) => ({ start: match.index, text: match[0] }))
    .filter((sentence) => sentence.text.trim() !== '');
}

/** At most one change a sentence, from a rule that looks at the sentence alone. */
function eachSentence(
  name: EditName,
  change: (sentence: string, random: Random) => Omit<Edit, 'name'> | undefined,
): FindEdits {
  return (sentences, random) =>
    sentences.flatMap((sentence) => {
      const found = change(sentence.text, random);
      return found === undefined
        ? []
        : [
            {
              name,
              start: sentence.start + found.start,
              end: sentence.start + found.end,
              replacement: found.replacement,
            },
          ];
    });
}

/** Another side of what is not there, or another bound, is as true as before. */
const denialOrBound =
  /\b(not?|without|nor|neither|never|none|absen\w+|than|below|above|under|over|up to|exceed\w*|within|limit)\b|[<>≤≥]/i;

function whereAsserted<Change extends (sentence: string, random: Random) => unknown>(
  change: Change,
): (sentence: string, random: Random) => ReturnType<Change> | undefined {
  return (sentence, random) =>
    denialOrBound.test(sentence) || takenBack.test(sentence)
      ? undefined
      : (change(sentence, random) as ReturnType<Change>);
}

/** What lies on one side only, or is named by its side without lying there. */
const oneSided =
  /\b(lingula\w*|middle lobe|atri\w+|ventric\w+|coronary|subclavian|brachiocephalic|aort\w+|heart|cardiac|liver|hepatic|spleen|stomach|gallbladder|pancrea\w+)\b/i;

function swapSide(sentence: string): Omit<Edit, 'name'> | undefined {
  const sides = [...sentence.matchAll(/\b(left|right)\b/gi)];
  if (sides.length !== 1 || oneSided.test(sentence)) {
    return undefined;
  }
  const [{ 0: side, index }] = sides;
  const other = side.toLowerCase() === 'left' ? 'right' : 'left';
  return { start: index, end: index + side.length, replacement: inCaseOf(side, other) };
}

/** Not what an earlier scan showed. */
const stated =
  /\b(?:is|are|was|were)(?: not)? (?:observed|detected|seen|identified|noted|present|found|visible|evident)\b(?! (?:in|on|at) (?:the )?(?:patient's )?(?:previous|prior|old|earlier|former|last)\b)/gi;
const otherNegation = /\b(no|without|nor|neither|never|none|absen\w+|rather)\b|n['’]t\b/i;

function flipNegation(sentence: string): Omit<Edit, 'name'> | undefined {
  const leading = /^(\s*)No (?=(.))/.exec(sentence);
  const rest = leading === null ? sentence : sentence.slice(leading[0].length);
  if (otherNegation.test(rest) || takenBack.test(rest)) {
    return undefined;
  }
  if (leading !== null) {
    const isPlain = !/\b(or|and|not)\b/i.test(rest);
    const start = leading[1].length;
    const end = leading[0].length + 1;
    return isPlain ? { start, end, replacement: leading[2].toUpperCase() } : undefined;
  }
  const statements = [...sentence.matchAll(stated)];
  if (statements.length !== 1) {
    return undefined;
  }
  const [{ 0: statement, index }] = statements;
  const denial = / not\b/i.exec(statement)?.[0];
  const afterVerb = index + statement.indexOf(' ');
  return denial === undefined
    ? { start: afterVerb, end: afterVerb, replacement: ' not' }
    : { start: afterVerb, end: afterVerb + denial.length, replacement: '' };
}

/** A length by itself: of `12 x 8 mm` one number alone would change the form. */
const size = /(?<![\d.,x×*-]\s?)(\d+(?:\.\d+)?)(\s?(?:mm|cm)\b)(?!\s?[x×*])/i;
const sizeFactors = [0.5, 2, 3];

function changeSize(sentence: string, random: Random): Omit<Edit, 'name'> | undefined {
  const match = size.exec(sentence);
  if (match === null) {
    return undefined;
  }
  const [, number] = match;
  const decimals = number.split('.').at(1)?.length ?? 0;
  const changed = (Number(number) * random.pick(sizeFactors)).toFixed(decimals);
  return changed === number || Number(changed) === 0
    ? undefined
    : { start: match.index, end: match.index + number.length, replacement: changed };
}

/** Degrees and their opposites. */
const degrees: Readonly<Record<string, string>> = {
  mild: 'severe',
  severe: 'mild',
  slight: 'marked',
  marked: 'slight',
  minimal: 'extensive',
  extensive: 'minimal',
  small: 'large',
  large: 'small',
};
const degree = new RegExp(`\\b(${Object.keys(degrees).join('|')})\\b`, 'i');

function changeDegree(sentence: string): Omit<Edit, 'name'> | undefined {
  const match = degree.exec(sentence);
  if (match === null) {
    return undefined;
  }
  const [word] = match;
  const replacement = inCaseOf(word, degrees[word.toLowerCase()]);
  return { start: match.index, end: match.index + word.length, replacement };
}

/** A sentence goes that is the only one to assert its findings. */
function removeFinding(sentences: readonly Sentence[]): Edit[] {
  const labels = sentences.map(({ text }) => labelsOf(text));
  return sentences.flatMap(({ start, text }, index): Edit[] => {
    const isOnly =
      labels[index].length > 0 &&
      labels.every(
        (others, place) =>
          place === index || others.every((label) => !labels[index].includes(label)),
      );
    return isOnly && sentences.length > 1
      ? [{ name: 'finding removed', start, end: start + text.length, replacement: '' }]
      : [];
  });
}

/** A sentence of another report comes in, about a finding that this one has not. */
function addFinding(
  sentences: readonly Sentence[],
  random: Random,
  donors: readonly DonorSentence[],
): Edit[] {
  // Also what the report denies: it would contradict itself.
  const own = new Set(sentences.flatMap(({ text }) => mentionedLabels(text)));
  const fitting = donors.filter(({ label }) => !own.has(label));
  const places = sentences.slice(1);
  if (fitting.length === 0 || places.length === 0) {
    return [];
  }
  const { start } = random.pick(places);
  return [
    { name: 'finding added', start, end: start, replacement: ` ${random.pick(fitting).text}` },
  ];
}

function inCaseOf(model: string, word: string): string {
  if (model === model.toUpperCase()) {
    return word.toUpperCase();
  }
  return model.startsWith(model[0].toUpperCase()) ? word[0].toUpperCase() + word.slice(1) : word;
}
