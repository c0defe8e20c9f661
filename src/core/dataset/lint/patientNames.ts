import type { McqRecord } from '../record';
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

/** `questionPatient` of a record, by remembered names. */
export function patientAsked({ patient, image_path }: McqRecord): string {
  return patient ?? patientNamed(image_path);
}

/** Whether the name says who the patient is. */
export function isPatient(patient: string): boolean {
  return parseVolumeName(`${patient}_a_1`) !== undefined;
}
