import { isPatient, patientAsked, patientNamed } from '../patientNames';
import type { McqRecord } from '../../record';
import type { FileRule, NeighbourFile, ReportInLine } from '../rule';

function partWith(
  patient: string,
  neighbours: readonly NeighbourFile[],
): { readonly file: string; readonly line: number } | undefined {
  for (const { name, patients } of neighbours) {
    const line = patients.get(patient);
    if (line !== undefined) {
      return { file: name, line };
    }
  }
  return undefined;
}

/** Starts a rule on each question of a file that has other parts beside it. */
function besideOtherParts(
  check: (record: McqRecord, neighbours: readonly NeighbourFile[], report: ReportInLine) => void,
): FileRule['start'] {
  return ({ neighbours }) => ({
    visit: ({ record }, report) => {
      if (record !== undefined && neighbours.length > 0) {
        check(record, neighbours, report);
      }
    },
  });
}

/** The parts of a set, such as NAME.train.mcqa.jsonl and NAME.valid.mcqa.jsonl in one folder. */
export const setRules: readonly FileRule[] = Object.freeze<FileRule[]>([
  {
    code: 'MCQ601',
    name: 'patient-in-two-parts',
    severity: 'error',
    title: 'Patient is in two parts of the set',
    explain:
      'The same patient is in this file and in another part of the set (NAME.train.mcqa.jsonl and NAME.valid.mcqa.jsonl in one folder belong together): what is learnt of a patient in training is no surprise in validation, and scores come out too good.',
    template: 'The patient {patient} is in {file} too, on line {line}.',
    remedy: 'Split by patient: build the parts with "ct-mcqa build --split".',
    needs: 'neighbours',
    notWhileTyping: true,
    start: besideOtherParts((record, neighbours, report) => {
      const patient = patientAsked(record);
      const part = partWith(patient, neighbours);
      if (part !== undefined) {
        report(['image_path'], { patient, ...part });
      }
    }),
  },
  {
    code: 'MCQ602',
    name: 'text-from-other-part',
    severity: 'warning',
    title: 'Distractor from a patient of another part',
    explain:
      'The report of a patient who is asked about in another part of the set serves as a distractor here: a model that has seen it as a wrong answer in training knows it again in validation.',
    template: 'Option {option} is from the patient {patient}, who is in {file} on line {line}.',
    remedy: 'Choose the distractors of each part from its own patients.',
    needs: 'neighbours',
    notWhileTyping: true,
    start: besideOtherParts(({ options }, neighbours, report) => {
      options.forEach(({ label, source, ref }, index) => {
        const origin = source ?? ref;
        const patient = origin === undefined || label === 1 ? undefined : patientNamed(origin);
        const part =
          patient !== undefined && isPatient(patient) ? partWith(patient, neighbours) : undefined;
        if (patient !== undefined && part !== undefined) {
          report(['options', index], { option: index + 1, patient, ...part });
        }
      });
    }),
  },
]);
