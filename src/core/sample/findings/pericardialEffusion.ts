import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

export const pericardialEffusion = findingKind({
  label: 'Pericardial effusion',
  region: 'heart',
  frequency: 0.6,
  changes: true,
  sites: onlySite,
  sizeMm: [12, 26],
  alter: (patient, { sizeMm }) => ({ ...patient, pericardialFluidMm: sizeMm }),
  sentences: ({ severity, sizeMm }) => [
    `Fluid of ${sizeMm} mm surrounds the heart inside the pericardium.`,
    `${capital(grade(severity))} pericardial effusion, ${sizeMm} mm wide.`,
    `The pericardial sac contains fluid, width ${sizeMm} mm.`,
  ],
  conclusions: ({ severity, sizeMm }) => [
    `${capital(grade(severity))} pericardial effusion.`,
    `Pericardial effusion of ${sizeMm} mm.`,
    `Pericardial fluid, ${grade(severity)}.`,
  ],
  absences: ['No pericardial effusion.', 'The pericardium holds no fluid.'],
});
