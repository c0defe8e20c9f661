/** A volume that shows which way round it is drawn. */
import { writeVolume, type VolumeContent } from '../../../src/core/volume/write';

const shape = [60, 50, 40] as const;
const spacingMm = [2, 2, 4] as const;

/**
 * A body of water with two lungs, a spine at the back and a marker of metal at the patient's left,
 * in front, near the head; stored in RAS, so that display has to turn two axes round.
 */
function phantomVoxels(): Int16Array {
  const voxels = new Int16Array(shape[0] * shape[1] * shape[2]);
  const isIn = (value: number, low: number, high: number): boolean => value >= low && value < high;
  let at = 0;
  for (let k = 0; k < shape[2]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[0]; i++) {
        const isLung = isIn(k, 8, 32) && isIn(j, 15, 38) && (isIn(i, 8, 25) || isIn(i, 35, 52));
        const isSpine = isIn(j, 4, 12) && isIn(i, 25, 35);
        const isMarker = isIn(k, 33, 38) && isIn(j, 40, 48) && isIn(i, 4, 12);
        voxels[at++] = isMarker ? 3000 : isSpine ? 900 : isLung ? -870 : 40;
      }
    }
  }
  return voxels;
}

/** It as a volume of 120 x 100 x 160 mm. */
export function phantomVolume(): VolumeContent & { readonly voxels: Int16Array } {
  return {
    shape,
    spacingMm,
    // i to the right: the low i of the marker is the patient's left.
    affine: [
      [2, 0, 0, -60],
      [0, 2, 0, -50],
      [0, 0, 4, -80],
      [0, 0, 0, 1],
    ],
    voxels: phantomVoxels(),
  };
}

/** Writes it as a NIfTI file. */
export async function writePhantom(path: string): Promise<void> {
  await writeVolume(path, phantomVolume());
}
