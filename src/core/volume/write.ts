import { constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { writeFileAtomically } from '../storage/atomicFile';
import { hostIsLittleEndian } from './storedTypes';
import type { Affine } from './types';

const deflate = promisify(gzip);

/** What a NIfTI-1 file of ours holds. */
export interface VolumeContent {
  /** Number of voxels along i, j, k. */
  readonly shape: readonly [number, number, number];
  /** Distance between voxel centres along i, j, k in mm. */
  readonly spacingMm: readonly [number, number, number];
  /** Voxel index to world millimetres (RAS+), written as the sform. */
  readonly affine: Affine;
  /** Stored values, i fastest; HU = stored * slope + intercept. Float32 for what is no HU, such as maps. */
  readonly voxels: Int16Array | Float32Array;
  readonly slope?: number;
  readonly intercept?: number;
}

/** Voxels begin after the 348-byte header and the 4 bytes that say "no extensions". */
const dataOffset = 352;
/** NIFTI_TYPE_INT16 and NIFTI_TYPE_FLOAT32 with their bits per voxel (nifti1.h). */
const int16 = { code: 4, bits: 16 };
const float32 = { code: 16, bits: 32 };
/** NIFTI_UNITS_MM (nifti1.h). */
const millimetres = 2;
/** NIFTI_XFORM_SCANNER_ANAT (nifti1.h). */
const scannerSpace = 1;
/** Level 4 is about three times as fast as zlib's default on CT and 3 % larger. */
const gzipLevel = 4;

/** The bytes of an uncompressed little-endian NIfTI-1 file (field offsets: nifti1.h). */
export function encodeNifti(content: VolumeContent): Uint8Array {
  const { shape, spacingMm, affine, voxels, slope = 1, intercept = 0 } = content;
  if (shape[0] * shape[1] * shape[2] !== voxels.length) {
    throw new RangeError(`encodeNifti: ${voxels.length} voxels for shape ${shape.join(' x ')}`);
  }
  const bytes = new Uint8Array(dataOffset + voxels.byteLength);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  [3, ...shape, 1, 1, 1, 1].forEach((size, i) => {
    view.setInt16(40 + 2 * i, size, true);
  });
  const type = voxels instanceof Int16Array ? int16 : float32;
  view.setInt16(70, type.code, true);
  view.setInt16(72, type.bits, true);
  [1, ...spacingMm].forEach((step, i) => {
    view.setFloat32(76 + 4 * i, step, true);
  });
  view.setFloat32(108, dataOffset, true);
  view.setFloat32(112, slope, true);
  view.setFloat32(116, intercept, true);
  view.setUint8(123, millimetres);
  view.setInt16(254, scannerSpace, true);
  affine.slice(0, 3).forEach((row, r) => {
    row.forEach((value, c) => {
      view.setFloat32(280 + 16 * r + 4 * c, value, true);
    });
  });
  bytes.set(Buffer.from('n+1\0', 'latin1'), 344);
  copyLittleEndian(voxels, bytes.subarray(dataOffset));
  return bytes;
}

/** Writes a `.nii.gz` (or, by its name, a plain `.nii`) atomically. */
export async function writeVolume(path: string, content: VolumeContent): Promise<void> {
  const plain = encodeNifti(content);
  const bytes = path.endsWith('.gz')
    ? await deflate(plain, { level: gzipLevel, memLevel: constants.Z_MAX_MEMLEVEL })
    : plain;
  await writeFileAtomically(path, bytes);
}

/** Every machine Node runs VS Code on is little-endian; the swap keeps the file right elsewhere. */
function copyLittleEndian(voxels: Int16Array | Float32Array, target: Uint8Array): void {
  target.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength));
  if (!hostIsLittleEndian) {
    const bytes = Buffer.from(target.buffer, target.byteOffset, target.byteLength);
    if (voxels instanceof Int16Array) {
      bytes.swap16();
    } else {
      bytes.swap32();
    }
  }
}
