/** A volume of 4 GB, written in seconds: 32 different slices, each for 64 in a row. */
import { open, type FileHandle } from 'node:fs/promises';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { encodeNifti } from '../../src/core/volume/write';
import { described, made, type BenchVolume } from './volumes';

const shape = [1024, 1024, 2048] as const;
const [columns, rows, slices] = shape;
const spacingMm = [0.4, 0.4, 0.3] as const;
const sameSlices = 64;
const headerBytes = 352;
export const largeBytes = 2 * columns * rows * slices;

export async function largeVolume(name: 'large.nii' | 'large.nii.gz'): Promise<BenchVolume> {
  const write = name.endsWith('.gz') ? writeCompressed : writePlain;
  const path = await made(name, async (part) => {
    const file = await open(part, 'w');
    try {
      await write(file);
    } finally {
      await file.close();
    }
  });
  return described(path, shape);
}

/** HU: a round body in air whose density rises to the head, darker to the patient's right. */
export function largeHu(column: number, row: number, slice: number): number {
  const across = (2 * column) / columns - 1;
  const down = (2 * row) / rows - 1;
  const isBody = across * across + down * down < 0.7;
  return isBody ? Math.floor(slice / sameSlices) * 20 + (column >> 3) - 900 : -1000;
}

function sliceBytes(slice: number): Uint8Array {
  const voxels = new Int16Array(columns * rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      voxels[at] = largeHu(column, row, slice);
    }
  }
  return new Uint8Array(voxels.buffer);
}

/** Of a volume of a single voxel, with the true shape put in. */
function header(): Uint8Array {
  const [dx, dy, dz] = spacingMm;
  const affine = [
    [-dx, 0, 0, 0],
    [0, -dy, 0, 0],
    [0, 0, dz, 0],
    [0, 0, 0, 1],
  ];
  const one = { shape: [1, 1, 1], spacingMm, affine, voxels: new Int16Array(1) } as const;
  const bytes = encodeNifti(one).slice(0, headerBytes);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => {
    // dim[1] to dim[3] of nifti1.h.
    view.setInt16(42 + 2 * axis, size, true);
  });
  return bytes;
}

async function writePlain(file: FileHandle): Promise<void> {
  await file.write(header());
  for (let slice = 0; slice < slices; slice += sameSlices) {
    const bytes = sliceBytes(slice);
    for (let n = 0; n < sameSlices; n++) {
      await file.write(bytes);
    }
  }
}

/**
 * One gzip member whose deflated pieces each end on a byte and refer to nothing before them, so that
 * the piece of a slice is deflated once and written as often as the slice comes (RFC 1951, 1952).
 */
async function writeCompressed(file: FileHandle): Promise<void> {
  const piece = (bytes: Uint8Array): Uint8Array =>
    deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH });
  await file.write(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255));
  const head = header();
  await file.write(piece(head));
  let sum = crc32(head);
  for (let slice = 0; slice < slices; slice += sameSlices) {
    const bytes = sliceBytes(slice);
    const deflated = piece(bytes);
    for (let n = 0; n < sameSlices; n++) {
      await file.write(deflated);
      sum = crc32(bytes, sum);
    }
  }
  await file.write(deflateRawSync(new Uint8Array(0)));
  const trailer = new DataView(new ArrayBuffer(8));
  trailer.setUint32(0, sum, true);
  // The length modulo 2^32.
  trailer.setUint32(4, (headerBytes + largeBytes) % 2 ** 32, true);
  await file.write(new Uint8Array(trailer.buffer));
}
