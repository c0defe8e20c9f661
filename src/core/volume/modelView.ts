import { voxelSpacing } from './affine';
import { axisCodes } from './orientation';
import { preprocessFile } from './preprocess';
import { clipRange, type PreprocessingProfile } from './profile';
import { readVolumeHeader } from './read';
import type { ReadOptions } from './read';
import { tensorGrid, type TensorGrid } from './tensorGrid';
import { unitSteps } from './tensorPlan';
import type { VolumeHeader } from './types';
import type { VoxelEncoding } from './voxelEncoding';
import type { VoxelPiece } from './voxelPieces';

/** What a model gets of a volume, as a volume of its own: shown in HU, where they are in the world. */
export interface ModelView {
  readonly header: VolumeHeader;
  readonly encoding: VoxelEncoding;
  /** All of it. */
  readonly piece: VoxelPiece;
}

/**
 * Prepares the volume at `path` as for a model and turns the tensor back into a volume along the
 * patient's axes.
 *
 * @throws UserError with a code `volume-…`; CancelledError
 */
export async function modelView(
  path: string,
  profile: PreprocessingProfile,
  options: ReadOptions,
): Promise<ModelView> {
  const header = await readVolumeHeader(path, options);
  const grid = tensorGrid(header, profile);
  const { data } = await preprocessFile(path, profile, Int16Array, options);
  const [low, high] = clipRange(profile);
  // Both kinds of profile map the clipped range linearly to [-1, 1].
  const encoding: VoxelEncoding = {
    type: 'int16',
    slope: (high - low) / 2 / unitSteps,
    intercept: (high + low) / 2,
  };
  const { shape } = grid;
  return {
    header: boxHeader(header, grid, encoding),
    encoding,
    piece: { first: 0, count: shape[2], voxels: alongGrid(data, grid) },
  };
}

/** The tensor's numbers with x fastest. */
function alongGrid(tensor: Int16Array, { shape, start, strides }: TensorGrid): Int16Array {
  const [nx, ny, nz] = shape;
  const voxels = new Int16Array(nx * ny * nz);
  let to = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let from = start + y * strides[1] + z * strides[2];
      for (let x = 0; x < nx; x++, from += strides[0]) {
        voxels[to++] = tensor[from];
      }
    }
  }
  return voxels;
}

function boxHeader(
  { format, littleEndian }: VolumeHeader,
  { shape, affine }: TensorGrid,
  { slope, intercept, type }: VoxelEncoding,
): VolumeHeader {
  return {
    format,
    littleEndian,
    shape,
    frames: 1,
    spacingMm: voxelSpacing(affine),
    affine,
    axcodes: axisCodes(affine),
    dtype: type,
    slope,
    intercept,
    dataOffset: 0,
  };
}
