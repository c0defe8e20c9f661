import { UserError } from '../errors';
import type { VolumeHeader } from './types';
import { hostIsLittleEndian, storedTypeNamed } from './storedTypes';
import type { StoredType } from './storedTypes';

/** Bytes converted at a time: small beside a volume, and a multiple of every voxel size. */
const blockBytes = 1 << 20;

const swapBytes: Readonly<Record<StoredType['bytes'], (bytes: Buffer) => void>> = {
  1: () => undefined,
  2: (bytes) => bytes.swap16(),
  4: (bytes) => bytes.swap32(),
  8: (bytes) => bytes.swap64(),
};

/**
 * Turns stored voxels into HU as their bytes arrive, so that the stored form of a volume is
 * never in memory as a whole. HU = stored * slope + intercept, computed in double precision.
 */
export class VoxelDecoder {
  readonly voxels: Float32Array;
  private readonly type: StoredType;
  private readonly block = new ArrayBuffer(blockBytes);
  private readonly blockView = Buffer.from(this.block);
  private filled = 0;
  private decoded = 0;

  /** @throws UserError `volume-memory` */
  constructor(private readonly header: VolumeHeader) {
    this.type = storedTypeNamed(header.dtype);
    this.voxels = allocate(header);
  }

  /** Takes the next bytes; those past the last voxel are left alone. Returns how many were taken. */
  push(bytes: Uint8Array): number {
    const take = Math.min(bytes.length, this.missingBytes);
    let from = 0;
    while (from < take) {
      const count = Math.min(take - from, blockBytes - this.filled);
      this.blockView.set(bytes.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
      if (this.filled === blockBytes || this.missingBytes === 0) {
        this.decodeBlock();
      }
    }
    return take;
  }

  /** How many bytes are still to come before the volume is complete. */
  get missingBytes(): number {
    return (this.voxels.length - this.decoded) * this.type.bytes - this.filled;
  }

  private decodeBlock(): void {
    const { slope, intercept, littleEndian } = this.header;
    if (littleEndian !== hostIsLittleEndian) {
      swapBytes[this.type.bytes](this.blockView.subarray(0, this.filled));
    }
    const count = this.filled / this.type.bytes;
    const stored = this.type.view(this.block, count);
    const target = this.voxels.subarray(this.decoded, this.decoded + count);
    if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
      for (let i = 0; i < count; i++) {
        target[i] = Number(stored[i]) * slope + intercept;
      }
    } else if (slope === 1 && intercept === 0) {
      target.set(stored);
    } else {
      for (let i = 0; i < count; i++) {
        target[i] = stored[i] * slope + intercept;
      }
    }
    this.decoded += count;
    this.filled = 0;
  }
}

function allocate({ shape: [columns, rows, slices] }: VolumeHeader): Float32Array {
  const voxels = columns * rows * slices;
  try {
    return new Float32Array(voxels);
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    const gigabytes = ((voxels * Float32Array.BYTES_PER_ELEMENT) / 2 ** 30).toFixed(1);
    throw new UserError(
      'volume-memory',
      `There is no memory for the ${columns} x ${rows} x ${slices} voxels of the volume (${gigabytes} GB).`,
      'Close other volumes or programs, or cut the volume to the chest.',
      error,
    );
  }
}
