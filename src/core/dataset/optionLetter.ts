/** A, B, … Z, then 27, 28, …: the letter of an option, counted from 0. */
export function optionLetter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

/** The index that has this letter (or, from 27 on, this number); undefined for anything else. */
export function optionOfLetter(letter: string): number | undefined {
  const index = /^\d+$/.test(letter) ? Number(letter) - 1 : letter.toUpperCase().charCodeAt(0) - 65;
  return index >= 0 && optionLetter(index) === letter.toUpperCase() ? index : undefined;
}
