import type { Patient } from '../patient';
import { boxAround, ellipsoidDistance, mix, tissues } from '../phantom';
import type { Phantom, Point } from '../phantom';
import { lobeNames, lobes } from './lungs';

const heart = {
  centre: [20, -24, -38] as Point,
  radii: [58, 42, 46] as Point,
  /** The long axis points to the left and front. */
  tilt: (33 * Math.PI) / 180,
} as const;

/** Signed distance to the heart of a patient, enlarged by `marginMm`. */
function heartDistance(
  patient: Patient,
  marginMm: number,
): (x: number, y: number, z: number) => number {
  const [rx, ry, rz] = heart.radii.map((radius) => radius * patient.heartScale + marginMm);
  const [cx, cy, cz] = heartCentre(patient);
  const [cos, sin] = [Math.cos(heart.tilt), Math.sin(heart.tilt)];
  return (x, y, z) => {
    const [dx, dy] = [x - cx, y - cy];
    return ellipsoidDistance(cos * dx - sin * dy, sin * dx + cos * dy, z - cz, rx, ry, rz);
  };
}

/** A large heart lies further to the left; it rests on the diaphragm. */
function heartCentre(patient: Patient): Point {
  const grown = patient.heartScale - 1;
  return [heart.centre[0] + 22 * grown, heart.centre[1] + 4 * grown, heart.centre[2] + 8 * grown];
}

/** A point on the heart's surface; `turn` about z and `rise` over the equator in radians. */
export function heartSurface(patient: Patient, turn: number, rise: number): Point {
  const [cx, cy, cz] = heartCentre(patient);
  const [rx, ry, rz] = heart.radii.map((radius) => radius * patient.heartScale);
  const [u, v] = [rx * Math.cos(rise) * Math.cos(turn), ry * Math.cos(rise) * Math.sin(turn)];
  const [cos, sin] = [Math.cos(heart.tilt), Math.sin(heart.tilt)];
  return [cx + cos * u + sin * v, cy - sin * u + cos * v, cz + rz * Math.sin(rise)];
}

/** Fluid where there is any, the fat on the heart, muscle and blood. */
export function drawHeart(phantom: Phantom, patient: Patient): void {
  const fluid = patient.pericardialFluidMm;
  const reach = Math.max(...heart.radii) * patient.heartScale + fluid + 5;
  const box = boxAround(heartCentre(patient), [reach, reach, reach]);
  if (fluid > 0) {
    phantom.paint(box, heartDistance(patient, fluid + 3), { hu: 8, tissue: tissues.heart });
  }
  phantom.paint(box, heartDistance(patient, 2), { hu: -70, tissue: tissues.heart });
  phantom.paint(box, heartDistance(patient, -1), { hu: 44, tissue: tissues.heart });
}

/** The aorta from the heart over the arch down to the abdomen. */
export const aorta: readonly Point[] = [
  [-4, -22, 0],
  [-20, -24, 24],
  [-10, -10, 48],
  [12, 14, 54],
  [25, 36, 42],
  [25, 46, 0],
  [18, 46, -60],
  [8, 44, -150],
];

const vessels: readonly { path: readonly Point[]; radii: readonly [number, number] }[] = [
  {
    path: [
      [-30, -12, 92],
      [-30, -14, 40],
      [-26, -12, 0],
    ],
    radii: [8, 9],
  },
  {
    path: [
      [14, -24, 4],
      [10, -6, 22],
    ],
    radii: [13, 12],
  },
  {
    path: [
      [10, -6, 22],
      [26, 10, 24],
      [46, 16, 14],
    ],
    radii: [10, 6],
  },
  {
    path: [
      [10, -6, 22],
      [-14, 4, 20],
      [-42, 14, 12],
    ],
    radii: [10, 6],
  },
  {
    path: [
      [-14, -12, 50],
      [-24, -8, 96],
      [-28, 0, 150],
    ],
    radii: [6, 5],
  },
  {
    path: [
      [0, -2, 54],
      [8, 2, 100],
      [14, 8, 150],
    ],
    radii: [5, 4],
  },
  {
    path: [
      [12, 12, 56],
      [22, 14, 92],
      [48, 14, 118],
    ],
    radii: [5, 4],
  },
  {
    path: [
      [40, 22, -18],
      [0, 20, -16],
      [-38, 22, -18],
    ],
    radii: [8, 8],
  },
];

/** Aorta, its branches, the great veins and the pulmonary arteries. */
export function drawGreatVessels(phantom: Phantom, patient: Patient): void {
  const blood = { hu: 46, tissue: tissues.vessel };
  phantom.tube(aorta, patient.aortaRadiusMm + 1, patient.aortaRadiusMm - 2, blood);
  for (const { path, radii } of vessels) {
    phantom.tube(path, ...radii, blood);
  }
}

const carina: Point = [0, 14, 34];

/** Centre lines of the trachea and the bronchi to the lobes, with the radius of the air in them. */
export const airways: readonly { path: readonly Point[]; radii: readonly [number, number] }[] = [
  { path: [[0, 8, 150], carina], radii: [8.5, 8] },
  { path: [carina, [-36, 16, 14]], radii: [6.5, 6] },
  { path: [carina, [40, 17, 10]], radii: [6, 5.5] },
  ...lobeNames.map((lobe) => {
    const { side, centre } = lobes[lobe];
    const hilar: Point = side === 'right' ? [-36, 16, 14] : [40, 17, 10];
    return { path: [hilar, mix(hilar, centre, 0.65)], radii: [4, 2.5] as const };
  }),
];

export function drawAirways(phantom: Phantom): void {
  for (const { path, radii } of airways) {
    phantom.tube(path, radii[0] + 1.8, radii[1] + 1.2, { hu: 10 });
    phantom.tube(path, ...radii, { hu: -985, tissue: tissues.airway });
  }
}
