import { wordDifference } from '../../core/text/wordDifference';
import type { CardOption, OptionStrings } from '../../protocol/questionCard';
import { probabilityBar } from './bar';
import { element } from './dom';
import { decimal, fill, percent } from './format';

/**
 * Texts that share less than this say different things in other words: marks all over them would
 * only hinder reading.
 */
const leastSimilarity = 0.35;

/** One option: its letter, what is known of it, its probability and its wording. */
export function optionCard(
  option: CardOption,
  /** The true option's text, where differences from it are to be marked. */
  trueText: string | undefined,
  strings: OptionStrings,
): HTMLElement {
  const { letter, text, truth, answer } = option;
  const compared = truth || text === undefined ? undefined : trueText;
  return element(
    'li',
    {
      class: ['option', truth && 'true', answer?.chosen === true && 'chosen']
        .filter(Boolean)
        .join(' '),
    },
    element(
      'div',
      { class: 'head' },
      element('span', { class: 'letter' }, letter),
      truth ? badge('truth', '✓', strings.trueOption) : undefined,
      answer?.chosen === true
        ? badge(truth ? 'choice right' : 'choice wrong', truth ? '●' : '✗', strings.chosenOption)
        : undefined,
      ...originParts(option, strings),
      element('span', { class: 'gap' }),
      answer && element('span', { class: 'probability' }, percent(answer.probability)),
    ),
    answer &&
      probabilityBar(answer.probability, fill(strings.probability, percent(answer.probability))),
    ...(text === undefined
      ? [element('p', { class: 'text missing-text' }, strings.textMissing)]
      : textParts(text, compared, strings)),
    ...recordNotes(option, strings),
  );
}

/** What the marks in the texts mean, in words that are marked so; for all options at once. */
export function differencesLegend({ onlyHere, onlyInTrue }: OptionStrings): HTMLElement {
  return element(
    'p',
    { class: 'legend', hidden: true },
    element('span', { class: 'added' }, onlyHere),
    element('span', { class: 'missing' }, onlyInTrue),
  );
}

/** A sign and a word: nothing hangs on the colour. */
function badge(kind: string, sign: string, word: string): HTMLElement {
  return element(
    'span',
    { class: `badge ${kind}` },
    element('span', { 'aria-hidden': 'true' }, `${sign} `),
    word,
  );
}

function originParts({ kind, source, truth }: CardOption, strings: OptionStrings): HTMLElement[] {
  const word = kind === undefined || truth ? undefined : (strings.kinds[kind] ?? kind);
  return [
    ...(word === undefined ? [] : [element('span', { class: 'kind' }, word)]),
    ...(source === undefined
      ? []
      : [element('span', { class: 'source', title: fill(strings.source, source) }, source)]),
  ];
}

/** What the record says of how a distractor compares with the true option. */
function recordNotes(
  { similarity, edits, undecidable }: CardOption,
  strings: OptionStrings,
): HTMLElement[] {
  const inWords = (word: string): string => strings.builderWords[word] ?? word;
  const notes: readonly (readonly [kind: string, note: string | undefined])[] = [
    [
      'similarity',
      similarity === undefined
        ? undefined
        : fill(strings.recordedSimilarity, decimal(similarity, 2)),
    ],
    ['edits', edits && fill(strings.edits, edits.map(inWords).join(', '))],
    ['undecidable', undecidable && fill(strings.undecidable, inWords(undecidable))],
  ];
  return notes.flatMap(([kind, note]) =>
    note === undefined ? [] : [element('p', { class: `note ${kind}` }, note)],
  );
}

/** The wording; beside a true option, with what the two do not share. */
function textParts(
  text: string,
  trueText: string | undefined,
  strings: OptionStrings,
): HTMLElement[] {
  if (trueText === undefined) {
    return [element('p', { class: 'text' }, text)];
  }
  const { parts, similarity } = wordDifference(trueText, text);
  const share = element('p', { class: 'share' }, fill(strings.similarity, percent(similarity, 0)));
  if (similarity < leastSimilarity) {
    return [element('p', { class: 'text' }, text), share];
  }
  const marked = parts.flatMap((part) => {
    const words = part.text.trimEnd();
    const space = part.text.slice(words.length);
    switch (part.kind) {
      case 'same':
        return [part.text];
      case 'added':
        return [element('ins', { title: strings.onlyHere }, words), space];
      case 'missing':
        return [element('del', { title: strings.onlyInTrue }, words), space];
    }
  });
  return [element('p', { class: 'text' }, ...marked), share];
}
