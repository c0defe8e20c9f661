import { lungTissue, pointInLobe } from '../anatomy/lungs';
import { tissues } from '../phantom';
import { capital, findingKind } from './kind';
import { lobeSites } from './sites';

/** One round, solid nodule. */
export const lungNodule = findingKind({
  label: 'Lung nodule',
  region: 'lungs',
  frequency: 1.2,
  changes: true,
  sites: lobeSites,
  sizeMm: [14, 38],
  draw({ phantom, random }, { site, sizeMm }) {
    const centre = pointInLobe(random, site.lobe, 24);
    phantom.sphere(centre, phantom.standardMm(sizeMm) / 2, {
      hu: 45,
      tissue: tissues.lesion,
      over: [lungTissue[site.side]],
    });
  },
  sentences: ({ site, sizeMm }) => [
    `A solid nodule of ${sizeMm} mm lies in the ${site.words}.`,
    `Solid pulmonary nodule in the ${site.words}, diameter ${sizeMm} mm.`,
    `In the ${site.words} a round nodule measures ${sizeMm} mm.`,
  ],
  conclusions: ({ site, sizeMm }) => [
    `${capital(site.words)} nodule, ${sizeMm} mm.`,
    `Solid ${sizeMm} mm nodule in the ${site.words}; follow-up advised.`,
    `Pulmonary nodule of ${sizeMm} mm, ${site.words}.`,
  ],
  absences: ['No pulmonary nodule.', 'Neither lung shows a nodule.', 'Lung nodules are absent.'],
});
