import type { DifferenceRange } from './distractors';
import { problemOfTemplate } from './metadataPrompt';
import type { SplitShares } from './patientSplit';
import type { NegativeShares } from './planQuestions';

/*
 * How options of the builder are written in one word, on the command line and in the form that
 * builds a data set. Each reader gives undefined for what it does not understand.
 */

const mixed: NegativeShares = { hard: 1, easy: 1, random: 1 };
const negativeKinds: readonly string[] = ['hard', 'easy', 'random', 'counterfactual'];

/** `hard`, `mixed` (a third each of hard, easy and random) or shares such as `hard=2,random=1`. */
export function negativesFrom(text: string): NegativeShares | undefined {
  const word = text.trim();
  if (word === 'mixed') {
    return mixed;
  }
  const shares = negativeKinds.includes(word) ? { [word]: 1 } : sharesFrom(word);
  return shares && Object.keys(shares).every((kind) => negativeKinds.includes(kind))
    ? shares
    : undefined;
}

/** A template as it is, if it can be used; see `metadataPrompt`. */
export function templateFrom(text: string): string | undefined {
  const template = text.trim();
  return problemOfTemplate(template) === undefined ? template : undefined;
}

/** `own`, or shares such as `train=0.8,valid=0.2`. */
export function splitFrom(text: string): SplitShares | 'own' | undefined {
  return text.trim() === 'own' ? 'own' : sharesFrom(text);
}

/** `2`, `1-3`, or `2-` for two and more. */
export function differenceFrom(text: string): DifferenceRange | undefined {
  const match = /^(\d+)(?:(-)(\d*))?$/.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const [least, most] = [match[1], match[2] === '-' ? match[3] : match[1]];
  return { least: Number(least), ...(most !== '' && { most: Number(most) }) };
}

function sharesFrom(text: string): Record<string, number> | undefined {
  const shares: Record<string, number> = {};
  for (const part of text.split(',')) {
    const match = /^([A-Za-z][\w-]*)=(\d*\.?\d+(?:e[+-]?\d+)?)$/i.exec(part.trim());
    if (match === null || Object.hasOwn(shares, match[1])) {
      return undefined;
    }
    shares[match[1]] = Number(match[2]);
  }
  return shares;
}

/** `hard=2,random=1`, or the kind alone where there is one. */
export function negativesText(negatives: NegativeShares): string {
  const kinds = Object.keys(negatives);
  return kinds.length === 1 ? kinds[0] : sharesText(negatives);
}

export function splitText(split: SplitShares | 'own'): string {
  return split === 'own' ? split : sharesText(split);
}

export function differenceText({ least, most }: DifferenceRange): string {
  return least === most ? String(least) : `${least}-${most ?? ''}`;
}

function sharesText(shares: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name}=${share}`)
    .join(',');
}
