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

/** Tells what is wrong with `value`; `path` leads to it, and is copied where it is kept. */
type Shape = (value: unknown, path: Path, found: ShapeProblem[], blocking: boolean) => void;
type Path = (string | number)[];

interface Field {
  readonly shape: Shape;
  readonly required?: boolean;
  /** A wrong value here is worth a warning, but the record can be used. */
  readonly lenient?: boolean;
}

type Fields = Readonly<Record<string, Field>>;

/** A value of one kind, told in words where it is of another. */
const ofType =
  (expected: string, fits: (value: unknown) => boolean): Shape =>
  (value, path, found, blocking) => {
    if (!fits(value)) {
      found.push({ path: [...path], kind: 'wrong-type', expected, blocking });
    }
  };

const text = ofType('a text', (value) => typeof value === 'string');

const filledText: Shape = (value, path, found, blocking) => {
  if (typeof value === 'string' && value.trim() === '') {
    found.push({ path: [...path], kind: 'empty-field', expected: 'a text', blocking });
  } else {
    text(value, path, found, blocking);
  }
};

const count = ofType('a number', (value) => typeof value === 'number' && value >= 0);

const label = ofType('0 or 1', (value) => value === 0 || value === 1);

const oneOf =
  (values: readonly string[]): Shape =>
  (value, path, found, blocking) => {
    if (typeof value !== 'string') {
      text(value, path, found, blocking);
    } else if (!values.includes(value)) {
      const expected = values.join(', ');
      found.push({ path: [...path], kind: 'unknown-value', expected, blocking: false });
    }
  };

const spacing = ofType(
  'three numbers in mm',
  (value) =>
    Array.isArray(value) && value.length === 3 && value.every((each) => typeof each === 'number'),
);

const list = ofType('a list', Array.isArray);

const listOf =
  (item: Shape): Shape =>
  (value, path, found, blocking) => {
    if (!Array.isArray(value)) {
      list(value, path, found, blocking);
      return;
    }
    for (let index = 0; index < value.length; index++) {
      within(index, path, item, value[index], found, blocking);
    }
  };

/** Runs `shape` on what stands one step further down. */
function within(
  step: string | number,
  path: Path,
  shape: Shape,
  value: unknown,
  found: ShapeProblem[],
  blocking: boolean,
): void {
  path.push(step);
  shape(value, path, found, blocking);
  path.pop();
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const object = ofType('an object { … }', isObject);

function objectOf(fields: Fields): Shape {
  const table = Object.entries(fields).map(([name, field]) => ({ name, ...field }));
  return (value, path, found, blocking) => {
    if (!isObject(value)) {
      object(value, path, found, blocking);
      return;
    }
    for (const { name, shape, required, lenient } of table) {
      // What every object inherits (`toString`) is no field of ours, so plain access is enough.
      const content = value[name];
      if (content !== undefined && (content !== null || required)) {
        within(name, path, shape, content, found, blocking && !lenient);
      } else if (required) {
        found.push({ path: [...path, name], kind: 'missing-field', expected: name, blocking });
      }
    }
  };
}

const fieldsOfOption = {
  text: { shape: text },
  ref: { shape: filledText },
  label: { shape: label, required: true },
  source: { shape: text, lenient: true },
  kind: { shape: oneOf(optionKinds), lenient: true },
  similarity: { shape: count, lenient: true },
  edits: { shape: listOf(text), lenient: true },
  undecidable: { shape: text, lenient: true },
} satisfies Fields;
const optionFields = objectOf(fieldsOfOption);

/** An option gives its text, or a reference to it. */
const option: Shape = (value, path, found, blocking) => {
  if (isObject(value) && (value.text ?? value.ref ?? undefined) === undefined) {
    found.push({ path: [...path, 'text'], kind: 'missing-field', expected: 'text', blocking });
  }
  optionFields(value, path, found, blocking);
};

const fieldsOfMetadata = {
  age: { shape: count },
  sex: { shape: oneOf(['M', 'F', 'O']) },
  manufacturer: { shape: text },
  kernel: { shape: text },
  spacing_mm: { shape: spacing },
} satisfies Fields;
const metadata = objectOf(fieldsOfMetadata);

const labels: Shape = (value, path, found, blocking) => {
  if (!isObject(value)) {
    object(value, path, found, blocking);
    return;
  }
  for (const [name, each] of Object.entries(value)) {
    within(name, path, label, each, found, blocking);
  }
};

const fieldsOfRecord = {
  id: { shape: filledText },
  image_path: { shape: filledText, required: true },
  patient: { shape: filledText, lenient: true },
  options: { shape: listOf(option), required: true },
  mode: { shape: oneOf(optionModes), lenient: true },
  metadata: { shape: metadata, lenient: true },
  labels: { shape: labels, lenient: true },
} satisfies Fields;
const record = objectOf(fieldsOfRecord);

/** The objects of a record that have fields of ours. */
export type RecordLevel = keyof FieldsByLevel;

/** The names of their fields: all that is known of the record elsewhere is keyed by these. */
export type FieldName<Level extends RecordLevel> = Extract<keyof FieldsByLevel[Level], string>;

const fieldsByLevel = {
  record: fieldsOfRecord,
  option: fieldsOfOption,
  metadata: fieldsOfMetadata,
};
type FieldsByLevel = typeof fieldsByLevel;

export const recordLevels = Object.keys(fieldsByLevel) as readonly RecordLevel[];

/** Names of the fields of each level, in the order in which they are checked. */
export const fieldNames: Readonly<Record<RecordLevel, readonly string[]>> = {
  record: Object.keys(fieldsOfRecord),
  option: Object.keys(fieldsOfOption),
  metadata: Object.keys(fieldsOfMetadata),
};

/** How `value` differs from a question record; empty where it is one. */
export function checkRecordShape(value: unknown): readonly ShapeProblem[] {
  const found: ShapeProblem[] = [];
  record(value, [], found, true);
  return found;
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
