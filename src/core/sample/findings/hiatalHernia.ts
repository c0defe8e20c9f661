import { tissues } from '../phantom';
import type { Point } from '../phantom';
import { capital, findingKind, grade } from './kind';
import { onlySite } from './sites';

const sizes = ['small', 'moderate', 'large'] as const;

/** Stomach behind the heart: a wall, fluid, and gas floating in front of it. */
export const hiatalHernia = findingKind({
  label: 'Hiatal hernia',
  region: 'oesophagus',
  frequency: 0.8,
  fromAge: 35,
  changes: false,
  sites: onlySite,
  sizeMm: [48, 92],
  draw({ phantom }, { sizeMm }) {
    const radius = phantom.standardMm(sizeMm) / 2;
    const centre: Point = [8, 30, -74 + 0.35 * radius];
    const over = [
      tissues.rightLung,
      tissues.leftLung,
      tissues.fat,
      tissues.muscle,
      tissues.heart,
      tissues.abdomen,
      tissues.lesion,
    ];
    const [x, y, z] = centre;
    phantom.ellipsoid(centre, [radius, 0.8 * radius, radius], {
      hu: 42,
      over,
      tissue: tissues.lesion,
    });
    const inside: Point = [0.86 * radius, 0.66 * radius, 0.86 * radius];
    phantom.ellipsoid(centre, inside, { hu: 12, over });
    phantom.ellipsoid([x, y - 0.12 * radius, z], [inside[0] - 1, inside[1] * 0.8, inside[2] - 1], {
      hu: -930,
      over,
    });
  },
  sentences: ({ severity, sizeMm }) => [
    `A ${grade(severity, sizes)} hiatal hernia with an air-fluid level lies behind the heart, ${sizeMm} mm.`,
    `Part of the stomach has slid through the hiatus into the chest (${sizeMm} mm).`,
    `${capital(grade(severity, sizes))} sliding hiatal hernia, width ${sizeMm} mm.`,
  ],
  conclusions: ({ severity }) => [
    `${capital(grade(severity, sizes))} hiatal hernia.`,
    'Hiatal hernia.',
    `Hiatal hernia, ${grade(severity, sizes)}.`,
  ],
  absences: ['No hiatal hernia.', 'The stomach lies below the diaphragm.'],
});
