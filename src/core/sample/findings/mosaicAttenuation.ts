import { lungBox, paintLung, sides } from '../anatomy/lungs';
import { mottle } from '../mottle';
import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

/** Lobules of trapped air beside lobules that hold the blood they lack. */
export const mosaicAttenuation = findingKind({
  label: 'Mosaic attenuation pattern',
  region: 'lungs',
  frequency: 0.7,
  changes: false,
  sites: onlySite,
  sizeMm: [1, 1],
  draw({ phantom, random }, { severity }) {
    for (const side of sides) {
      const lobules = mottle(random, lungBox(side), 22);
      paintLung(phantom, side, (x, y, z) => 60 * lobules(x, y, z), {
        hu: -710 + 70 * severity,
        opacity: 0.85,
      });
      paintLung(phantom, side, (x, y, z) => -60 * lobules(x, y, z), { hu: -930, opacity: 0.6 });
    }
  },
  sentences: ({ severity }) => [
    `${capital(grade(severity))} mosaic attenuation of the lung parenchyma.`,
    'Lighter and darker lobules alternate in a mosaic in both lungs.',
    'Mosaic pattern in both lungs, suggesting trapped air.',
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity))} mosaic attenuation, small airway disease possible.`,
    'Mosaic attenuation pattern.',
    'Mosaic lung pattern with air trapping.',
  ],
  absences: ['No mosaic attenuation.', 'Lung density is even without a mosaic pattern.'],
});
