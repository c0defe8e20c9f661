/**
 * Where a JSON string ends that begins with the quote at `open`: the place after its closing quote, or
 * the end of the text where it is not closed. By hand, for a regular expression over a string of some
 * megabytes overflows the engine's stack.
 */
export function endOfString(json: string, open: number): number {
  let at = open;
  do {
    at = json.indexOf('"', at + 1);
  } while (at >= 0 && isEscaped(json, at));
  return at < 0 ? json.length : at + 1;
}

const backslash = 0x5c;

/** Whether an odd number of backslashes stands before the character. */
function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json.charCodeAt(before) === backslash) {
    before--;
  }
  return (at - before) % 2 === 0;
}
