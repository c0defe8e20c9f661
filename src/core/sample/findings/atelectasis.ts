import { diaphragm, lungBox, paintLung, signOf } from '../anatomy/lungs';
import { tissues } from '../phantom';
import { capital, findingKind } from './kind';
import { sidedSites } from './sites';

/** Plates of collapsed lung over the diaphragm. */
export const atelectasis = findingKind({
  label: 'Atelectasis',
  region: 'lungs',
  frequency: 1,
  changes: true,
  sites: sidedSites,
  sizeMm: [9, 20],
  draw({ phantom, random }, { site, sizeMm }) {
    const thickness = phantom.standardMm(sizeMm);
    for (const side of site.sides) {
      const tilt = random.between(0.1, 0.35) * signOf(side);
      for (const height of [10, 10 + 2.6 * thickness]) {
        const { low, high } = lungBox(side);
        const middle = (low[0] + high[0]) / 2;
        paintLung(
          phantom,
          side,
          (x, y, z) => {
            const plate = diaphragm(side, middle, y) + height + tilt * (x - middle);
            return Math.max(Math.abs(z - plate) - thickness / 2, -y - 25);
          },
          { hu: 20, opacity: 0.9, tissue: tissues.lesion },
        );
      }
    }
  },
  sentences: ({ site, sizeMm }) => {
    const where = site.sides.length === 2 ? 'both lung bases' : `the ${site.words} lung base`;
    return [
      `Plate-like atelectasis in ${where}, ${sizeMm} mm thick.`,
      `Bands of collapsed lung cross ${where}, thickness ${sizeMm} mm.`,
      `Linear atelectatic bands in ${where} up to ${sizeMm} mm.`,
    ];
  },
  conclusions: ({ site }) => [
    `${capital(site.words)} basal atelectasis.`,
    `Atelectatic bands, ${site.words} base.`.replace('bilateral base', 'both bases'),
    `Plate atelectasis, ${site.words}.`,
  ],
  absences: ['No atelectasis.', 'The bases are free of atelectasis.', 'Atelectasis is absent.'],
});
