import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

export const cardiomegaly = findingKind({
  label: 'Cardiomegaly',
  region: 'heart',
  frequency: 1.2,
  changes: false,
  sites: onlySite,
  sizeMm: [150, 178],
  alter: (patient, { severity }) => ({ ...patient, heartScale: 1.26 + 0.22 * severity }),
  sentences: ({ severity, sizeMm }) => [
    `The heart is enlarged, ${sizeMm} mm wide.`,
    `${capital(grade(severity))} cardiomegaly with a transverse diameter of ${sizeMm} mm.`,
    `Cardiac size is increased to a ${grade(severity)} degree.`,
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity))} cardiomegaly.`,
    'Enlarged heart.',
    `Cardiomegaly, ${grade(severity)}.`,
  ],
  absences: ['The heart is not enlarged.', 'Cardiac size is normal.', 'No cardiomegaly.'],
});
