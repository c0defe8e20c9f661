import { lungBox, lungDistance, paintLung } from '../anatomy/lungs';
import { mottle } from '../mottle';
import { capital, findingKind, grade } from './kind';
import { sidedSites } from './sites';

/** Distance between two septa; secondary lobules are drawn larger than life to be seen on coarse grids. */
const lobuleMm = 24;

/** The walls between the lobules, thickened: a net under the pleura. */
export const interlobularSeptalThickening = findingKind({
  label: 'Interlobular septal thickening',
  region: 'lungs',
  frequency: 0.8,
  changes: true,
  sites: [sidedSites[2], sidedSites[0], sidedSites[1]],
  sizeMm: [3, 6],
  draw({ phantom, random }, { site, sizeMm }) {
    const half = phantom.standardMm(sizeMm) / 2;
    for (const side of site.sides) {
      const bend = mottle(random, lungBox(side), 26);
      const fromSeptum = (along: number): number =>
        Math.abs(along - lobuleMm * Math.round(along / lobuleMm));
      paintLung(
        phantom,
        side,
        (x, y, z) => {
          const warp = 13 * bend(x, y, z);
          const septum = Math.min(
            fromSeptum(x + warp),
            fromSeptum(0.8 * y + 0.6 * z + warp),
            fromSeptum(0.8 * z - 0.6 * y - warp),
          );
          return Math.max(septum - half, -lungDistance(side, x, y, z) - 42);
        },
        { hu: -40, opacity: 0.9 },
      );
    }
  },
  sentences: ({ site, severity }) => {
    const where = site.sides.length === 2 ? 'both lungs' : `the ${site.words} lung`;
    return [
      `Smooth thickening of the interlobular septa in ${where}.`,
      `A net of thick septal lines lies below the pleura of ${where}.`,
      `${capital(grade(severity))} interlobular septal thickening in ${where}.`,
    ];
  },
  conclusions: ({ site, severity }) => [
    `${capital(site.words)} interlobular septal thickening.`,
    `Septal lines, ${site.words}, interstitial oedema possible.`,
    `${capital(grade(severity))} septal thickening, ${site.words}.`,
  ],
  absences: ['No septal thickening.', 'Interlobular septa are thin.'],
});
