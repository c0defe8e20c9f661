import type { Patient } from '../patient';
import { boxAround, ellipsoidDistance, tissues } from '../phantom';
import type { Box, Phantom, Point } from '../phantom';
import { diaphragm, lungBox, sides, signOf, wallDistance } from './lungs';

/** Half axes of the rib cage seen from above, and its middle from front to back. */
export const ribCage = { radiusX: 123, radiusY: 87, y: 4 } as const;
const ribThickness = 9;

/** Half width and half depth of the body at the level of the chest, standard mm. */
export function bodyRadii(patient: Patient): readonly [number, number] {
  return [
    ribCage.radiusX + ribThickness + patient.muscleMm + patient.fatMm,
    ribCage.radiusY + ribThickness + 0.8 * patient.muscleMm + 0.75 * patient.fatMm,
  ];
}

/**
 * Signed distance (first order) to a column with rounded corners about the z axis that narrows
 * towards the neck.
 */
function columnDistance(x: number, y: number, z: number, radiusX: number, radiusY: number): number {
  const neck = z > 70 ? 1 - 0.28 * Math.min((z - 70) / 80, 1) ** 2 : 1;
  const u = x / (radiusX * neck);
  const v = (y - ribCage.y) / (radiusY * neck);
  const k = Math.sqrt(Math.max(u * u + v * v - 0.3 * u * u * v * v, 0));
  return (k - 1) * radiusY;
}

/** Fat under the skin, the muscles of the wall, and the fat inside the chest that organs lie in. */
export function drawBodyWall(phantom: Phantom, patient: Patient): void {
  const [radiusX, radiusY] = bodyRadii(patient);
  const muscleDepth = 0.75 * patient.fatMm;
  const muscle = (x: number, y: number, z: number): number =>
    columnDistance(x, y, z, radiusX, radiusY) + muscleDepth;
  const box = boxAround([0, ribCage.y, 0], [radiusX, radiusY, 400]);
  phantom.paint(box, (x, y, z) => columnDistance(x, y, z, radiusX, radiusY), {
    hu: -102,
    tissue: tissues.fat,
  });
  phantom.paint(box, muscle, { hu: 50, tissue: tissues.muscle });
}

/** Liver, spleen and the gas in the stomach under the diaphragm. */
export function drawAbdomen(phantom: Phantom): void {
  for (const side of sides) {
    const { low, high } = lungBox(side);
    phantom.paint(
      { low: [low[0], low[1], -200], high: [high[0], high[1], -45] },
      (x, y, z) => Math.max(wallDistance(side, x, y, z), z + 2 - diaphragm(side, x, y)),
      { hu: side === 'right' ? 58 : -70, tissue: tissues.abdomen },
    );
  }
  phantom.ellipsoid([74, 42, -104], [34, 30, 30], { hu: 50, tissue: tissues.abdomen });
  phantom.ellipsoid([48, -26, -112], [34, 34, 30], { hu: 30, tissue: tissues.abdomen });
  phantom.ellipsoid([48, -38, -104], [24, 18, 18], { hu: -940, tissue: tissues.abdomen });
  phantom.ellipsoid([10, -15, -125], [40, 40, 30], { hu: 56, tissue: tissues.abdomen });
}

/** The cavity's middle: fat between the lungs, with the oesophagus. */
export function drawMediastinum(phantom: Phantom): void {
  phantom.paint(
    { low: [-34, -84, -150], high: [34, 70, 150] },
    (x, y) => ellipsoidDistance(x, y + 6, 0, 27, 76, 1),
    { hu: -92, tissue: tissues.fat },
  );
  phantom.ellipsoid([0, -12, 120], [40, 45, 34], { hu: 45, tissue: tissues.muscle });
  phantom.tube(oesophagus, 7.5, 7.5, { hu: 34, tissue: tissues.muscle });
}

const oesophagus: readonly Point[] = [
  [2, 26, 150],
  [2, 36, 60],
  [4, 38, 0],
  [14, 32, -70],
];

const spineY = 66;
const firstVertebraZ = 138;
const vertebraPitch = 23.5;

