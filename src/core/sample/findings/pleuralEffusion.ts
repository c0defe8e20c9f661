import { diaphragm, lungDistance, paintLung } from '../anatomy/lungs';
import { tissues } from '../phantom';
import { capital, findingKind, grade } from './kind';
import { sidedSites } from './sites';

const amounts = ['small', 'moderate', 'large'] as const;

/** Fluid sinks to the back and the base of a lying patient: the lung behind a tilted plane. */
export const pleuralEffusion = findingKind({
  label: 'Pleural effusion',
  region: 'pleura',
  frequency: 1.3,
  changes: true,
  sites: sidedSites,
  sizeMm: [22, 70],
  draw({ phantom, patient }, { site, sizeMm }) {
    const depth = phantom.standardMm(sizeMm);
    for (const side of site.sides) {
      const level = (y: number, z: number): number => 85 - depth - y + 0.22 * (z + 40);
      // The lung next to the fluid collapses.
      paintLung(phantom, side, (_x, y, z) => level(y, z) - 9, { hu: patient.lungHu + 560 });
      paintLung(phantom, side, (_x, y, z) => level(y, z), { hu: 9, tissue: tissues.lesion });
      paintLung(
        phantom,
        side,
        (x, y, z) =>
          Math.max(z - diaphragm(side, x, y) - 0.25 * depth, -lungDistance(side, x, y, z) - depth),
        { hu: 9, tissue: tissues.lesion },
      );
    }
  },
  sentences: ({ site, severity, sizeMm }) => {
    const amount = grade(severity, amounts);
    return site.sides.length === 2
      ? [
          `Fluid layers in both pleural spaces, ${sizeMm} mm deep at most.`,
          `Bilateral pleural effusion of ${amount} volume, depth ${sizeMm} mm.`,
          `A ${amount} pleural effusion lies on each side and reaches ${sizeMm} mm.`,
        ]
      : [
          `Fluid layers in the ${site.words} pleural space, ${sizeMm} mm deep at most.`,
          `${capital(site.words)} pleural effusion of ${amount} volume, depth ${sizeMm} mm.`,
          `A ${amount} pleural effusion lies on the ${site.words} side and reaches ${sizeMm} mm.`,
        ];
  },
  conclusions: ({ site, severity }) => [
    `${capital(grade(severity, amounts))} ${site.words} pleural effusion.`,
    `${capital(site.words)} pleural effusion, ${grade(severity, amounts)}.`,
    `${capital(site.words)}-sided pleural fluid, ${grade(severity, amounts)} amount.`.replace(
      'Bilateral-sided',
      'Bilateral',
    ),
  ],
  absences: [
    'No pleural effusion.',
    'The pleural spaces hold no fluid.',
    'Pleural fluid is absent on both sides.',
  ],
});
