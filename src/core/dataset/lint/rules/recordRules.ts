import { onRecord } from './onRecord';
import { fieldName, fieldNames, recordLevels } from '../../recordShape';
import type { RecordLevel, ShapeProblem } from '../../recordShape';
import { IdTable } from '../idTable';
import type { PlacedLine, QuestionLine } from '../questionLine';
import type { FileRule, LineFix, LineRule } from '../rule';

/** A rule that passes on what the shape check found. */
const onShape =
  (
    kind: ShapeProblem['kind'],
    blocking: boolean,
    fixFor: (line: QuestionLine, problem: ShapeProblem) => LineFix | undefined = () => undefined,
  ): LineRule['checkLine'] =>
  (line, report) => {
    for (const problem of line.json.shapeProblems) {
      if (problem.kind === kind && problem.blocking === blocking) {
        const values = { field: fieldName(problem.path), expected: problem.expected };
        report(problem.path, values, fixFor(line, problem));
      }
    }
  };

/** A rule about words that a field does not know. */
const onUnknownValue =
  (concerns: (field: string | number) => boolean): LineRule['checkLine'] =>
  (line, report) => {
    for (const problem of line.json.shapeProblems) {
      const { kind, path, expected } = problem;
      if (kind === 'unknown-value' && concerns(path[0])) {
        const known = knownAs.get(String(valueAt(line, path)).toLowerCase());
        const fix = path.at(-1) === 'sex' && known ? { place: path, text: known } : undefined;
        report(path, { field: fieldName(path), expected }, fix);
      }
    }
  };

/** Other words for the sexes that leave no doubt, as JSON. */
const knownAs: ReadonlyMap<string, string> = new Map(
  Object.entries({ m: '"M"', male: '"M"', f: '"F"', female: '"F"', o: '"O"', other: '"O"' }),
);

/** Values that writers put for labels; they leave no doubt which is meant. */
const labelAs: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ['0', '0'],
  ['1', '1'],
  [false, '0'],
  [true, '1'],
]);

function asLabel(line: QuestionLine, { path }: ShapeProblem): LineFix | undefined {
  const text = path.at(-1) === 'label' ? labelAs.get(valueAt(line, path)) : undefined;
  return text === undefined ? undefined : { place: path, text };
}

function valueAt({ json }: QuestionLine, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
    json.value,
  );
}

/** Equal for names that differ only in case and in how their words are joined. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** By level, for telling a slip of the pen from a field of the user's own. */
const meantNames: ReadonlyMap<RecordLevel, ReadonlyMap<string, string>> = new Map(
  recordLevels.map((level) => [level, namesByForm(fieldNames[level])]),
);

/** Every form of a name that is one slip away from it: another case or joint, a letter lost or swapped. */
function namesByForm(names: readonly string[]): ReadonlyMap<string, string> {
  const forms = new Map<string, string>();
  for (const name of names) {
    const letters = bare(name);
    for (let at = 0; at < letters.length && letters.length > 3; at++) {
      forms.set(letters.slice(0, at) + letters.slice(at + 1), name);
      const [one = '', other = ''] = letters.slice(at, at + 2);
      forms.set(letters.slice(0, at) + other + one + letters.slice(at + 2), name);
    }
  }
  for (const name of names) {
    forms.set(bare(name), name);
  }
  return forms;
}

/** Calls `found` for every field that is not known but nearly so. */
function forEachSlip(
  value: unknown,
  level: RecordLevel,
  found: (field: string, meant: string) => void,
): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return;
  }
  const names = fieldNames[level];
  for (const field of Object.keys(value)) {
    if (!names.includes(field)) {
      const meant = meantNames.get(level)?.get(bare(field));
      if (meant !== undefined && !Object.hasOwn(value, meant)) {
        found(field, meant);
      }
    }
  }
}

/** What is written there of people and scans, as far as it can be. */
const plausible: readonly {
  readonly path: readonly (string | number)[];
  readonly least: number;
  readonly most: number;
  readonly expected: string;
}[] = [
  { path: ['metadata', 'age'], least: 0, most: 120, expected: 'at most 120 years' },
  { path: ['metadata', 'spacing_mm', 0], least: 0.05, most: 5, expected: 'from 0.05 to 5 mm' },
  { path: ['metadata', 'spacing_mm', 1], least: 0.05, most: 5, expected: 'from 0.05 to 5 mm' },
  { path: ['metadata', 'spacing_mm', 2], least: 0.05, most: 20, expected: 'from 0.05 to 20 mm' },
];

/** A sentence after another: a list of keywords has none. */
const sentences = /\p{L}{2}[.!?]\s+\p{Lu}/u;
/** What the builder writes before keywords. */
const keywordsPrompt = /^.*?\bKeywords:/;

