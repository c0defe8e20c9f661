import { lungTissue, paintLung, pointInLung, sides } from '../anatomy/lungs';
import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

/** Destroyed lung: darker as a whole, with holes, more of them above. */
export const emphysema = findingKind({
  label: 'Emphysema',
  region: 'lungs',
  frequency: 1.2,
  fromAge: 38,
  changes: false,
  sites: onlySite,
  sizeMm: [8, 26],
  draw({ phantom, random }, { severity, sizeMm }) {
    for (const side of sides) {
      paintLung(phantom, side, () => -100, { hu: -965, opacity: 0.35 + 0.35 * severity });
      const holes = 30 + Math.round(50 * severity);
      for (let hole = 0; hole < holes; hole++) {
        const [x, y, z] = pointInLung(random, side, 3);
        const upper = Math.min(Math.max((z + 90) / 130, 0.25), 1);
        const radius = phantom.standardMm(sizeMm / 2) * random.between(0.4, 1) * upper;
        phantom.sphere([x, y, z], radius, { hu: -1005, over: [lungTissue[side]] });
      }
    }
  },
  sentences: ({ severity, sizeMm }) => [
    `${capital(grade(severity))} centrilobular emphysema, most marked above, with air spaces up to ${sizeMm} mm.`,
    `Both lungs are emphysematous to a ${grade(severity)} degree; bullae reach ${sizeMm} mm.`,
    `Low-density emphysematous holes in both lungs, up to ${sizeMm} mm wide.`,
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity))} pulmonary emphysema.`,
    `Emphysema, ${grade(severity)}.`,
    `Emphysematous lungs, ${grade(severity)} degree.`,
  ],
  absences: ['No emphysema.', 'Emphysema is not seen.', 'The lungs are free of emphysema.'],
});
