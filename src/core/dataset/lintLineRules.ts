import { normaliseReport } from '../text/normalise';
import type { JsonLine } from './jsonl';
import { reportRepeats } from './lintRule';
import type { LineRule, ReportInLine } from './lintRule';
import type { McqRecord } from './record';
import { fieldName } from './recordShape';
import type { ShapeProblem } from './recordShape';
import { parseVolumeName, patientOf } from './volumeName';

/** A rule about whole records, skipped where the line is none. */
const onRecord =
  (check: (record: McqRecord, report: ReportInLine) => void): LineRule['checkLine'] =>
  (line, report) => {
    if (line.record !== undefined) {
      check(line.record, report);
    }
  };

/** A rule that passes on what the shape check found. */
const onShape =
  (kind: ShapeProblem['kind'], blocking: boolean): LineRule['checkLine'] =>
  (line, report) => {
    for (const problem of line.shapeProblems) {
      if (problem.kind === kind && problem.blocking === blocking) {
        report(problem.path, { field: fieldName(problem.path), expected: problem.expected });
      }
    }
  };

function unknownValues(line: JsonLine): ShapeProblem[] {
  return line.shapeProblems.filter(({ kind }) => kind === 'unknown-value');
}

/** Each rule looks at one line by itself. */
export const lineRules: readonly LineRule[] = Object.freeze<LineRule[]>([
  {
    code: 'json-syntax',
    severity: 'error',
    title: 'Line is not JSON',
    explain:
      'Every line must hold one JSON object: double quotes, no comments, no trailing commas, no line breaks inside.',
    template: 'Not valid JSON: {what}.',
    blocksReading: true,
    checkLine: (line, report) => {
      if (line.problem !== undefined) {
        report(line.problem, { what: line.problem.what });
      }
    },
  },
  {
    code: 'encoding',
    severity: 'warning',
    title: 'Text was decoded wrongly',
    explain:
      'The replacement character stands where bytes were not valid UTF-8: the file was saved in another encoding, and letters are lost.',
    template:
      'The replacement character U+FFFD stands here: the text was saved in another encoding than UTF-8.',
    remedy: 'Save the source in UTF-8 and build the file again.',
    checkLine: (line, report) => {
      const start = line.text.indexOf('\uFFFD');
      if (start >= 0) {
        report({ start, end: start + 1 });
      }
    },
  },
  {
    code: 'missing-field',
    severity: 'error',
    title: 'Required field is missing',
    explain: 'A question needs image_path and options; an option needs label, and text or ref.',
    template: '`{field}` is missing.',
    blocksReading: true,
    checkLine: (line, report) => {
      for (const problem of line.shapeProblems) {
        if (problem.kind === 'missing-field') {
          report(problem.path.slice(0, -1), { field: fieldName(problem.path) });
        }
      }
    },
  },
  {
    code: 'wrong-type',
    severity: 'error',
    title: 'Field has the wrong type',
    explain: 'The value of a field is of another kind than readers expect, such as "1" for 1.',
    template: '`{field}` must be {expected}.',
    blocksReading: true,
    checkLine: onShape('wrong-type', true),
  },
  {
    code: 'metadata-type',
    severity: 'warning',
    title: 'Optional field has the wrong type',
    explain:
      'The field does not stop anybody from using the question, but its value is not understood.',
    template: '`{field}` should be {expected}.',
    checkLine: onShape('wrong-type', false),
  },
  {
    code: 'empty-field',
    severity: 'error',
    title: 'Field is empty',
    explain: 'An id, an image path or a reference is there but holds nothing.',
    template: '`{field}` is empty.',
    blocksReading: true,
    checkLine: onShape('empty-field', true),
  },
  {
    code: 'unknown-value',
    severity: 'warning',
    title: 'Field has an unknown value',
    explain: 'The field takes one of a few words; another word is ignored.',
    template: '`{field}` should be one of: {expected}.',
    checkLine: (line, report) => {
      for (const problem of unknownValues(line)) {
        if (problem.path[0] !== 'mode') {
          report(problem.path, { field: fieldName(problem.path), expected: problem.expected });
        }
      }
    },
  },
  {
    code: 'unknown-mode',
    severity: 'warning',
    title: 'Mode is unknown',
    explain:
      'The mode says how option texts were made from reports; it is needed to resolve references.',
    template: '`mode` should be one of: {expected}.',
    checkLine: (line, report) => {
      for (const problem of unknownValues(line)) {
        if (problem.path[0] === 'mode') {
          report(problem.path, { expected: problem.expected });
        }
      }
    },
  },
  {
    code: 'too-few-options',
    severity: 'error',
    title: 'Fewer than two options',
    explain: 'There is nothing to choose between.',
    template: 'A question needs at least 2 options; this one has {count}.',
    blocksReading: true,
    checkLine: onRecord(({ options }, report) => {
      if (options.length < 2) {
        report(['options'], { count: options.length });
      }
    }),
  },
  {
    code: 'true-option-count',
    severity: 'error',
    title: 'Not exactly one true option',
    explain: 'Exactly one option must have label 1; training and scores count on it.',
    template: 'Exactly one option must have label 1; here {count} have.',
    remedy: 'Set label 1 on the report of this scan and 0 on all others.',
    checkLine: onRecord(({ options }, report) => {
      const count = options.filter(({ label }) => label === 1).length;
      if (count !== 1 && options.length > 0) {
        report(['options'], { count });
      }
    }),
  },
  {
    code: 'empty-option',
    severity: 'error',
    title: 'Option text is empty',
    explain: 'An option without a word says nothing about a scan, and gives itself away.',
    template: 'The text of option {option} is empty.',
    blocksReading: true,
    checkLine: onRecord(({ options }, report) => {
      options.forEach(({ text }, index) => {
        if (text !== undefined && !/[\p{L}\p{N}]/u.test(text)) {
          report(['options', index, 'text'], { option: index + 1 });
        }
      });
    }),
  },
  {
    code: 'duplicate-option',
    severity: 'error',
    title: 'Two options say the same',
    explain: 'Options that differ only in case, spaces or punctuation cannot be told apart.',
    template: 'Options {first} and {option} have the same text.',
    remedy: 'Replace one of the two by another report.',
    checkLine: onRecord(({ options }, report) => {
      reportRepeats(
        options.map(({ text, ref }) =>
          text === undefined ? ref : normaliseReport(text) || undefined,
        ),
        (index, first) => {
          const field = options[index].text === undefined ? 'ref' : 'text';
          report(['options', index, field], { option: index + 1, first: first + 1 });
        },
      );
    }),
  },
  {
    code: 'text-and-ref',
    severity: 'warning',
    title: 'Option has a text and a reference',
    explain: 'The text is used; the reference is ignored and may say something else.',
    template: 'Option {option} has both `text` and `ref`; `ref` is ignored.',
    checkLine: onRecord(({ options }, report) => {
      options.forEach(({ text, ref }, index) => {
        if (text !== undefined && ref !== undefined) {
          report(['options', index, 'ref'], { option: index + 1 });
        }
      });
    }),
  },
  {
    code: 'kind-contradicts-label',
    severity: 'warning',
    title: 'Kind and label disagree',
    explain: 'An option of kind "true" must have label 1, and every other kind label 0.',
    template: 'Option {option} has kind "{kind}" but label {label}.',
    checkLine: onRecord(({ options }, report) => {
      options.forEach(({ kind, label }, index) => {
        if (kind !== undefined && (kind === 'true') !== (label === 1)) {
          report(['options', index, 'kind'], { option: index + 1, kind, label });
        }
      });
    }),
  },
  {
    code: 'same-patient-distractor',
    severity: 'warning',
    title: 'Distractor from the same patient',
    explain:
      'Another scan or reconstruction of the same patient has much the same report: the question may have no single right answer.',
    template: 'Option {option} is a distractor from the same patient, {patient}.',
    remedy: 'Take a report of another patient.',
    checkLine: onRecord(({ image_path, options }, report) => {
      if (parseVolumeName(image_path) === undefined) {
        return;
      }
      const patient = patientOf(image_path);
      options.forEach(({ source, ref, label }, index) => {
        const from = source ?? ref;
        if (label === 0 && from !== undefined && patientOf(from) === patient) {
          report(['options', index], { option: index + 1, patient });
        }
      });
    }),
  },
  {
    code: 'unknown-image-type',
    severity: 'warning',
    title: 'Image is of an unknown type',
    explain:
      'Volumes are NIfTI files (.nii, .nii.gz); slice models also take .png and .jpg. Other files are never opened.',
    template: '`image_path` should end in .nii.gz, .nii, .png or .jpg.',
    checkLine: onRecord(({ image_path }, report) => {
      if (!/\.(nii|nii\.gz|png|jpe?g)$/i.test(image_path)) {
        report(['image_path']);
      }
    }),
  },
]);
