import type { LineEnding } from './lines';

/** A line of a text as it was before. */
export interface FormerLine {
  readonly text: string;
  readonly ending: LineEnding;
}

/** The part of a text that differs from what it was before; all else is as it stood. */
export interface ChangedPart {
  /** How many lines before the part are as they were. */
  readonly linesBefore: number;
  /** How many lines after it. */
  readonly linesAfter: number;
  /** Characters of the part, counted from the start of the text. */
  readonly start: number;
  readonly end: number;
}

/**
 * Finds what was changed in a text since it was split into lines, so that the rest need not be split
 * and looked up again. Comparing a slice with a line costs next to nothing, hashing it does.
 *
 * @param start where the first line begins: 1 after a byte order mark.
 */
export function changedPart(
  text: string,
  former: readonly FormerLine[],
  start: number,
): ChangedPart {
  let linesBefore = 0;
  let from = start;
  // The last line has no end of its own: whether it is the last still the other direction tells.
  while (linesBefore < former.length - 1) {
    const next = endIfSame(text, from, former[linesBefore]);
    if (next === undefined) {
      break;
    }
    from = next;
    linesBefore++;
  }
  let linesAfter = 0;
  let to = text.length;
  while (linesAfter < former.length - linesBefore) {
    const line = former[former.length - 1 - linesAfter];
    const begin = to - line.text.length - line.ending.length;
    if (begin < from || endIfSame(text, begin, line) !== to || !isLineStart(text, begin, start)) {
      break;
    }
    to = begin;
    linesAfter++;
  }
  return { linesBefore, linesAfter, start: from, end: to };
}

/** Where the next line begins if `line` stands at `start`. */
function endIfSame(text: string, start: number, line: FormerLine): number | undefined {
  const end = start + line.text.length;
  const next = end + line.ending.length;
  const isSame = text.slice(start, end) === line.text && text.slice(end, next) === line.ending;
  const isCutPair = line.ending === '\r' && text[next] === '\n';
  return isSame && !isCutPair ? next : undefined;
}

function isLineStart(text: string, place: number, start: number): boolean {
  const before = text[place - 1];
  return place === start || before === '\n' || (before === '\r' && text[place] !== '\n');
}
