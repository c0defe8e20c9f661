import { mostPackedBytes, unpackPiece, type CodedPiece } from './voxelCodec';
import type { EncodedVoxels } from './voxelEncoding';
import type { VoxelPiece } from './voxelPieces';

/*
 * Pieces of a volume as a stream of bytes: of each its first slice, how many slices it has, how many
 * bytes follow and whether they are packed (32 bits each, little-endian), then its voxels, as
 * voxelCodec.ts packs them or as they are, in the machine's byte order.
 */

/** What a stream of them is called where it is fetched. */
export const framesType = 'application/x-ct-mcqa-voxels';

const headBytes = 16;

/** A piece as bytes: its head, and its voxels, which are not copied. */
export function frameOf({ first, count, voxels }: CodedPiece): readonly [Uint8Array, Uint8Array] {
  const isPacked = 'words' in voxels;
  const { buffer, byteOffset, byteLength } = isPacked ? voxels.words : voxels;
  const head = new DataView(new ArrayBuffer(headBytes));
  [first, count, byteLength, Number(isPacked)].forEach((value, i) => {
    head.setUint32(4 * i, value, true);
  });
  return [new Uint8Array(head.buffer), new Uint8Array(buffer, byteOffset, byteLength)];
}

/** Slices that are there in full. */
export type FramedSlices = Pick<VoxelPiece, 'first' | 'count'>;

/** Puts frames, however their bytes are cut, where the voxels belong. */
export class FrameReader {
  private readonly head = new Uint8Array(headBytes);
  private headFilled = 0;
  /** The frame under way: its slices, where its bytes go, and how many of them are there. */
  private slices: FramedSlices = { first: 0, count: 0 };
  private room: Uint8Array = new Uint8Array();
  private isPacked = false;
  private filled = 0;

  /** `voxels` has room for the whole volume, `sliceVoxels` to a slice. */
  constructor(
    private readonly voxels: EncodedVoxels,
    private readonly sliceVoxels: number,
    private readonly onSlices: (slices: FramedSlices) => void,
  ) {}

  /** Whether what was pushed ends where a frame does. */
  get isBetweenFrames(): boolean {
    return this.headFilled === 0;
  }

  /** @throws RangeError where the bytes are not frames of this volume */
  push(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      const taken = this.headFilled < headBytes ? this.takeHead(rest) : this.takeVoxels(rest);
      rest = rest.subarray(taken);
    }
  }

  private takeHead(bytes: Uint8Array): number {
    const part = bytes.subarray(0, headBytes - this.headFilled);
    this.head.set(part, this.headFilled);
    this.headFilled += part.length;
    if (this.headFilled === headBytes) {
      const view = new DataView(this.head.buffer);
      const [first, count, length, packed] = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
      this.begin({ first, count }, length, packed === 1);
    }
    return part.length;
  }

  private begin({ first, count }: FramedSlices, length: number, isPacked: boolean): void {
    const { voxels, sliceVoxels } = this;
    const sliceBytes = sliceVoxels * voxels.BYTES_PER_ELEMENT;
    const hasPlace = count > 0 && (first + count) * sliceVoxels <= voxels.length;
    const isFilled = isPacked
      ? length > 0 && length % 4 === 0 && length <= mostPackedBytes(count * sliceVoxels)
      : length === count * sliceBytes;
    if (!hasPlace || !isFilled) {
      throw new RangeError(`No piece of this volume: ${count} slices in ${length} bytes.`);
    }
    this.slices = { first, count };
    this.isPacked = isPacked;
    this.filled = 0;
    this.room = isPacked
      ? new Uint8Array(length)
      : new Uint8Array(voxels.buffer, voxels.byteOffset + first * sliceBytes, length);
  }

  private takeVoxels(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.room.length - this.filled);
    this.room.set(part, this.filled);
    this.filled += part.length;
    if (this.filled === this.room.length) {
      this.end();
    }
    return part.length;
  }

  private end(): void {
    const { slices, sliceVoxels, room } = this;
    if (this.isPacked) {
      const packed = { length: slices.count * sliceVoxels, words: new Int32Array(room.buffer) };
      unpackPiece({ ...slices, voxels: packed }, this.voxels, slices.first * sliceVoxels);
    }
    this.headFilled = 0;
    this.onSlices(slices);
  }
}
