/*
 * Checks of values that were read from JSON and may be anything: a table of what must stand at each
 * path tells the first mistake in words.
 */

/** A test of a value read from JSON, and what the value must be, in words. */
export type Check = readonly [test: (value: unknown) => boolean, meaning: string];

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value > 0;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

export const text: Check = [isText, 'a text'];
export const flag: Check = [
  (value: unknown): boolean => typeof value === 'boolean',
  'true or false',
];
export const count: Check = [isCount, 'a whole number above 0'];
export const wholeNumber: Check = [
  (value: unknown): boolean => value === 0 || isCount(value),
  'a whole number, 0 or more',
];
export const positive: Check = [
  (value: unknown): boolean => isNumber(value) && value > 0,
  'a number above 0',
];

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same check, passed by what is absent. */
export function optional([test, meaning]: Check): Check {
  return [(value) => value === undefined || test(value), meaning];
}

export function oneOf(...values: readonly string[]): Check {
  return [
    (value) => values.includes(value as string),
    values.map((value) => `"${value}"`).join(' or '),
  ];
}

/** What must stand at each path, such as `training.epochs`. */
export type ShapeChecks = Readonly<Record<string, Check>>;

/** The first thing wrong, in words; undefined where all stands as it must. */
export function shapeProblem(root: unknown, checks: ShapeChecks): string | undefined {
  for (const [path, [test, meaning]] of Object.entries(checks)) {
    if (!test(valueAt(root, path))) {
      return `"${path}" must be ${meaning}`;
    }
  }
  return undefined;
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(root: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[key]
          : undefined,
      root,
    );
}
