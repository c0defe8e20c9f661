import { Random } from '../../src/core/random';
import { writeVolume } from '../../src/core/volume/write';

/** A thin-slice chest CT as scanners give it: 512 x 512 x 320 voxels of 0.8 x 0.8 x 1.25 mm. */
export const scan = {
  shape: [512, 512, 320],
  spacingMm: [0.8, 0.8, 1.25],
} as const;

/** Standard deviation of the noise, HU: with it the file compresses about as far as a real scan (2 to 3 : 1). */
const usualNoiseHu = 12;
const noiseTile = 1 << 20;

export interface ScanOptions {
  readonly noiseHu?: number;
  /** Whether the corners outside the round field of view are empty and air ends at -1024 HU. */
  readonly isRound?: boolean;
}

/** Where a point is, as shares of the half axes: x to the left, y to the back, z to the head, -1 to 1. */
type Shape = (x: number, y: number, z: number) => boolean;

const ellipsoid =
  (cx: number, cy: number, cz: number, rx: number, ry: number, rz: number): Shape =>
  (x, y, z) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2 < 1;

/** Painted in this order, later over earlier. */
const anatomy: readonly { readonly hu: number; readonly inside: Shape }[] = [
  { hu: -90, inside: ellipsoid(0, 0, 0, 0.85, 0.62, 9) },
  { hu: 50, inside: ellipsoid(0, 0, 0, 0.78, 0.55, 9) },
  { hu: -850, inside: ellipsoid(-0.38, 0, 0.1, 0.3, 0.42, 0.95) },
  { hu: -850, inside: ellipsoid(0.38, 0, 0.1, 0.3, 0.42, 0.95) },
  { hu: 40, inside: ellipsoid(0.12, -0.12, -0.2, 0.28, 0.25, 0.4) },
  { hu: 400, inside: ellipsoid(0, 0.42, 0, 0.08, 0.08, 9) },
];

/** Writes the scan, the same on every machine, as `path` (.nii.gz). */
export async function writeScan(
  path: string,
  { noiseHu = usualNoiseHu, isRound = true }: ScanOptions = {},
): Promise<void> {
  const [ni, nj, nk] = scan.shape;
  const lowest = isRound ? -1024 : -2048;
  const random = Random.fromSeed(1, 'bench scan');
  const noise = Float32Array.from({ length: noiseTile }, () => noiseHu * random.normal());
  const voxels = new Int16Array(ni * nj * nk);
  for (let k = 0, at = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const grain = random.index(noiseTile - ni);
      for (let i = 0; i < ni; i++, at++) {
        const hu = tissue((2 * i) / ni - 1, (2 * j) / nj - 1, (2 * k) / nk - 1, isRound);
        voxels[at] = Math.max(lowest, hu + noise[grain + i]);
      }
    }
  }
  const [dx, dy, dz] = scan.spacingMm;
  const affine = [
    [-dx, 0, 0, 0],
    [0, -dy, 0, 0],
    [0, 0, dz, 0],
    [0, 0, 0, 1],
  ];
  await writeVolume(path, { shape: scan.shape, spacingMm: scan.spacingMm, affine, voxels });
}

/** HU at a point: the lowest value outside a round field of view, air about the body, then what lies there. */
function tissue(x: number, y: number, z: number, isRound: boolean): number {
  if (isRound && x * x + y * y > 1) {
    return -1024;
  }
  let hu = -1000;
  for (const part of anatomy) {
    if (part.inside(x, y, z)) {
      hu = part.hu;
    }
  }
  return hu;
}
