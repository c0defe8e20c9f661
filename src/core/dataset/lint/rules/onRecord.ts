import type { McqRecord } from '../../record';
import type { QuestionLine } from '../questionLine';
import type { LineRule, ReportInLine } from '../rule';

/** A rule about whole records, skipped where the line is none. */
export const onRecord =
  (
    check: (record: McqRecord, report: ReportInLine, line: QuestionLine) => void,
  ): LineRule['checkLine'] =>
  (line, report) => {
    if (line.record !== undefined) {
      check(line.record, report, line);
    }
  };
