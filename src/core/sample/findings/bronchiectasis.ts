import { hilum, lungTissue, pointInLobe } from '../anatomy/lungs';
import { mix, tissues } from '../phantom';
import { capital, findingKind } from './kind';
import { lobeSites } from './sites';

/** A cluster of wide, thick-walled bronchi in one lobe. */
export const bronchiectasis = findingKind({
  label: 'Bronchiectasis',
  region: 'airways',
  frequency: 0.9,
  changes: false,
  sites: lobeSites,
  sizeMm: [11, 20],
  draw({ phantom, random }, { site, severity, sizeMm }) {
    const lumen = phantom.standardMm(sizeMm) / 2;
    const over = [lungTissue[site.side], tissues.lesion];
    const count = 6 + Math.round(5 * severity);
    const tubes = Array.from({ length: count }, () => {
      const end = pointInLobe(random, site.lobe, 34);
      return [mix(end, hilum(site.side), 0.35), end];
    });
    for (const path of tubes) {
      phantom.tube(path, lumen + 3, lumen + 3, { hu: 10, over, tissue: tissues.lesion });
    }
    for (const path of tubes) {
      phantom.tube(path, lumen, lumen, { hu: -980, over });
    }
  },
  sentences: ({ site, sizeMm }) => [
    `Dilated thick-walled bronchi in the ${site.words}, up to ${sizeMm} mm wide.`,
    `Bronchiectasis of the ${site.words} with a lumen of ${sizeMm} mm.`,
    `Tubular and cystic bronchiectases of ${sizeMm} mm in the ${site.words}.`,
  ],
  conclusions: ({ site }) => [
    `${capital(site.words)} bronchiectasis.`,
    `Bronchiectasis in the ${site.words}.`,
    `Bronchiectatic change, ${site.words}.`,
  ],
  absences: ['No bronchiectasis.', 'The bronchi taper as they should.'],
});
