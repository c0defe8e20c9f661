import { lungDistance, lungTissue, paintLung, signOf } from '../anatomy/lungs';
import { mix } from '../phantom';
import type { Point } from '../phantom';
import { capital, findingKind, grade } from './kind';
import { sidedSites } from './sites';

/** A cap of scar over the apex with strands towards the hilum. */
export const pulmonaryFibroticSequela = findingKind({
  label: 'Pulmonary fibrotic sequela',
  region: 'lungs',
  frequency: 0.9,
  changes: false,
  sites: sidedSites,
  sizeMm: [10, 24],
  draw({ phantom, random }, { site, severity, sizeMm }) {
    for (const side of site.sides) {
      const cap = phantom.standardMm(sizeMm);
      paintLung(phantom, side, (x, y, z) => Math.max(-lungDistance(side, x, y, z) - cap, 62 - z), {
        hu: -30,
        opacity: 0.9,
      });
      const strands = 9 + Math.round(9 * severity);
      for (let strand = 0; strand < strands; strand++) {
        const start: Point = [
          signOf(side) * random.between(25, 85),
          random.between(-50, 60),
          random.between(65, 105),
        ];
        const end = mix(start, [signOf(side) * 45, 12, 10], random.between(0.4, 0.8));
        phantom.tube([start, end], 2.6, 1.6, { hu: 20, over: [lungTissue[side]] });
      }
    }
  },
  sentences: ({ site, severity, sizeMm }) => {
    const where = site.sides.length === 2 ? 'both apices' : `the ${site.words} apex`;
    return [
      `Fibrotic scarring with strands in ${where}, pleural cap ${sizeMm} mm.`,
      `${capital(grade(severity))} fibrotic sequelae occupy ${where}.`,
      `Old scars draw from ${where} towards the hilum.`,
    ];
  },
  conclusions: ({ site }) => [
    `${capital(site.words)} apical fibrotic sequelae.`,
    `Apical scarring, ${site.words}.`,
    `Post-infectious fibrosis, ${site.words} apex.`.replace('bilateral apex', 'both apices'),
  ],
  absences: ['No fibrotic sequelae.', 'The apices are free of scars.', 'No fibrosis.'],
});
