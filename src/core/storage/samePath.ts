import { resolve, sep } from 'node:path';

/** Windows ignores case, and editors there write the letter of a drive as they like. */
const ignoresCase = sep === '\\';

/** Whether two paths name the same place; links are not followed. */
export function isSamePath(one: string, other: string): boolean {
  const [a, b] = [resolve(one), resolve(other)];
  return a === b || (ignoresCase && a.toLowerCase() === b.toLowerCase());
}
