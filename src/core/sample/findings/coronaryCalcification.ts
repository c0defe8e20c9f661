import { heartSurface } from '../anatomy/heart';
import { findingKind, grade, capital } from './kind';
import { onlySite } from './sites';

/** Course of the coronary arteries over the heart: turn about z and rise over its equator, radians. */
const coronaryArteries = [
  { turn: [-1.9, -0.4], rise: [0.75, -0.2] },
  { turn: [0.9, 0.3], rise: [0.7, -0.3] },
  { turn: [-2.6, -2.2], rise: [0.6, -0.6] },
] as const;

/** Plaques along the coronary arteries. */
export const coronaryCalcification = findingKind({
  label: 'Coronary artery wall calcification',
  region: 'vessels',
  frequency: 1,
  fromAge: 40,
  changes: false,
  sites: onlySite,
  sizeMm: [6, 11],
  draw({ phantom, patient, random }, { severity, sizeMm }) {
    const radius = phantom.standardMm(sizeMm) / 2;
    const plaques = 4 + Math.round(5 * severity);
    for (const { turn, rise } of coronaryArteries) {
      for (let plaque = 0; plaque < plaques; plaque++) {
        const along = random.uniform();
        const at = heartSurface(
          patient,
          turn[0] + along * (turn[1] - turn[0]),
          rise[0] + along * (rise[1] - rise[0]),
        );
        phantom.sphere(at, radius * random.between(0.7, 1), { hu: 1000 + 300 * severity });
      }
    }
  },
  sentences: ({ severity }) => [
    `${capital(grade(severity))} calcified plaques line the coronary arteries.`,
    `Calcification of the coronary artery walls, ${grade(severity)} in amount.`,
    'Calcified atheroma follows the course of the coronary vessels.',
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity))} coronary artery calcification.`,
    'Calcified coronary arteries.',
    `Coronary calcification, ${grade(severity)}.`,
  ],
  absences: ['No coronary calcification.', 'The coronary arteries are not calcified.'],
});
