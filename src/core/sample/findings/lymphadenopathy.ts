import { lungTissue } from '../anatomy/lungs';
import { tissues } from '../phantom';
import type { Point } from '../phantom';
import { capital, findingKind } from './kind';
import type { Site } from './kind';

interface NodeSite extends Site {
  readonly nodes: readonly Point[];
}

const sites: readonly NodeSite[] = [
  {
    words: 'bilateral hilar',
    nodes: [
      [-50, 16, 16],
      [-44, 24, -8],
      [-46, 6, 30],
      [52, 18, 14],
      [46, 26, -10],
      [50, 8, 30],
    ],
  },
  {
    words: 'mediastinal',
    nodes: [
      [-22, 2, 60],
      [-24, -6, 76],
      [22, -8, 68],
      [26, 4, 44],
      [0, 30, 16],
      [-20, -36, 58],
      [22, -36, 60],
    ],
  },
  {
    words: 'bilateral axillary',
    nodes: [
      [-136, -20, 84],
      [-140, 4, 66],
      [-134, -34, 60],
      [136, -20, 84],
      [140, 4, 66],
      [134, -34, 60],
    ],
  },
];

export const lymphadenopathy = findingKind({
  label: 'Lymphadenopathy',
  region: 'nodes',
  frequency: 0.8,
  changes: true,
  sites,
  sizeMm: [17, 36],
  draw({ phantom, random }, { site, sizeMm }) {
    const radius = phantom.standardMm(sizeMm) / 2;
    for (const [x, y, z] of site.nodes) {
      const centre: Point = [
        x + random.between(-3, 3),
        y + random.between(-3, 3),
        z + random.between(-3, 3),
      ];
      const size = radius * random.between(0.75, 1);
      phantom.ellipsoid(centre, [size, size, size * 1.2], {
        hu: 48,
        tissue: tissues.lesion,
        over: [tissues.fat, tissues.muscle, lungTissue.right, lungTissue.left],
      });
    }
  },
  sentences: ({ site, sizeMm }) => [
    `Enlarged ${site.words} lymph nodes, the largest ${sizeMm} mm.`,
    `${capital(site.words)} lymphadenopathy with nodes of up to ${sizeMm} mm.`,
    `Several ${site.words} nodes are enlarged to ${sizeMm} mm.`,
  ],
  conclusions: ({ site, sizeMm }) => [
    `${capital(site.words)} lymphadenopathy.`,
    `Enlarged ${site.words} lymph nodes, ${sizeMm} mm.`,
    `Lymphadenopathy, ${site.words}.`,
  ],
  absences: ['No enlarged lymph nodes.', 'Lymph nodes are of normal size.', 'No lymphadenopathy.'],
});
