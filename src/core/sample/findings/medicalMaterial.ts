import { aorta } from '../anatomy/heart';
import { chestWallPoint, bodyRadii, ribCage } from '../anatomy/trunk';
import type { Patient } from '../patient';
import type { Paint, Phantom, Point } from '../phantom';
import { findingKind } from './kind';
import type { Site } from './kind';

const metal: Paint = { hu: 3000 };
const plastic: Paint = { hu: 1400 };

interface Device extends Site {
  /** As the subject of a sentence. */
  readonly subject: string;
  draw(phantom: Phantom, patient: Patient): void;
}

/** Under the skin of the front of the chest. */
function pocket(sign: -1 | 1, patient: Patient): Point {
  const outward = bodyRadii(patient)[1] - ribCage.radiusY - 4;
  return chestWallPoint(sign, 0.82, 66, Math.max(outward, 12));
}

const devices: readonly Device[] = [
  {
    words: 'pacemaker',
    subject: 'A cardiac pacemaker sits under the left collar bone, its leads',
    draw(phantom, patient) {
      const can = pocket(1, patient);
      phantom.ellipsoid(can, [24, 8, 26], metal);
      const vein: Point = [-30, -10, 80];
      phantom.tube([can, [36, -40, 100], vein, [-28, -12, 10], [10, -40, -60]], 2.2, 2.2, metal);
      phantom.tube([vein, [-24, -30, 0]], 2.2, 2.2, metal);
    },
  },
  {
    words: 'port catheter',
    subject: 'A port chamber lies on the right chest wall, its catheter',
    draw(phantom, patient) {
      const chamber = pocket(-1, patient);
      phantom.ellipsoid(chamber, [14, 8, 14], metal);
      phantom.tube([chamber, [-40, -40, 112], [-30, -10, 90], [-28, -13, 16]], 2.4, 2.4, plastic);
    },
  },
  {
    words: 'sternotomy wires',
    subject: 'Wire loops close the breastbone after sternotomy; a row of clips',
    draw(phantom) {
      for (let loop = 0; loop < 6; loop++) {
        const z = 75 - 24 * loop;
        phantom.tube(
          [
            [-17, -91, z],
            [0, -99, z + 3],
            [17, -91, z],
            [0, -84, z - 3],
            [-17, -91, z],
          ],
          2.4,
          2.4,
          metal,
        );
      }
      phantom.tube(
        [
          [-12, -60, 24],
          [24, -62, -20],
        ],
        1.8,
        1.8,
        metal,
      );
    },
  },
  {
    words: 'aortic stent graft',
    subject: 'A stent graft lines the descending aorta; its metal mesh',
    draw(phantom, patient) {
      for (let ring = 0; ring < 9; ring++) {
        const z = 36 - 14 * ring;
        const radius = patient.aortaRadiusMm;
        const loop = Array.from({ length: 13 }, (_, n): Point => {
          const turn = (n / 12) * 2 * Math.PI;
          const [x, y] = [aorta[5][0] - 0.1 * (36 - z), aorta[5][1]];
          return [x + radius * Math.cos(turn), y + radius * Math.sin(turn), z + (n % 2) * 6];
        });
        phantom.tube(loop, 2, 2, metal);
      }
    },
  },
];

export const medicalMaterial = findingKind({
  label: 'Medical material',
  region: 'devices',
  frequency: 1.1,
  changes: false,
  sites: devices,
  sizeMm: [1, 1],
  draw: ({ phantom, patient }, { site }) => {
    site.draw(phantom, patient);
  },
  sentences: ({ site }) => [
    `${site.subject} can be followed throughout.`,
    `${site.subject} keeps its proper course.`.replace('leads keeps', 'leads keep'),
    `Medical material: ${site.words}.`,
  ],
  conclusions: ({ site }) => [
    `Medical material in place (${site.words}).`,
    `Known ${site.words}.`,
    `Status after placement of ${site.words}.`,
  ],
  absences: ['No medical device is seen.', 'No implanted material.'],
});
