/** A sentence of a report, with the space before it, and where it stands. */
export interface Sentence {
  readonly start: number;
  readonly text: string;
}

/**
 * Where sentences end: at a point, unless it stands inside a number or behind the number of a list;
 * where a line ends; and where impressions go on without a point, at two spaces or a bullet.
 */
const border = /(?<=\.)(?<!(?:^|\s\s|\n|\. )\d{1,2}\.)(?=\s)|(?<=\S)(?=\n|\s\s|\s?•)/;

export function sentencesOf(text: string): Sentence[] {
  let start = 0;
  return text
    .split(border)
    .map((piece) => {
      const sentence = { start, text: piece };
      start += piece.length;
      return sentence;
    })
    .filter((sentence) => sentence.text.trim() !== '');
}

/** The bullet or number that a sentence begins with, and the space before it. */
export const bullet = /^\s*(?:[•*–-]\s*|\d{1,2}[.)]\s+)/;
