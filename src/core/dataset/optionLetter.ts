/** A, B, … Z, then 27, 28, …: the letter of an option, counted from 0. */
export function optionLetter(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}
