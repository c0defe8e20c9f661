import { voxelSpacing } from '../../../src/core/volume/affine';
import type { Affine, Volume, VolumeHeader } from '../../../src/core/volume/types';
import { axisCodes } from '../../../src/core/volume/orientation';

/** A volume in memory for tests; its axes point to the left, the back and the head (LPS). */
export function phantom(
  shape: readonly [number, number, number],
  hu: (x: number, y: number, z: number) => number,
  spacingMm: readonly [number, number, number] = [1, 1, 1],
): Volume {
  const [nx, ny, nz] = shape;
  const [dx, dy, dz] = spacingMm;
  const affine = [
    [-dx, 0, 0, 10],
    [0, -dy, 0, 20],
    [0, 0, dz, -30],
    [0, 0, 0, 1],
  ];
  const voxels = Float32Array.from({ length: nx * ny * nz }, (_, at) =>
    hu(at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))),
  );
  return {
    header: {
      format: 'nifti1',
      littleEndian: true,
      shape,
      frames: 1,
      spacingMm,
      affine,
      axcodes: axisCodes(affine),
      dtype: 'int16',
      slope: 1,
      intercept: 0,
      dataOffset: 352,
    },
    voxels,
    huSource: 'stored',
  };
}

/** A header of this affine; what a file says besides is plain. */
export function headerOf(shape: VolumeHeader['shape'], affine: Affine): VolumeHeader {
  const { header } = phantom([1, 1, 1], () => 0);
  return { ...header, shape, affine, axcodes: axisCodes(affine), spacingMm: voxelSpacing(affine) };
}

const opposite: Readonly<Record<string, string>> = { L: 'R', P: 'A', S: 'I' };

/** Every orientation there is: 6 orders of the axes, each forwards or backwards. */
export const allAxisCodes: readonly string[] = ['LPS', 'LSP', 'PLS', 'PSL', 'SLP', 'SPL'].flatMap(
  (order) =>
    Array.from({ length: 8 }, (_, flips) =>
      Array.from(order, (letter, axis) => ((flips >> axis) & 1 ? opposite[letter] : letter)).join(
        '',
      ),
    ),
);
