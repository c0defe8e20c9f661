import type { FileRule, LineRule } from '../rule';
import { forEachRepeat } from '../sameText';
import { onRecord } from './onRecord';

/** Options that point into the reports table. */
export const referenceLineRules: readonly LineRule[] = Object.freeze<LineRule[]>([
  {
    code: 'MCQ302',
    name: 'ref-unresolved',
    severity: 'error',
    title: 'Reference points nowhere',
    explain:
      'A `ref` names a volume of the reports table that the side file (NAME.mcqa.json) gives.',
    template: 'The report "{ref}" of option {option} is not in the reports table.',
    remedy: 'Name the table in the side file, or write the text into the option.',
    blocksReading: true,
    needs: 'reports',
    checkLine: onRecord(({ options }, report, { surroundings }) => {
      options.forEach(({ text, ref }, index) => {
        if (text === undefined && ref !== undefined && !surroundings.reports()?.has(ref)) {
          report(['options', index, 'ref'], { ref, option: index + 1 });
        }
      });
    }),
  },
  {
    code: 'MCQ303',
    name: 'duplicate-reference',
    severity: 'error',
    title: 'Two references stand for the same text',
    explain: 'Reconstructions of a scan share a report, and normal scans often have equal ones.',
    template: 'Options {first} and {option} stand for the same text.',
    remedy: 'Refer to a report with another text.',
    needs: 'reports',
    checkLine: onRecord((record, report, { surroundings }) => {
      const table = surroundings.reports();
      if (table === undefined || !record.options.some(({ ref }) => ref !== undefined)) {
        return;
      }
      const refs = record.options.map(({ ref }) => ref);
      const keys = refs.map((ref, index) =>
        // The same reference twice is duplicate-option already.
        ref === undefined || refs.indexOf(ref) < index ? undefined : table.keyOf(ref, record),
      );
      forEachRepeat(
        keys,
        (a, b) => a === b,
        (index, first) => {
          report(['options', index, 'ref'], { option: index + 1, first: first + 1 });
        },
      );
    }),
  },
]);

/** The file that says what references mean. */
export const referenceFileRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'MCQ301',
    name: 'side-file-invalid',
    severity: 'error',
    title: 'Side file or its tables cannot be used',
    explain: 'NAME.mcqa.json beside the question file names the reports table and the image roots.',
    template: '{problem}',
    basic: true,
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
]);
