import { parseVolumeName, patientOf } from '../volumeName';

/** More names than this are forgotten at once. */
const mostNames = 50_000;

const patients = new Map<string, string>();

/** {@link patientOf}, remembered: the volumes of a set are named again and again. */
export function patientNamed(volume: string): string {
  let patient = patients.get(volume);
  if (patient === undefined) {
    if (patients.size >= mostNames) {
      patients.clear();
    }
    patient = patientOf(volume);
    patients.set(volume, patient);
  }
  return patient;
}

/** Whether the name says who the patient is. */
export function isPatient(patient: string): boolean {
  return parseVolumeName(`${patient}_a_1`) !== undefined;
}
