import { optionKinds, optionModes } from '../record';
import { recordLevels } from '../recordShape';
import type { FieldName, RecordLevel } from '../recordShape';

/** A field of the record, as completion and hovers explain it. */
export interface RecordField {
  /** Where it stands: names from the record down, `*` for every item of a list. */
  readonly path: readonly string[];
  /** One line, Markdown. */
  readonly explain: string;
  /** JSON to insert after the name, `$1` where the cursor goes. */
  readonly snippet: string;
  /** The values it can have, where they can be listed. */
  readonly values?: readonly string[];
  /** What the values are looked up in, where they cannot. */
  readonly source?: 'images' | 'reports';
}

/** What a person needs to be told of a field. */
type Explained = Omit<RecordField, 'path'>;

/**
 * Every field of a question record: those that the shape check knows (recordShape.ts) and no other, or
 * this does not compile; in the order in which a person writes them.
 */
const explained: { readonly [L in RecordLevel]: Readonly<Record<FieldName<L>, Explained>> } = {
  record: {
    id: { explain: 'Name of the question, once a file.', snippet: '"$1"' },
    image_path: {
      explain: 'The CT volume, relative to this file or to an image root of the side file.',
      snippet: '"$1"',
      source: 'images',
    },
    patient: {
      explain: 'Whose scan it is, where the name of the volume does not say so.',
      snippet: '"$1"',
    },
    options: {
      explain: 'The reports to choose from, 2 to 20, one of them with label 1.',
      snippet: '[{"text": "$1", "label": 1}, {"text": "$2", "label": 0}]',
    },
    mode: {
      explain: 'What the options show of a report.',
      snippet: '"$1"',
      values: optionModes,
    },
    metadata: { explain: 'What is known of the patient and the scan.', snippet: '{$1}' },
    labels: {
      explain:
        'Findings of the scan that are known: 1 there, 0 not; these count before the labels table.',
      snippet: '{"$1": 1}',
    },
  },
  option: {
    text: { explain: 'What the option says.', snippet: '"$1"' },
    ref: {
      explain: 'In place of text: the volume of the reports table whose report this is.',
      snippet: '"$1"',
      source: 'reports',
    },
    label: {
      explain: '1 for the true option, 0 for a distractor.',
      snippet: '${1|0,1|}',
      values: ['0', '1'],
    },
    source: {
      explain: 'The volume that the text came from.',
      snippet: '"$1"',
      source: 'reports',
    },
    kind: { explain: 'How the option came about.', snippet: '"$1"', values: optionKinds },
    similarity: {
      explain: 'How alike the text and the true one are, 0 to 1.',
      snippet: '$1',
    },
    edits: {
      explain: 'What was done to the true report to make this option.',
      snippet: '["$1"]',
    },
    undecidable: {
      explain: 'Why nobody could tell this option from the true one.',
      snippet: '"$1"',
    },
  },
  metadata: {
    age: { explain: 'Whole years.', snippet: '$1' },
    sex: { explain: 'M, F or O.', snippet: '"$1"', values: ['M', 'F', 'O'] },
    manufacturer: { explain: 'Who made the scanner.', snippet: '"$1"' },
    kernel: { explain: 'Convolution kernel of the reconstruction.', snippet: '"$1"' },
    spacing_mm: { explain: 'In-plane and slice spacing, mm.', snippet: '[$1, $2, $3]' },
  },
};

/** Where the objects of a level stand. */
const pathOfLevel: Readonly<Record<RecordLevel, readonly string[]>> = {
  record: [],
  option: ['options', '*'],
  metadata: ['metadata'],
};

export const recordFields: readonly RecordField[] = recordLevels.flatMap((level) =>
  Object.entries<Explained>(explained[level]).map(([name, field]) => ({
    ...field,
    path: [...pathOfLevel[level], name],
  })),
);

/** The field at a path of the record, with the indices of lists; undefined where it has no such field. */
export function fieldAt(path: readonly (string | number)[]): RecordField | undefined {
  return recordFields.find(
    (field) =>
      field.path.length === path.length &&
      field.path.every((step, index) =>
        typeof path[index] === 'number' ? step === '*' : step === path[index],
      ),
  );
}

/** Fields of the object at a path. */
export function fieldsOf(path: readonly (string | number)[]): RecordField[] {
  return recordFields.filter((field) => fieldAt([...path, field.path.at(-1) ?? '']) === field);
}
