/**
 * Texts in quotes on a line that may be broken, found by hand: a regular expression for them
 * overflows the stack on a text of some megabytes.
 */

const quote = 0x22;
const backslash = 0x5c;

/**
 * Where the text that begins with the quote at `start` ends: after its closing quote, or undefined
 * where the line has none.
 */
export function endOfQuoted(line: string, start: number): number | undefined {
  for (let at = start + 1; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === quote) {
      return at + 1;
    }
    if (code === backslash) {
      at++;
    }
  }
  return undefined;
}

/** Where the first character from `start` on is that is no white space. */
export function afterSpace(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at].trim() === '') {
    at++;
  }
  return at;
}

/**
 * The text that the field `name` has where it first has one, escapes as they are written; undefined
 * where it has none. The line is not parsed.
 */
export function quotedFieldIn(line: string, name: string): string | undefined {
  const written = `"${name}"`;
  for (let at = line.indexOf(written); at >= 0; at = line.indexOf(written, at + 1)) {
    const colon = afterSpace(line, at + written.length);
    const value = afterSpace(line, colon + 1);
    if (line[colon] === ':' && line[value] === '"') {
      const end = endOfQuoted(line, value);
      return end === undefined ? undefined : line.slice(value + 1, end - 1);
    }
  }
  return undefined;
}