/** Vertebrae with discs, ribs with cartilage, breastbone, collar bones and shoulder blades. */
export function drawSkeleton(phantom: Phantom, patient: Patient): void {
  drawSpine(phantom, patient.boneHu);
  for (const side of sides) {
    for (let rib = 0; rib < 10; rib++) {
      const path = ribPath(rib, signOf(side));
      const cartilage = Math.round(path.length * 0.8);
      phantom.tube(path.slice(0, cartilage), 5, 5, {
        hu: patient.boneHu + 260,
        tissue: tissues.bone,
      });
      phantom.tube(path.slice(cartilage - 1), 4.5, 4.5, { hu: 120, tissue: tissues.bone });
    }
    for (const { path, radius } of shoulder) {
      const ownSide = path.map(([x, y, z]): Point => [signOf(side) * x, y, z]);
      phantom.tube(ownSide, radius, radius, { hu: patient.boneHu + 200, tissue: tissues.bone });
    }
  }
  phantom.ellipsoid([0, -90, 15], [19, 7, 72], { hu: patient.boneHu + 180, tissue: tissues.bone });
  phantom.ellipsoid([0, -90, 15], [14, 3.5, 68], { hu: patient.boneHu, tissue: tissues.bone });
}

function drawSpine(phantom: Phantom, boneHu: number): void {
  for (let n = 0; n < 13; n++) {
    const z = firstVertebraZ - n * vertebraPitch;
    const radius = 14 + 0.45 * n;
    const body: Point = [0, spineY, z];
    phantom.ellipsoid([0, spineY, z - vertebraPitch / 2], [radius - 1, radius - 2, 6], {
      hu: 85,
      tissue: tissues.bone,
    });
    phantom.ellipsoid(body, [radius + 2, radius, 11.5], { hu: boneHu + 220, tissue: tissues.bone });
    phantom.ellipsoid(body, [radius - 1.5, radius - 3, 9], { hu: boneHu, tissue: tissues.bone });
    phantom.tube(
      [
        [-30, spineY + 26, z],
        [0, spineY + 22, z],
        [30, spineY + 26, z],
      ],
      5,
      5,
      {
        hu: boneHu + 180,
        tissue: tissues.bone,
      },
    );
    phantom.tube(
      [
        [0, spineY + 24, z],
        [0, spineY + 46, z - 14],
      ],
      5,
      4,
      {
        hu: boneHu + 180,
        tissue: tissues.bone,
      },
    );
  }
  phantom.tube(
    [
      [0, spineY + 19, 160],
      [0, spineY + 19, -160],
    ],
    7,
    7,
    {
      hu: 28,
      tissue: tissues.muscle,
    },
  );
}

/** A rib from the spine round the side to the front, falling as it goes. */
function ribPath(rib: number, sign: -1 | 1): Point[] {
  const startZ = 112 - 21.5 * rib;
  const width = Math.sqrt(Math.max(1 - (Math.max(startZ - 20, 0) / 118) ** 2, 0.12));
  return Array.from({ length: 15 }, (_, n) => {
    const turn = 0.12 * Math.PI + (n / 14) * 0.8 * Math.PI;
    return [
      sign * ribCage.radiusX * width * Math.sin(turn),
      ribCage.y + (ribCage.radiusY + 3) * (0.35 + 0.65 * width) * Math.cos(turn),
      startZ - 24 * (1 - Math.cos(turn)) * (0.6 + 0.4 * width),
    ];
  });
}

interface Bone {
  readonly radius: number;
  readonly path: readonly Point[];
}

function bone(radius: number, ...path: readonly Point[]): Bone {
  return { radius, path };
}

const shoulder: readonly Bone[] = [
  bone(6.5, [14, -84, 92], [60, -66, 106], [108, -30, 122]),
  bone(5, [78, 88, 112], [92, 98, 70], [98, 96, 24]),
  bone(5, [108, 62, 112], [112, 82, 72], [102, 96, 24]),
  bone(4, [92, 82, 116], [104, 88, 76], [100, 97, 30]),
];

/** A point on the inner chest wall, `turn` going from the spine (0) over the side (0.5) to the front (1). */
export function chestWallPoint(sign: -1 | 1, turn: number, z: number, outward: number): Point {
  const angle = turn * Math.PI;
  return [
    sign * (ribCage.radiusX + outward) * Math.sin(angle),
    ribCage.y + (ribCage.radiusY + outward) * Math.cos(angle),
    z,
  ];
}

/** The table under the patient: a curved shell around foam. */
export function drawCouch(phantom: Phantom, patient: Patient): void {
  const backY = ribCage.y + bodyRadii(patient)[1] + 3;
  const surface = (x: number): number => backY + 7 - 0.0007 * x * x;
  const width = (x: number): number => Math.abs(x) - 200;
  const box: Box = { low: [-200, backY - 40, -400], high: [200, backY + 50, 400] };
  const couch = { over: [tissues.outside] };
  phantom.paint(box, (x, y) => Math.max(Math.abs(y - surface(x)) - 2.5, width(x)), {
    hu: -250,
    ...couch,
  });
  phantom.paint(box, (x, y) => Math.max(Math.abs(y - surface(x) - 14) - 10, width(x)), {
    hu: -920,
    ...couch,
  });
}
