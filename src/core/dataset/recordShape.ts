/**
 * The shape of a question record (record.ts) as a table, for checking what stands in a file.
 * `null` counts as absent in optional fields: many writers spell "nothing" that way.
 */
import { optionKinds, optionModes } from './record';

export interface ShapeProblem {
  /** Where: field names and list indices from the record down. */
  readonly path: (string | number)[];
  readonly kind: 'missing-field' | 'wrong-type' | 'empty-field' | 'unknown-value';
  /** What is expected, in words. */
  readonly expected: string;
  /** True where no reader can make sense of the record with this problem. */
  readonly blocking: boolean;
}

type Shape = (value: unknown) => Mismatch | Nested;
type Mismatch = Pick<ShapeProblem, 'kind' | 'expected'> | undefined;
/** Problems deeper inside, paths relative to the value. */
type Nested = readonly ShapeProblem[];

interface Field {
  readonly shape: Shape;
  readonly required?: boolean;
  /** A wrong value here is worth a warning, but the record can be used. */
  readonly lenient?: boolean;
}

const wrongType = (expected: string): Mismatch => ({ kind: 'wrong-type', expected });

const text: Shape = (value) => (typeof value === 'string' ? undefined : wrongType('a text'));

const filledText: Shape = (value) =>
  typeof value === 'string' && value.trim() === ''
    ? { kind: 'empty-field', expected: 'a text' }
    : text(value);

const count: Shape = (value) =>
  typeof value === 'number' && value >= 0 ? undefined : wrongType('a number');

const label: Shape = (value) => (value === 0 || value === 1 ? undefined : wrongType('0 or 1'));

const oneOf =
  (values: readonly string[]): Shape =>
  (value) =>
    typeof value !== 'string'
      ? wrongType('a text')
      : values.includes(value)
        ? undefined
        : { kind: 'unknown-value', expected: values.join(', ') };

const spacing: Shape = (value) =>
  Array.isArray(value) && value.length === 3 && value.every((each) => typeof each === 'number')
    ? undefined
    : wrongType('three numbers in mm');

const listOf =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value)
      ? value.flatMap((each, index) => placed(item(each), index, true))
      : wrongType('a list');

function objectOf(fields: Readonly<Record<string, Field>>): Shape {
  const table = Object.entries(fields);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return wrongType('an object { … }');
    }
    const problems: ShapeProblem[] = [];
    for (const [name, { shape, required, lenient }] of table) {
      const content = Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined;
      if (content !== undefined && (content !== null || required)) {
        problems.push(...placed(shape(content), name, !lenient));
      } else if (required) {
        problems.push({ path: [name], kind: 'missing-field', expected: name, blocking: true });
      }
    }
    return problems;
  };
}

/** The problems of a value as problems of what holds it at `step`. */
function placed(
  found: Mismatch | Nested,
  step: string | number,
  blocking: boolean,
): ShapeProblem[] {
  if (found === undefined) {
    return [];
  }
  if ('kind' in found) {
    const harmless = found.kind === 'unknown-value';
    return [{ ...found, path: [step], blocking: blocking && !harmless }];
  }
  return found.map((problem) => ({
    ...problem,
    path: [step, ...problem.path],
    blocking: problem.blocking && blocking,
  }));
}

const optionFields = objectOf({
  text: { shape: text },
  ref: { shape: filledText },
  label: { shape: label, required: true },
  source: { shape: text, lenient: true },
  kind: { shape: oneOf(optionKinds), lenient: true },
});

/** An option gives its text, or a reference to it. */
const option: Shape = (value) => {
  const found = optionFields(value);
  if (found === undefined || 'kind' in found) {
    return found;
  }
  const { text: own, ref } = value as Record<string, unknown>;
  return (own ?? ref ?? undefined) === undefined
    ? [{ path: ['text'], kind: 'missing-field', expected: 'text', blocking: true }, ...found]
    : found;
};

const metadata = objectOf({
  age: { shape: count },
  sex: { shape: oneOf(['M', 'F', 'O']) },
  manufacturer: { shape: text },
  kernel: { shape: text },
  spacing_mm: { shape: spacing },
});

const labels: Shape = (value) =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? wrongType('an object { … }')
    : Object.entries(value).flatMap(([name, each]) => placed(label(each), name, true));

const record = objectOf({
  id: { shape: filledText },
  image_path: { shape: filledText, required: true },
  options: { shape: listOf(option), required: true },
  mode: { shape: oneOf(optionModes), lenient: true },
  metadata: { shape: metadata, lenient: true },
  labels: { shape: labels, lenient: true },
});

/** How `value` differs from a question record; empty where it is one. */
export function checkRecordShape(value: unknown): readonly ShapeProblem[] {
  const found = record(value);
  if (found === undefined) {
    return [];
  }
  return 'kind' in found ? [{ ...found, path: [], blocking: true }] : found;
}

/** A copy without fields that are null, or the value itself where there are none. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutNulls);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const kept = entries
    .filter(([, content]) => content !== null)
    .map(([name, content]) => [name, withoutNulls(content)] as const);
  const changed =
    kept.length !== entries.length ||
    kept.some(([name, content]) => content !== (value as Record<string, unknown>)[name]);
  return changed ? Object.fromEntries(kept) : value;
}

/** `options[2].label` for a path; "the record" for an empty one. */
export function fieldName(path: readonly (string | number)[]): string {
  const name = path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  return name === '' ? 'the record' : name;
}
