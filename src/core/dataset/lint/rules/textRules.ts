import { longestEditable } from '../../editorLimit';
import type { JsonProblem } from '../../jsonl';
import type { FileRule, LineRule } from '../rule';

/** A rule about one way in which a line is not JSON. */
const onProblem =
  (kind: JsonProblem['kind'], isFixedByRemoval: boolean): LineRule['checkLine'] =>
  ({ json: { problem } }, report) => {
    if (problem?.kind === kind) {
      const fix = isFixedByRemoval ? { place: problem, text: '' } : undefined;
      report(problem, { what: problem.what }, fix);
    }
  };

const lineStart = { start: 0, end: 0 };

/** JSON and encoding of single lines. */
export const textLineRules: readonly LineRule[] = Object.freeze<LineRule[]>([
  {
    code: 'MCQ001',
    name: 'json-syntax',
    severity: 'error',
    title: 'Line is not JSON',
    explain:
      'Every line must hold one JSON object: double quotes, no comments, no trailing commas, no line breaks inside.',
    template: 'Not valid JSON: {what}.',
    basic: true,
    blocksReading: true,
    checkLine: onProblem('syntax', false),
  },
  {
    code: 'MCQ002',
    name: 'trailing-comma',
    severity: 'error',
    title: 'Comma before a closing bracket',
    explain: 'JSON has commas only between things; JavaScript and Python allow one after the last.',
    template: 'Not valid JSON: {what}.',
    fix: 'Remove the comma',
    basic: true,
    blocksReading: true,
    checkLine: onProblem('trailing-comma', true),
  },
  {
    code: 'MCQ003',
    name: 'line-cut',
    severity: 'error',
    title: 'Line ends before its record does',
    explain:
      'On the last line the file was cut short, by a download or copy that stopped; elsewhere a line break stands inside a record, which must be on one line.',
    template: 'The line ends before its record does: {what}.',
    remedy: 'Copy or build the file again, or join the record to one line.',
    basic: true,
    blocksReading: true,
    checkLine: onProblem('cut', false),
  },
  {
    code: 'MCQ004',
    name: 'repeated-field',
    severity: 'warning',
    title: 'Field stands twice',
    explain:
      'Readers keep the last value of a field that stands twice in one object and drop the others without a word.',
    template: 'The field "{field}" stands here for the second time; only the last counts.',
    fix: 'Remove the earlier "{field}"',
    basic: true,
    checkLine: ({ json }, report) => {
      for (const { name, place, shadowed } of json.repeatedFields) {
        report(place, { field: name }, { place: shadowed, text: '' });
      }
    },
  },
  {
    code: 'MCQ005',
    name: 'encoding',
    severity: 'warning',
    title: 'Text was decoded wrongly',
    explain:
      'The replacement character stands where bytes were not valid UTF-8: the file was saved in another encoding, and letters are lost.',
    template:
      'The replacement character U+FFFD stands here: the text was saved in another encoding than UTF-8.',
    remedy: 'Save the source in UTF-8 and build the file again.',
    basic: true,
    checkLine: ({ json }, report) => {
      const start = json.text.indexOf('\uFFFD');
      if (start >= 0) {
        report({ start, end: start + 1 });
      }
    },
  },
]);

/** The file as a text. */
export const textFileRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'MCQ006',
    name: 'foreign-encoding',
    severity: 'error',
    title: 'File is not in UTF-8',
    explain:
      'Windows tools write UTF-16 when they say "Unicode"; question files are UTF-8. Nothing else is checked in such a file.',
    template: 'The file is in {encoding}; question files are UTF-8.',
    remedy: 'Save it with the encoding UTF-8.',
    basic: true,
    blocksReading: true,
    start: ({ foreignEncoding: encoding }) => ({
      finish: (report) => {
        if (encoding !== undefined) {
          report(undefined, [], { encoding });
        }
      },
    }),
  },
  {
    code: 'MCQ007',
    name: 'byte-order-mark',
    severity: 'info',
    title: 'File begins with a byte order mark',
    explain:
      'We skip it, but other readers of JSON lines, Python among them, stumble over it on the first line.',
    template:
      'The file begins with a byte order mark, which other readers take for part of line 1.',
    remedy: 'Save it with the encoding UTF-8 without BOM.',
    basic: true,
    start: () => ({
      visit: ({ line, offset }, report) => {
        if (line === 0 && offset > 0) {
          report(lineStart);
        }
      },
    }),
  },
  {
    code: 'MCQ008',
    name: 'mixed-line-ends',
    severity: 'info',
    title: 'Line ends of more than one kind',
    explain:
      'A file whose lines end partly in LF, partly in CRLF or CR was put together by tools that disagree; editors and version control will change it without being asked.',
    template: 'This line ends in {ending}, the lines before in {first}.',
    remedy: 'Choose one kind of line end for the whole file.',
    basic: true,
    start: () => {
      let first: string | undefined;
      let isReported = false;
      return {
        visit: ({ ending, question }, report) => {
          if (ending === '' || isReported) {
            return;
          }
          first ??= ending;
          if (ending !== first) {
            isReported = true;
            const end = question.json.text.length;
            const values = { ending: nameOfEnding[ending], first: nameOfEnding[first] };
            report({ start: end, end }, values);
          }
        },
      };
    },
  },
  {
    code: 'MCQ009',
    name: 'file-too-large',
    severity: 'info',
    title: 'File is over 50 MB',
    explain:
      'VS Code shows such a file but does not hand it on to extensions: it is not checked while it is edited, and answers are not shown on it. The command line and training do not mind.',
    template: 'The file has {size} MB; VS Code hands no more than 50 MB on to extensions.',
    remedy: 'Build it with references in place of texts, or in parts, to work on it in the editor.',
    notWhileTyping: true,
    start: () => {
      let characters = 0;
      return {
        visit: ({ offset, question }) => {
          characters = offset + question.json.text.length;
        },
        finish: (report) => {
          if (characters > longestEditable) {
            report(undefined, [], { size: Math.round(characters / 2 ** 20) });
          }
        },
      };
    },
  },
  {
    code: 'MCQ010',
    name: 'no-questions',
    severity: 'warning',
    title: 'File holds no question',
    explain: 'There is nothing to train on or to score.',
    template: 'The file holds no question.',
    basic: true,
    start: ({ foreignEncoding }) => {
      let questions = 0;
      return {
        visit: ({ question }) => {
          questions += question.json.isBlank ? 0 : 1;
        },
        finish: (report) => {
          if (questions === 0 && foreignEncoding === undefined) {
            report(undefined, []);
          }
        },
      };
    },
  },
]);

const nameOfEnding: Readonly<Record<string, string>> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };
