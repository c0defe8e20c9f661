import { aorta } from '../anatomy/heart';
import { mix } from '../phantom';
import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

/** Plates of calcium in the wall of the aortic arch and the descending aorta. */
export const arterialCalcification = findingKind({
  label: 'Arterial wall calcification',
  region: 'vessels',
  frequency: 0.9,
  fromAge: 45,
  changes: false,
  sites: onlySite,
  sizeMm: [6, 10],
  draw({ phantom, patient, random }, { severity, sizeMm }) {
    const radius = phantom.standardMm(sizeMm) / 2;
    const plates = 28 + Math.round(40 * severity);
    for (let plate = 0; plate < plates; plate++) {
      const piece = random.between(2, aorta.length - 1.001);
      const [x, y, z] = mix(aorta[Math.floor(piece)], aorta[Math.floor(piece) + 1], piece % 1);
      const turn = random.between(0, 2 * Math.PI);
      const wall = patient.aortaRadiusMm - 1;
      phantom.sphere([x + wall * Math.cos(turn), y + wall * Math.sin(turn), z], radius, {
        hu: 950 + 250 * severity,
      });
    }
  },
  sentences: ({ severity }) => [
    `${capital(grade(severity))} wall calcification of the thoracic aorta.`,
    'Calcified plates lie in the wall of the arch and of the descending aorta.',
    `The aortic wall is calcified to a ${grade(severity)} degree.`,
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity))} aortic wall calcification.`,
    'Calcified aorta.',
    `Aortic atherosclerosis with calcification, ${grade(severity)}.`,
  ],
  absences: ['No aortic calcification.', 'The aortic wall is free of calcium.'],
});
