import { inLobe, paintLung, pointInLobe } from '../anatomy/lungs';
import { mottle } from '../mottle';
import { boxAround, mix, tissues } from '../phantom';
import type { Point } from '../phantom';
import { capital, findingKind } from './kind';
import { lobeSites } from './sites';

/** Alveoli full of fluid with the bronchi still open, held back by the fissure. */
export const consolidation = findingKind({
  label: 'Consolidation',
  region: 'lungs',
  frequency: 1.3,
  changes: true,
  sites: lobeSites,
  sizeMm: [45, 95],
  draw({ phantom, random }, { site, sizeMm }) {
    const centre = pointInLobe(random, site.lobe, 14);
    const radius = phantom.standardMm(sizeMm) / 2;
    const ragged = mottle(random, boxAround(centre, [60, 60, 60]), 16);
    const distance = (x: number, y: number, z: number): number =>
      inLobe(site.lobe, y, z)
        ? Math.hypot(x - centre[0], y - centre[1], z - centre[2]) - radius + 9 * ragged(x, y, z)
        : 9;
    paintLung(phantom, site.side, (x, y, z) => distance(x, y, z) - 7, { hu: -560, opacity: 0.7 });
    paintLung(phantom, site.side, distance, { hu: 36, tissue: tissues.lesion });
    for (let bronchus = 0; bronchus < 4; bronchus++) {
      const tip: Point = [
        centre[0] + random.between(-radius, radius),
        centre[1] + random.between(-radius, radius),
        centre[2] + random.between(-radius, radius),
      ];
      phantom.tube([mix(tip, centre, 0.9), tip], 2, 1.4, { hu: -900, over: [tissues.lesion] });
    }
  },
  sentences: ({ site, sizeMm }) => [
    `Dense airspace consolidation with air bronchograms in the ${site.words}, about ${sizeMm} mm across.`,
    `The ${site.words} contains a consolidation of ${sizeMm} mm in which bronchi stay open.`,
    `Consolidated lung measuring ${sizeMm} mm in the ${site.words}.`,
  ],
  conclusions: ({ site }) => [
    `${capital(site.words)} consolidation, pneumonia is likely.`,
    `Consolidation in the ${site.words}.`,
    `Pneumonic consolidation, ${site.words}.`,
  ],
  absences: ['No consolidation.', 'No lobe is consolidated.', 'Airspace consolidation is absent.'],
});