/** The record by itself. */
export const recordLineRules: readonly LineRule[] = Object.freeze<LineRule[]>([
  {
    code: 'MCQ101',
    name: 'missing-field',
    severity: 'error',
    title: 'Required field is missing',
    explain: 'A question needs image_path and options; an option needs label, and text or ref.',
    template: '`{field}` is missing.',
    basic: true,
    blocksReading: true,
    checkLine: ({ json }, report) => {
      for (const problem of json.shapeProblems) {
        if (problem.kind === 'missing-field') {
          report(problem.path.slice(0, -1), { field: fieldName(problem.path) });
        }
      }
    },
  },
  {
    code: 'MCQ102',
    name: 'wrong-type',
    severity: 'error',
    title: 'Field has the wrong type',
    explain: 'The value of a field is of another kind than readers expect, such as "1" for 1.',
    template: '`{field}` must be {expected}.',
    fix: 'Write the label as a number',
    basic: true,
    blocksReading: true,
    checkLine: onShape('wrong-type', true, asLabel),
  },
  {
    code: 'MCQ103',
    name: 'metadata-type',
    severity: 'warning',
    title: 'Optional field has the wrong type',
    explain:
      'The field does not stop anybody from using the question, but its value is not understood.',
    template: '`{field}` should be {expected}.',
    basic: true,
    checkLine: onShape('wrong-type', false),
  },
  {
    code: 'MCQ104',
    name: 'empty-field',
    severity: 'error',
    title: 'Field is empty',
    explain: 'An id, an image path or a reference is there but holds nothing.',
    template: '`{field}` is empty.',
    basic: true,
    blocksReading: true,
    checkLine: onShape('empty-field', true),
  },
  {
    code: 'MCQ105',
    name: 'unknown-value',
    severity: 'warning',
    title: 'Field has an unknown value',
    explain: 'The field takes one of a few words; another word is ignored.',
    template: '`{field}` should be one of: {expected}.',
    fix: 'Write the word that is known',
    basic: true,
    checkLine: onUnknownValue((field) => field !== 'mode'),
  },
  {
    code: 'MCQ106',
    name: 'unknown-mode',
    severity: 'warning',
    title: 'Mode is unknown',
    explain:
      'The mode says how option texts were made from reports; it is needed to resolve references.',
    template: '`mode` should be one of: {expected}.',
    basic: true,
    checkLine: onUnknownValue((field) => field === 'mode'),
  },
  {
    code: 'MCQ107',
    name: 'misspelt-field',
    severity: 'warning',
    title: 'Field name is misspelt',
    explain:
      'Fields that are not known are left alone, for they may be your own; this one is a slip away from one that is known, and nobody will read it.',
    template: 'The field "{field}" is not known; "{meant}" is.',
    fix: 'Rename it to "{meant}"',
    checkLine: ({ json }, report) => {
      const slip =
        (path: readonly (string | number)[]) =>
        (field: string, meant: string): void => {
          const place = json.nameRangeOf([...path, field]);
          if (place !== undefined) {
            report(place, { field, meant }, { place, text: JSON.stringify(meant) });
          }
        };
      const value = json.value as { options?: unknown; metadata?: unknown } | null | undefined;
      forEachSlip(value, 'record', slip([]));
      forEachSlip(value?.metadata, 'metadata', slip(['metadata']));
      if (Array.isArray(value?.options)) {
        value.options.forEach((option, index) => {
          forEachSlip(option, 'option', slip(['options', index]));
        });
      }
    },
  },
  {
    code: 'MCQ110',
    name: 'implausible-metadata',
    severity: 'warning',
    title: 'Metadata cannot be right',
    explain:
      'Ages are whole years of people, spacings millimetres between voxels: an age of 6700 was read in another unit, as DICOM has years, months, weeks and days.',
    template: '`{field}` is {value}; it should be {expected}.',
    checkLine: (line, report) => {
      if (line.record?.metadata === undefined) {
        return;
      }
      for (const { path, least, most, expected } of plausible) {
        const value = valueAt(line, path);
        if (typeof value === 'number' && (value < least || value > most)) {
          report(path, { field: fieldName(path), value, expected });
        }
      }
    },
  },
  {
    code: 'MCQ111',
    name: 'implausible-mode',
    severity: 'warning',
    title: 'Options do not look like their mode',
    explain:
      'The mode tells a model what it reads and a reader how references are made into texts: a yes/no question has two options, and keywords are a list, not sentences.',
    template: 'The options do not look like mode "{mode}": {what}.',
    checkLine: onRecord(({ mode, options }, report) => {
      if (mode === 'yes_no' && options.length !== 2) {
        const what = 'a yes/no question has two options';
        report(['mode'], { mode, what });
      }
      const reads = ({ text = '' }): boolean => sentences.test(text.replace(keywordsPrompt, ''));
      if (mode === 'keywords' && options.some(reads)) {
        const what = 'keywords are no sentences';
        report(['mode'], { mode, what });
      }
    }),
  },
]);

/** Ids, which must be told apart over the file. */
export const recordFileRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'MCQ108',
    name: 'duplicate-id',
    severity: 'error',
    title: 'Two questions have the same id',
    explain: 'Predictions are kept by question id; two questions with one id would share them.',
    template: 'The id "{id}" stands on line {first} already.',
    basic: true,
    blocksReading: true,
    start: () => {
      const ids = new IdTable();
      return {
        visit: ({ line, record }, report) => {
          const id = record?.id;
          const first = id === undefined ? undefined : ids.firstLineOf(id, line + 1);
          if (id !== undefined && first !== undefined) {
            report(['id'], { id, first });
          }
        },
      };
    },
  },
  {
    code: 'MCQ109',
    name: 'ids-missing',
    severity: 'info',
    title: 'Some questions have no id',
    explain:
      'A question without an id is known by its line, and predictions kept under "line-5" belong to another question once a line is put in before it. A file without any id is one that nobody keeps predictions of.',
    template: '{count} of {questions} questions have no id; this is the first.',
    remedy: 'Give every question an id.',
    start: () => {
      let first: PlacedLine | undefined;
      let count = 0;
      let questions = 0;
      return {
        visit: (line) => {
          if (line.record !== undefined) {
            questions++;
            if (line.record.id === undefined) {
              count++;
              first ??= line;
            }
          }
        },
        finish: (report) => {
          if (count > 0 && count < questions) {
            report(first, [], { count, questions });
          }
        },
      };
    },
  },
]);
