/** What a UTF-16 unit is to a text: a space, a mark, or (anything larger) the letter or digit itself. */
export const space = 0;
export const mark = 1;

/** The hash before the first letter of a word. */
export const noWord = 0x2f;

/** ASCII letters in lower case. */
const foldedAscii = Uint8Array.from({ length: 128 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  return /[a-z0-9]/i.test(character)
    ? character.toLowerCase().charCodeAt(0)
    : /[\0-\x20\x7f]/.test(character)
      ? space
      : mark;
});

/** Letters beyond ASCII stand for themselves; what is none is told by Unicode's blocks. */
export function foldedUnit(unit: number): number {
  if (unit < 128) {
    return foldedAscii[unit];
  }
  if (unit === 0xa0 || unit === 0x3000 || unit === 0xfeff || (unit >= 0x2000 && unit <= 0x200f)) {
    return space;
  }
  const isMark =
    (unit > 0xa0 && unit < 0xc0) || // Latin-1's signs
    (unit > 0x200f && unit <= 0x206f) || // general punctuation
    (unit > 0x3000 && unit <= 0x303f) || // ideographic punctuation
    (unit >= 0xff01 && unit <= 0xff0f); // full-width punctuation
  return isMark ? mark : unit;
}

/** One more unit of a word (FNV-1a, on 16 bits at a time). */
export function withUnit(hash: number, folded: number): number {
  return Math.imul(hash ^ folded, 0x01000193);
}

/** Hash of a word, in lower case as far as it is ASCII. */
export function hashOfWord(word: string): number {
  let hash = noWord;
  for (let at = 0; at < word.length; at++) {
    hash = withUnit(hash, foldedUnit(word.charCodeAt(at)));
  }
  return hash;
}

/** All 32 bits well mixed (the finaliser of MurmurHash3), unsigned. */
export function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
