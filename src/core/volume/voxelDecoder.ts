import { UserError } from '../errors';
import { sentence } from '../sentence';
import type { VolumeHeader } from './types';
import { hostIsLittleEndian, storedTypeNamed } from './storedTypes';
import type { StoredType } from './storedTypes';

/** Bytes converted at a time: small beside a volume, and a multiple of every voxel size. */
const blockBytes = 1 << 20;

/** Turns the byte order of voxels of a size round, in place. */
export const swapBytes: Readonly<Record<StoredType['bytes'], (bytes: Buffer) => void>> = {
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
  private readonly type: StoredType;
  private readonly block: ArrayBuffer;
  private readonly blockView: Buffer;
  private filled = 0;
  private decoded = 0;

  private readonly table: Float32Array | undefined;

  /**
   * @param target where the first voxels go; see {@link begin}
   * @param valueOf what to make of each HU; without it HU are decoded as they are
   */
  constructor(
    private readonly header: VolumeHeader,
    private target: Float32Array,
    private readonly valueOf?: (hu: number) => number,
  ) {
    this.type = storedTypeNamed(header.dtype);
    this.block = new ArrayBuffer(Math.min(blockBytes, target.length * this.type.bytes));
    this.blockView = Buffer.from(this.block);
    this.table = valueOf && valueTable(header, this.type, valueOf);
  }

  /** Puts the voxels that follow into `target` from its beginning on, once the last one is full. */
  begin(target: Float32Array): void {
    this.target = target;
    this.decoded = 0;
  }

  /** Takes the next bytes, until the target is full. Returns how many were taken. */
  push(bytes: Uint8Array): number {
    const take = Math.min(bytes.length, this.missingBytes);
    let from = 0;
    while (from < take) {
      const count = Math.min(take - from, this.block.byteLength - this.filled);
      this.blockView.set(bytes.subarray(from, from + count), this.filled);
      this.filled += count;
      from += count;
      if (this.filled === this.block.byteLength || this.missingBytes === 0) {
        this.decodeBlock();
      }
    }
    return take;
  }

  /** How many bytes are still to come before the target is full. */
  get missingBytes(): number {
    return (this.target.length - this.decoded) * this.type.bytes - this.filled;
  }

  private decodeBlock(): void {
    const { slope, intercept, littleEndian } = this.header;
    if (littleEndian !== hostIsLittleEndian) {
      swapBytes[this.type.bytes](this.blockView.subarray(0, this.filled));
    }
    const count = this.filled / this.type.bytes;
    const stored = this.type.view(this.block, count);
    const target = this.target.subarray(this.decoded, this.decoded + count);
    const { table, valueOf } = this;
    if (stored instanceof BigInt64Array || stored instanceof BigUint64Array) {
      for (let i = 0; i < count; i++) {
        target[i] = Number(stored[i]) * slope + intercept;
      }
    } else if (table !== undefined) {
      for (let i = 0; i < count; i++) {
        target[i] = table[stored[i] & 0xffff];
      }
    } else if (slope === 1 && intercept === 0) {
      target.set(stored);
    } else {
      for (let i = 0; i < count; i++) {
        target[i] = stored[i] * slope + intercept;
      }
    }
    if (table === undefined && valueOf !== undefined) {
      for (let i = 0; i < count; i++) {
        target[i] = valueOf(target[i]);
      }
    }
    this.decoded += count;
    this.filled = 0;
  }
}

/**
 * The value of every voxel that a type of at most 16 bits can store, by its lowest 16 bits: to look
 * a value up is several times as fast as to scale and clip it. Undefined for larger types.
 */
function valueTable(
  { slope, intercept }: VolumeHeader,
  type: StoredType,
  valueOf: (hu: number) => number,
): Float32Array | undefined {
  if (type.bytes > 2) {
    return undefined;
  }
  const bits = Uint16Array.from({ length: 0x10000 }, (_, at) => at);
  const table = new Float32Array(bits.length);
  for (const stored of type.view(bits.buffer, bits.byteLength / type.bytes)) {
    table[Number(stored) & 0xffff] = valueOf(Number(stored) * slope + intercept);
  }
  return table;
}

/** Room for all voxels of a frame. @throws UserError `volume-memory` */
export function allocateVoxels({ shape: [columns, rows, slices] }: VolumeHeader): Float32Array {
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
      sentence`There is no memory for the ${columns} x ${rows} x ${slices} voxels of the volume (${gigabytes} GB).`,
      'Close other volumes or programs, or cut the volume to the chest.',
      error,
    );
  }
}
