import { airways } from '../anatomy/heart';
import { hilum, lungTissue, pointInLobe, lobeNames, lobes } from '../anatomy/lungs';
import { mix, tissues } from '../phantom';
import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

/** Thick cuffs around the bronchi from the hila outwards. */
export const peribronchialThickening = findingKind({
  label: 'Peribronchial thickening',
  region: 'airways',
  frequency: 0.7,
  changes: true,
  sites: onlySite,
  sizeMm: [4, 8],
  draw({ phantom, random }, { sizeMm }) {
    const cuff = phantom.standardMm(sizeMm);
    const lungs = [lungTissue.right, lungTissue.left, tissues.airway];
    const bronchi = airways.slice(3).map(({ path }) => path);
    for (const lobe of lobeNames) {
      for (let branch = 0; branch < 3; branch++) {
        const start = hilum(lobes[lobe].side);
        bronchi.push([mix(start, lobes[lobe].centre, 0.3), pointInLobe(random, lobe, 30)]);
      }
    }
    for (const path of bronchi) {
      phantom.tube(path, 2.5 + cuff, 1.5 + 0.6 * cuff, { hu: 15, over: lungs });
      phantom.tube(path, 2.6, 1.6, { hu: -950, over: lungs });
    }
  },
  sentences: ({ severity, sizeMm }) => [
    `${capital(grade(severity))} peribronchial thickening in both lungs, cuffs of ${sizeMm} mm.`,
    `The walls of the bronchi are thickened to ${sizeMm} mm on both sides.`,
    `Bronchial walls show ${grade(severity)} cuffing from the hila outwards.`,
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity))} peribronchial thickening, bronchitis.`,
    'Peribronchial thickening.',
    `Thickened bronchial walls, ${grade(severity)}.`,
  ],
  absences: ['No peribronchial thickening.', 'Bronchial walls are thin.'],
});
