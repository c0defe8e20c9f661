import { normaliseReport } from '../../text/normalise';
import { foldedUnit, mark } from './wordHash';

/**
 * Whether two texts are equal once normalised (see {@link normaliseReport}). Walks both only up to
 * where they part, for nearly all do so in the first sentence; a text with letters beyond ASCII is
 * normalised as a whole from there.
 */
export function saySame(a: string, b: string): boolean {
  let atA = 0;
  let atB = 0;
  for (let isFirst = true; ; isFirst = false) {
    const letterA = nextLetter(a, atA);
    const letterB = nextLetter(b, atB);
    if (a.charCodeAt(letterA) > lastAscii || b.charCodeAt(letterB) > lastAscii) {
      return normaliseReport(a) === normaliseReport(b);
    }
    if (letterA === a.length || letterB === b.length) {
      return letterA === a.length && letterB === b.length;
    }
    const equal = foldedUnit(a.charCodeAt(letterA)) === foldedUnit(b.charCodeAt(letterB));
    const partEqually = letterA > atA === letterB > atB;
    if (!equal || (!partEqually && !isFirst)) {
      return false;
    }
    atA = letterA + 1;
    atB = letterB + 1;
  }
}

const lastAscii = 0x7f;

/** Where the next letter or digit stands, or anything beyond ASCII; the length where none does. */
function nextLetter(text: string, from: number): number {
  let at = from;
  while (
    at < text.length &&
    text.charCodeAt(at) <= lastAscii &&
    foldedUnit(text.charCodeAt(at)) <= mark
  ) {
    at++;
  }
  return at;
}

/** Questions have at most 20 options; of a line with thousands the first ones say enough. */
export const mostCompared = 200;

/**
 * Calls `found` for every text that stood before, with the index of its first place; of the first
 * {@link mostCompared}.
 */
export function forEachRepeat(
  texts: readonly (string | undefined)[],
  same: (a: string, b: string) => boolean,
  found: (index: number, first: number) => void,
): void {
  for (let index = 1; index < Math.min(texts.length, mostCompared); index++) {
    const text = texts[index];
    for (let first = 0; text !== undefined && first < index; first++) {
      const other = texts[first];
      if (other !== undefined && same(other, text)) {
        found(index, first);
        break;
      }
    }
  }
}
