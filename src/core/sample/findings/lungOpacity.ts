import { lungBox, lungDistance, paintLung } from '../anatomy/lungs';
import { mottle } from '../mottle';
import { capital, findingKind, grade } from './kind';
import { sidedSites } from './sites';

/** Patches of ground glass: the lung turns grey, its vessels stay visible. */
export const lungOpacity = findingKind({
  label: 'Lung opacity',
  region: 'lungs',
  frequency: 1.2,
  changes: true,
  sites: sidedSites,
  sizeMm: [20, 60],
  draw({ phantom, random }, { site, severity }) {
    for (const side of site.sides) {
      const patches = mottle(random, lungBox(side), 34);
      const threshold = 0.12 - 0.35 * severity;
      paintLung(
        phantom,
        side,
        (x, y, z) => {
          // Most of it lies near the pleura.
          const depth = -lungDistance(side, x, y, z);
          return 40 * (threshold - patches(x, y, z) + 0.004 * Math.max(depth - 15, 0));
        },
        { hu: -480, opacity: 0.8 },
      );
    }
  },
  sentences: ({ site, severity }) => {
    const where = site.sides.length === 2 ? 'both lungs' : `the ${site.words} lung`;
    return [
      `Patchy ground-glass opacity in ${where}, ${grade(severity)} in extent.`,
      `Areas of ground glass are scattered through ${where}, mostly below the pleura.`,
      `${capital(grade(severity))} ground-glass change in ${where}; vessels remain visible through it.`,
    ];
  },
  conclusions: ({ site, severity }) => [
    `${capital(grade(severity))} ${site.words} ground-glass opacity, viral pneumonia possible.`,
    `${capital(site.words)} ground-glass opacities.`,
    `Ground-glass opacity, ${site.words}, ${grade(severity)}.`,
  ],
  absences: [
    'No ground-glass opacity.',
    'Ground glass is not present.',
    'There is no hazy opacity in the lungs.',
  ],
});
