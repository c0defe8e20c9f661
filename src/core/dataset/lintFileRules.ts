import type { ParsedLine } from './jsonl';
import { reportRepeats } from './lintRule';
import type { FileRule, LintContext, ReportInFile } from './lintRule';

/** Counts questions without an image; keeps only as many as are ever reported one by one. */
class MissingImages {
  readonly first: { readonly line: ParsedLine; readonly image: string }[] = [];
  count = 0;
  questions = 0;

  constructor(private readonly imageFound: LintContext['imageFound']) {}

  visit(line: ParsedLine): void {
    const image = line.record?.image_path;
    if (image === undefined) {
      return;
    }
    this.questions++;
    if (this.imageFound(image) === false) {
      this.count++;
      if (this.first.length < mostMissingImages) {
        this.first.push({ line, image });
      }
    }
  }
}

/** A rule that judges once all questions without an image are counted. */
function atTheEnd(
  judge: (missing: MissingImages, report: ReportInFile) => void,
): FileRule['start'] {
  return ({ imageFound }) => {
    const missing = new MissingImages(imageFound);
    return {
      visit: (line) => {
        missing.visit(line);
      },
      finish: (report) => {
        judge(missing, report);
      },
    };
  };
}

/** More missing images than this are one finding, not one each: the whole folder is elsewhere. */
export const mostMissingImages = 20;

/** Each rule compares lines with each other, or with the tables and images around the file. */
export const fileRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'side-file-invalid',
    severity: 'error',
    title: 'Side file or its tables cannot be used',
    explain: 'NAME.mcqa.json beside the question file names the reports table and the image roots.',
    template: '{problem}',
    blocksReading: true,
    start: ({ sideFileProblem }) => ({
      finish: (report) => {
        const problem = sideFileProblem();
        if (problem !== undefined) {
          report(undefined, [], { problem });
        }
      },
    }),
  },
  {
    code: 'no-questions',
    severity: 'warning',
    title: 'File holds no question',
    explain: 'There is nothing to train on or to score.',
    template: 'The file holds no question.',
    start: () => {
      let questions = 0;
      return {
        visit: () => {
          questions++;
        },
        finish: (report) => {
          if (questions === 0) {
            report(undefined, []);
          }
        },
      };
    },
  },
  {
    code: 'duplicate-id',
    severity: 'error',
    title: 'Two questions have the same id',
    explain: 'Predictions are kept by question id; two questions with one id would share them.',
    template: 'The id "{id}" stands on line {first} already.',
    blocksReading: true,
    start: () => {
      const firstLine = new Map<string, number>();
      return {
        visit: ({ line, record }, report) => {
          const id = record?.id;
          if (id === undefined) {
            return;
          }
          const first = firstLine.get(id);
          if (first === undefined) {
            firstLine.set(id, line + 1);
          } else {
            report(['id'], { id, first });
          }
        },
      };
    },
  },
  {
    code: 'ref-unresolved',
    severity: 'error',
    title: 'Reference points nowhere',
    explain:
      'A `ref` names a volume of the reports table that the side file (NAME.mcqa.json) gives.',
    template: 'The report "{ref}" of option {option} is not in the reports table.',
    remedy: 'Name the table in the side file, or write the text into the option.',
    blocksReading: true,
    start: ({ reports }) => ({
      visit: ({ record }, report) => {
        record?.options.forEach(({ text, ref }, index) => {
          if (text === undefined && ref !== undefined && !reports()?.has(ref)) {
            report(['options', index, 'ref'], { ref, option: index + 1 });
          }
        });
      },
    }),
  },
  {
    code: 'duplicate-reference',
    severity: 'error',
    title: 'Two references stand for the same text',
    explain: 'Reconstructions of a scan share a report, and normal scans often have equal ones.',
    template: 'Options {first} and {option} stand for the same text.',
    remedy: 'Refer to a report with another text.',
    start: ({ reports }) => ({
      visit: ({ record }, report) => {
        const table = reports();
        if (table === undefined || !record?.options.some(({ ref }) => ref !== undefined)) {
          return;
        }
        const refs = record.options.map(({ ref }) => ref);
        reportRepeats(
          refs.map((ref, index) =>
            // The same reference twice is duplicate-option already.
            ref === undefined || refs.indexOf(ref) < index ? undefined : table.keyOf(ref, record),
          ),
          (index, first) => {
            report(['options', index, 'ref'], { option: index + 1, first: first + 1 });
          },
        );
      },
    }),
  },
  {
    code: 'image-missing',
    severity: 'warning',
    title: 'Image file is not there',
    explain: 'The image was looked for as it stands, and below every image root.',
    template: 'The image {image} was not found.',
    remedy: 'Copy it there, or add the folder it is in to "image_roots" of the side file.',
    start: atTheEnd(({ first, count }, report) => {
      if (count <= mostMissingImages) {
        for (const { line, image } of first) {
          report(line, ['image_path'], { image });
        }
      }
    }),
  },
  {
    code: 'images-missing',
    severity: 'warning',
    title: 'Many image files are not there',
    explain:
      'Most often the volumes are in another folder than the question file says, or not downloaded yet.',
    template: '{count} of {questions} questions have no image file; the first is {image}.',
    remedy: 'Add the folder of the volumes to "image_roots" of the side file.',
    start: atTheEnd(({ first: [first], count, questions }, report) => {
      if (count > mostMissingImages) {
        report(first.line, ['image_path'], { count, questions, image: first.image });
      }
    }),
  },
]);
