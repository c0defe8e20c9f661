/** Lines one after another, both ends included, 0-based. */
export interface LineRun {
  readonly first: number;
  readonly last: number;
}

/**
 * Runs of two and more questions about one patient, for folding: a question itself is one line.
 *
 * @param patients of each line; undefined where the line is no question.
 */
export function patientRuns(patients: readonly (string | undefined)[]): LineRun[] {
  const runs: LineRun[] = [];
  let first = 0;
  patients.forEach((patient, line) => {
    if (patient === undefined || patient !== patients[first]) {
      first = line;
    }
    if (patient !== patients[line + 1] && line > first) {
      runs.push({ first, last: line });
    }
  });
  return runs;
}
